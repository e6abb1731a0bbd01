#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: start a roasterd of its own (${ROASTERD}, else the release build) with
# a private database and no cluster, run the API tests against it, end it, and
# look at what it logged. It prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
roasterd=$(realpath "${ROASTERD:-build/rel/roasterd}") || exit 1
dir=$(mktemp -d)
chmod 755 "$dir" # PostgreSQL runs as another account
pid=
end() {
	[ -z "$pid" ] || {
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	}
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# Below the range that outgoing connections use.
ROASTER_PORT=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
ROASTER_URL=http://127.0.0.1:$ROASTER_PORT
env -u KUBECONFIG ROASTER_STATE_DIR="$dir/state" ROASTER_PORT="$ROASTER_PORT" \
	ROASTER_BIND=127.0.0.1 ROASTER_KUBECONFIG="$dir/none" ROASTER_HELM= \
	ROASTER_DATABASE_URL= "$roasterd" run \
	>"$dir/out" 2>"$dir/log" </dev/null &
pid=$!

# It will never be ready without an applier, but each worker must have its
# database: who accepts a connection changes with each.
has_database() {
	curl -s --noproxy '*' --max-time 2 "$ROASTER_URL/readyz" >"$dir/ready" &&
		! grep -q '"/database"' "$dir/ready"
}
is_up() {
	grep -q "password for user" "$dir/out" || return 1
	asked=0
	while [ $asked -lt 20 ]; do
		has_database || return 1
		asked=$((asked + 1))
	done
}
tenths=0
until is_up; do
	tenths=$((tenths + 1))
	[ "$tenths" -lt 900 ] && kill -0 "$pid" 2>/dev/null || {
		tail -n 20 "$dir/log"
		echo 'not ok 1 - roasterd starts'
		exit 1
	}
	sleep 0.1
done

ROASTER_ADMIN_PASSWORD=$(sed -n "s/.*user 'admin': //p" "$dir/out")
ROASTER_PG=$(cat "$dir/state/conninfo")
ROASTER_LOG=$dir/log
export ROASTER_URL ROASTER_ADMIN_PASSWORD ROASTER_PG ROASTER_LOG
python3 -B tests/api/api_test.py "$@"
