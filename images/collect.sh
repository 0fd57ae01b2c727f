#!/bin/sh
# collect.sh FOLDER FILE...: copies files into FOLDER with every shared library they need, and notes for scanners
# which Debian packages they came from (one stanza each in var/lib/dpkg/status.d, as distroless images have it).
set -eu
into=$1
shift

# Directories that Debian has moved into /usr are links there, and the loader is asked for by its old name.
prepare() {
	mkdir -p "$into/usr" "$into/etc" "$into/var/lib/dpkg/status.d" "$into/proc" "$into/sys" "$into/dev" "$into/run"
	mkdir -p -m 1777 "$into/tmp"
	for name in bin sbin lib lib64; do
		if [ ! -L "/$name" ]; then continue; fi
		mkdir -p "$into/usr/$name"
		ln -sfn "usr/$name" "$into/$name"
	done
	printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$into/etc/passwd"
	printf 'root:x:0:\nnonroot:x:65532:\n' >"$into/etc/group"
}

# A name as it is without links in its directory: /lib/x/libc.so.6 is /usr/lib/x/libc.so.6.
plain() {
	echo "$(readlink -f "$(dirname "$1")")/$(basename "$1")"
}

note_package() {
	package=$(dpkg-query -S "$1" 2>/dev/null | head -n 1 | cut -d: -f1) || return 0
	if [ -n "$package" ]; then dpkg-query -s "$package" >"$into/var/lib/dpkg/status.d/$package"; fi
}

libraries() {
	ldd "$1" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (0x.*/\1/p'
}

take() {
	file=$(plain "$1")
	if [ -e "$into$file" ] || [ -L "$into$file" ]; then return; fi
	mkdir -p "$into$(dirname "$file")"
	cp -a "$file" "$into$file"
	note_package "$file"
	if [ -L "$file" ]; then take "$(dirname "$file")/$(readlink "$file")"; fi
	if [ -f "$file" ] && [ ! -L "$file" ]; then
		for library in $(libraries "$file"); do take "$library"; done
	fi
}

prepare
for file in "$@"; do take "$file"; done
