#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: start a roasterd of its own (${ROASTERD}, else the release build) with
# a private database and no cluster, run the API tests against it, end it, and
# look at what it logged. It prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
ROASTERD=$(realpath "${ROASTERD:-build/rel/roasterd}") || exit 1
dir=$(mktemp -d)
chmod 755 "$dir" # PostgreSQL runs as another account
: >"$dir/out"
# is_there PID: and not only in the table, for somebody to wait for it.
is_there() {
	grep -qs '^State:.[^ZX]' "/proc/$1/status"
}
end() {
	if [ -e "$dir/pid" ]; then
		pid=$(cat "$dir/pid")
		kill "$pid" 2>/dev/null
		while is_there "$pid"; do
			sleep 0.05
		done
	fi
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# Below the range that outgoing connections use.
ROASTER_PORT=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
ROASTER_URL=http://127.0.0.1:$ROASTER_PORT
export ROASTERD ROASTER_PORT ROASTER_URL
tests/api/start.sh "$dir" || {
	tail -n 20 "$dir/log"
	echo 'not ok 1 - roasterd starts'
	exit 1
}

ROASTER_ADMIN_PASSWORD=$(sed -n "s/.*user 'admin': //p" "$dir/out")
ROASTER_PG=$(cat "$dir/state/conninfo")
ROASTER_LOG=$dir/log
ROASTER_DIR=$dir
export ROASTER_ADMIN_PASSWORD ROASTER_PG ROASTER_LOG ROASTER_DIR
python3 -B tests/api/api_test.py "$@"
