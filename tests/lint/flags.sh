# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2086
# What the checks of lint.sh share: flags of the compilers, lists of files. The
# flags are those of build.conf and, for room handlers, those the Makefile adds.

jobs=$(nproc)
cflags=$(sed -n 's/^cflags=//p' build.conf | tr '\n' ' ')
kore_flags='-DTLS_BACKEND_OPENSSL -DKORE_SINGLE_BINARY
	-DOPENSSL_API_COMPAT=0x10100000L -isystem build/kore/include'

# c_files PATTERN...: those git knows or would add, and that are there.
c_files() {
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

rooms() {
	sed -n 's/^[0-9][0-9]*[[:space:]]*//p' tests/lint/floors.txt
}

# in_parallel COMMAND...: with many of the files of standard input at once.
in_parallel() {
	xargs -r -P "$jobs" -n 16 "$@" 2>&1
}

# one_by_one COMMAND...: with one of them at a time.
one_by_one() {
	xargs -r -P "$jobs" -n 1 "$@" 2>&1
}

# compile_all COMPILER: every C file with the flags it is built with.
compile_all() {
	for folder in src tests dev; do
		c_files "$folder/*.c"
	done | in_parallel "$1" $cflags $kore_flags -Itests/unit -fsyntax-only
}
