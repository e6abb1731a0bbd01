# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the scripts in dev/ share. Read with ".", after setting ${me}, the name
# that messages begin with.

# Every download and every built program lies here, outside of any tree, so
# that the second clone on a machine starts in seconds.
# shellcheck disable=SC2034 # for those who read this file
cache=${ROASTER_CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/roaster}

say() {
	printf '%s: %s\n' "${me:-roaster}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# have COMMAND: it can be run.
have() {
	command -v "$1" >/dev/null 2>&1
}

# lock FILE WHAT: hold FILE until this script ends. Programs left running in
# the background must be started with 9>&-, or they keep it for ever.
lock() {
	mkdir -p "$(dirname "$1")"
	exec 9>>"$1"
	flock -n 9 || {
		say "$2 is under way elsewhere, waiting for it"
		flock 9
	}
}

# sha256_is SUM FILE: FILE has this SHA-256.
sha256_is() {
	[ "$(sha256sum <"$2")" = "$1  -" ]
}
