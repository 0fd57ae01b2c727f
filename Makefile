# Works on a bare Debian or Ubuntu: every target first installs what it needs and says so.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# Probes need root; sudo has a PATH of its own.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo env PATH="$(PATH)" HOME="$(HOME)")

.PHONY: help setup demo test check cluster cluster-down bench clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what tracejob needs here (Node 24 from npm, clang, libbpf; mounts tracefs)
	@scripts/setup.sh

demo: setup ## Trace this machine's file opens for five seconds (needs root)
	@scripts/demo.sh

test: ## Check and test everything: unit, on this kernel and a control plane (need root), on four kernels in QEMU
	@scripts/setup.sh test
	npm run check
	$(AS_ROOT) npm test -- --project kernel --project control --project matrix

check: setup ## Types, style, generated files and unit tests; needs no root
	npm run check

NODES = 3

cluster: ## Start a Kubernetes control plane in the background, with NODES=3 fake nodes (needs root)
	@scripts/setup.sh cluster
	@$(AS_ROOT) node test/cluster/main.ts up --nodes $(NODES)

cluster-down: ## Take it down without a trace
	@$(AS_ROOT) node test/cluster/main.ts down

bench: ## Measure against bpftrace, BCC and a reader in C (needs root)
	@scripts/setup.sh bench
	$(AS_ROOT) npm run bench

clean: ## Remove what was installed or made here, in ~/.cache/tracejob and /var/cache/tracejob
	rm -rf node_modules test/bench/out "$(HOME)/.cache/tracejob" /var/cache/tracejob
