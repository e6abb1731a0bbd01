# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A copy of the tree to break things in. Read with ".", in the top folder.

# make_copy FOLDER PART...: the files of the tree, and what is there of build/PART
# with its times, so that only what a patch touches is built again.
make_copy() {
	to=$1
	shift
	git ls-files -co --exclude-standard -z |
		xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh |
		xargs -0 cp -p --parents -t "$to" || return 1
	mkdir -p "$to/build"
	for part; do
		[ ! -e "build/$part" ] || cp -a "build/$part" "$to/build/" || return 1
	done
	git -C "$to" init -q && git -C "$to" add -A
}
