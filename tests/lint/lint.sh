#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh [CHECK...]: the style that a program can judge, as TAP. What is wrong
# stands above the "not ok" line. Without arguments: every check.
# shellcheck disable=SC2086 # flags and names are lists
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lint/flags.sh

checks='floors sizes words format gcc clang headers analyzer tidy cppcheck shell'

check_floors() { python3 tests/lint/floors.py; }
check_sizes() { python3 tests/lint/sizes.py; }
check_words() { python3 tests/lint/words.py; }
check_format() {
	c_files 'src/*.[ch]' 'tests/*.[ch]' 'dev/*.[ch]' |
		in_parallel clang-format-14 --dry-run -Werror
}
check_gcc() { compile_all gcc; }
check_clang() { compile_all clang-14; }

# Each header by itself: it includes what it needs.
check_headers() {
	for room in $(rooms); do
		c_files "src/$room/*.h"
	done | one_by_one gcc $cflags $kore_flags -fsyntax-only -x c
}

# The paths that gcc finds through each file; at -O2 it sees fewer.
check_analyzer() {
	c_files 'src/*.c' 'dev/*.c' |
		one_by_one gcc $cflags $kore_flags -U_FORTIFY_SOURCE -O1 \
			-fanalyzer -S -o /dev/null
}

check_tidy() {
	c_files 'src/*.c' 'dev/*.c' |
		in_parallel sh tests/lint/tidy.sh
}

check_cppcheck() {
	cppcheck -q -j "$jobs" --std=c11 --error-exitcode=1 \
		--enable=warning,style,performance,portability \
		--suppressions-list=tests/lint/cppcheck.txt \
		--include=tests/lint/cppcheck.h -Isrc -Ibuild/gen src dev 2>&1
}

check_shell() {
	if command -v shellcheck >/dev/null; then
		git ls-files -co --exclude-standard '*.sh' .ci/run |
			in_parallel shellcheck -x -P SCRIPTDIR -S warning
	else
		echo '# no shellcheck here: nothing was looked at'
	fi
}

sentence() {
	case $1 in
	floors) echo 'a room includes only what lies below it' ;;
	sizes) echo 'files, functions and lines are short' ;;
	words) echo 'no forbidden words, a licence line in each file' ;;
	format) echo 'clang-format has nothing to change' ;;
	gcc) echo 'gcc has no warning' ;;
	clang) echo 'clang has no warning' ;;
	headers) echo 'each header compiles alone' ;;
	analyzer) echo 'gcc -fanalyzer finds nothing' ;;
	tidy) echo 'clang-tidy finds functions simple and sound' ;;
	cppcheck) echo 'cppcheck finds nothing' ;;
	shell) echo 'shellcheck finds nothing' ;;
	*) echo "no check is called $1" ;;
	esac
}

[ $# != 0 ] || set -- $checks
echo "1..$#"
n=0
rc=0
for check; do
	n=$((n + 1))
	if "check_$check"; then
		echo "ok $n - $(sentence "$check")"
	else
		echo "not ok $n - $(sentence "$check")"
		rc=1
	fi
done
exit "$rc"
