#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tidy.sh FILE...: clang-tidy, without the sum of what it kept to itself. The
# macros of <ctype.h> would count as nesting of ours.
set -u
. tests/lint/flags.sh
# shellcheck disable=SC2086
clang-tidy-14 --quiet --config-file=tests/lint/clang-tidy.yaml "$@" -- \
	-D__NO_CTYPE $cflags $kore_flags 2>/dev/null
