#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [FILE]...: bring the world of this tree up, run the scenarios (all of
# them), bring it down: TAP on standard output. A world that is up already is
# used and left up. ROASTER_DEV is another world, as dev/world.sh has it.
set -u
cd "$(dirname "$0")/../.." || exit 2
export PYTHONDONTWRITEBYTECODE=1

ours=
[ -e "${ROASTER_DEV:-.dev}/env" ] || ours=yes
trap '[ -z "$ours" ] || dev/world.sh down' EXIT
trap 'exit 1' HUP INT TERM
"${MAKE:-make}" -s --no-print-directory fail || exit 1
dev/world.sh up || {
	echo 'not ok 1 - the world comes up'
	exit 1
}
python3 tests/e2e/run.py "$@"
