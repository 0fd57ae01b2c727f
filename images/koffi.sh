#!/bin/sh
# koffi.sh FROM INTO: of koffi and its native halves what Node loads on this C library and this machine.
set -eu
from=$1 into=$2
mkdir -p "$into/koffi" "$into/@koromix"
cp "$from"/koffi/package.json "$from"/koffi/*.js "$from"/koffi/index.cjs "$from"/koffi/LICENSE.txt "$into/koffi/"
for native in "$from"/@koromix/*; do
	kept=$into/@koromix/$(basename "$native")
	cp -r "$native" "$kept"
	rm -rf "$kept"/musl_*
done
