# Two images of one file: `--target operator` and `--target agent`. Each begins from nothing and holds the files its
# program opens: Node, its shared libraries, one bundle; the agent clang, libbpf and the C besides.
# For another machine: `docker buildx build --platform linux/amd64,linux/arm64`. Nothing here names an architecture.
ARG BASE=node:24.21.0-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66

FROM ${BASE} AS packages
WORKDIR /src
COPY package.json package-lock.json ./
COPY crds/package.json crds/
COPY kube/package.json kube/
COPY operator/package.json operator/
COPY agent/package.json agent/
COPY cli/package.json cli/tracejob cli/
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM packages AS bundles
COPY . .
RUN node scripts/bundle.ts /bundles

FROM ${BASE} AS tools
RUN apt-get update -q \
	&& DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends clang-19 libbpf1 libbpf-dev \
	&& rm -rf /var/lib/apt/lists/*

FROM ${BASE} AS operator-files
COPY images/ /images/
COPY --from=bundles /bundles/operator/ /out/opt/tracejob/operator/
RUN /images/collect.sh /out /usr/local/bin/node \
	&& node /images/bill-of-materials.ts /out tracejob-operator /out/opt/tracejob/operator/packages.json

FROM tools AS agent-files
COPY images/ /images/
COPY --from=packages /src/node_modules/koffi/ /modules/koffi/
COPY --from=packages /src/node_modules/@koromix/ /modules/@koromix/
COPY --from=bundles /bundles/agent/ /out/opt/tracejob/agent/
COPY --from=bundles /bundles/cli/ /out/opt/tracejob/cli/
COPY bpf/ /out/opt/tracejob/bpf/
RUN /images/collect.sh /out /usr/local/bin/node /usr/bin/clang-19 /usr/lib/*/libbpf.so.1 /usr/include/bpf \
	&& /images/koffi.sh /modules /out/opt/tracejob/node_modules \
	&& node /images/bill-of-materials.ts /out tracejob-agent /out/opt/tracejob/agent/packages.json /out/opt/tracejob/cli/packages.json
# The C is compiled here once with the compiler that ships, so that a node begins without waiting for it.
COPY --from=bundles /bundles/precompile/main.js /out/opt/tracejob/precompile/
RUN TRACEJOB_CLANG=/usr/bin/clang-19 node /out/opt/tracejob/precompile/main.js /out/opt/tracejob \
	&& rm -r /out/opt/tracejob/precompile

FROM scratch AS operator
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="tracejob-operator" \
	org.opencontainers.image.description="Turns TraceJobs into agents on nodes, and their reports into one status." \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}"
COPY --from=operator-files /out/ /
ENV NODE_ENV=production TRACEJOB_VERSION=${VERSION}
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "/opt/tracejob/operator/main.js"]

FROM scratch AS agent
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="tracejob-agent" \
	org.opencontainers.image.description="Traces file opens on one node by eBPF, and says where every one of them went." \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}"
COPY --from=agent-files /out/ /
# Small heaps for a process that runs on every node; see cli/tracejob.
ENV NODE_ENV=production TRACEJOB_VERSION=${VERSION} \
	TRACEJOB_CLANG=/usr/bin/clang-19 MALLOC_ARENA_MAX=1 PATH=/usr/local/bin:/usr/bin:/bin
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=1", "/opt/tracejob/agent/main.js"]
