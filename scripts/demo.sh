#!/bin/sh
# Traces this machine's file opens for five seconds, with something beside it that opens files.
set -eu
cd "$(dirname "$0")/.."
root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "demo: attaching probes needs root, and there is no sudo here: run 'make demo' as root." >&2
		exit 1
	}
	echo "demo: attaching probes needs root, so sudo may ask for your password."
	sudo true
	root=sudo
fi

open_files() {
	while sleep 0.4; do
		cat /etc/hostname
		ls /tmp
		cat /no/such/file || true
	done
}

echo "demo: tracejob run examples/all-opens.yaml --duration 5s"
open_files >/dev/null 2>&1 &
opener=$!
trap 'kill $opener' EXIT
$root cli/tracejob run examples/all-opens.yaml --duration 5s --output table
