#!/bin/sh
# koffi.sh FROM INTO: of koffi and its native halves what Node loads on this C library and this machine.
set -eu
from=$1 into=$2
mkdir -p "$into/@koromix"
cp -r "$from/koffi" "$into/koffi"
rm -rf "$into/koffi/vendor" "$into/koffi/doc" "$into/koffi/CHANGELOG.md" "$into/koffi/cnoke.cjs"
find "$into/koffi" -type f ! -name '*.js' ! -name '*.cjs' ! -name package.json ! -name 'LICENSE*' -delete
for native in "$from"/@koromix/*; do
	kept=$into/@koromix/$(basename "$native")
	cp -r "$native" "$kept"
	rm -rf "$kept"/musl_*
done
# It finds its native half, or the build ends here.
node --input-type=module --eval "await import('$into/koffi/index.js')"
