#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [MODULE]...: what must hold while the database, a process or the
# patience of clients is gone, as TAP. The modules named share a roasterd
# (${ROASTERD}, else the release build) with a private database; "moments" is
# one by itself, of the build with failpoints. Without names all run, in rows
# side by side, since two of them mostly wait. HOLD_ROUNDS:
# crashes of the database (4); HOLD_SECONDS: how long a crowd stays (2).
set -u
cd "$(dirname "$0")/../.." || exit 1
ROASTERD=$(realpath "${ROASTERD:-build/rel/roasterd}") || exit 1
export ROASTERD PYTHONDONTWRITEBYTECODE=1
"${MAKE:-make}" -s --no-print-directory fail || exit 1
run() {
	python3 tests/hold/hold_test.py "$@" </dev/null
}

[ $# = 0 ] || {
	run "$@"
	exit
}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
status=0
run helms >"$dir/helms" 2>&1 &
helms=$!
{
	run locks commits
	locks=$?
	run moments && exit "$locks"
} >"$dir/locks" 2>&1 &
locks=$!
run outages kills ends crowds || status=1
wait "$helms" || status=1
wait "$locks" || status=1
cat "$dir/helms" "$dir/locks"
exit $status
