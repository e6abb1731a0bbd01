#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# start.sh DIR: start ${ROASTERD} on ${ROASTER_PORT} with everything below DIR,
# its number in DIR/pid, and wait until it serves. It appends to DIR/out and
# DIR/log, so that it may be started again.
set -u
dir=$1
env -u KUBECONFIG ROASTER_STATE_DIR="$dir/state" ROASTER_BIND=127.0.0.1 \
	ROASTER_KUBECONFIG="$dir/none" ROASTER_HELM= ROASTER_DATABASE_URL= \
	setsid "$ROASTERD" run >>"$dir/out" 2>>"$dir/log" </dev/null &
pid=$!
echo "$pid" >"$dir/pid"

# It will never be ready without an applier, but it must have its database: each
# worker, and which one takes a connection is chance.
has_database() {
	curl -s --noproxy '*' --max-time 2 \
		"http://127.0.0.1:$ROASTER_PORT/readyz" >"$dir/ready" &&
		! grep -q '"/database"' "$dir/ready"
}
is_up() {
	for _ in 1 2 3 4 5 6 7 8; do
		has_database || return 1
	done
	grep -q "password for user" "$dir/out"
}
tenths=0
until is_up; do
	tenths=$((tenths + 1))
	[ "$tenths" -lt 900 ] && kill -0 "$pid" 2>/dev/null || exit 1
	sleep 0.1
done
