# Works on a bare Debian or Ubuntu: every target first installs what it needs and says so.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Probes need root; sudo has a PATH of its own.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo env PATH="$(PATH)" HOME="$(HOME)")

.PHONY: help setup demo test check cluster cluster-down images kind-load bench clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what tracejob needs here (Node 24 from npm, clang, libbpf; mounts tracefs)
	@scripts/setup.sh

demo: setup ## Trace this machine's file opens for five seconds (needs root)
	@scripts/demo.sh

test: ## Check and test everything: unit, on this kernel, a control plane and a real node (need root), on four kernels in QEMU
	@scripts/setup.sh test
	npm run check
	$(AS_ROOT) npm test -- --project kernel --project control --project nodes --project matrix

check: setup ## Types, style, generated files and unit tests; needs no root
	npm run check

NODES = 3

cluster: ## Start a Kubernetes control plane in the background, with NODES=3 fake nodes (needs root)
	@scripts/setup.sh cluster
	@$(AS_ROOT) node test/cluster/main.ts up --nodes $(NODES)

cluster-down: ## Take it down without a trace
	@$(AS_ROOT) node test/cluster/main.ts down

VERSION := $(shell sed -n 's/^appVersion: //p' charts/tracejob/Chart.yaml)
REVISION := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)
# Or podman, or `buildah bud` by another name.
DOCKER ?= docker
KIND_CLUSTER ?= kind

images: ## Build both images, tagged as the chart asks for them (needs Docker, or DOCKER=podman)
	for target in operator agent; do \
		$(DOCKER) build --target $$target --tag tracejob/tracejob-$$target:$(VERSION) \
			--build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) . || exit 1; \
	done

kind-load: images ## Put the images into a kind cluster (KIND_CLUSTER=NAME)
	kind load docker-image --name $(KIND_CLUSTER) tracejob/tracejob-operator:$(VERSION) tracejob/tracejob-agent:$(VERSION)

bench: ## Measure against bpftrace, BCC and a reader in C (needs root)
	@scripts/setup.sh bench
	$(AS_ROOT) npm run bench

clean: ## Remove what was installed or made here, in ~/.cache/tracejob and /var/cache/tracejob
	rm -rf node_modules test/bench/out "$(HOME)/.cache/tracejob" /var/cache/tracejob
