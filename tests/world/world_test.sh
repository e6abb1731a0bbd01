#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dev/world.sh with the real roasterd, in copies of this tree: TAP on standard
# output. Environment: ROASTERD (the program; build/roasterd).
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/world/tap.sh"
roasterd=${ROASTERD:-$top/build/roasterd}
unset KUBECONFIG HELM KUBECTL ROASTER_DATABASE_URL KEEP

tmp=$(mktemp -d)
chmod 755 "$tmp"
# One path has a blank and is too long for the name of a unix socket.
long=$tmp/$(printf '%0120d' 0)
a=$tmp/a
b="$long/b b"
trap 'world "$a" down; world "$b" down; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# copy TREE: all that the world is made of.
copy() {
	mkdir -p "$1/build"
	cp -r "$top/dev" "$top/conf" "$1"
	cp "$roasterd" "$1/build/roasterd"
}

# world TREE COMMAND
world() {
	sh "$1/dev/world.sh" "$2" 2>"$tmp/log" || {
		sed 's/^/# /' "$tmp/log"
		return 1
	}
}

# value TREE NAME: out of .dev/env, as a shell reads it.
value() (
	set +u
	# shellcheck source=/dev/null
	. "$1/.dev/env"
	eval "echo \"\$$2\""
)

ready() {
	curl -fsS --max-time 20 -o /dev/null "$(value "$1" ROASTER_URL)/readyz"
}

# login TREE: the password in .dev/env is the one that works.
login() {
	curl -fsS --max-time 20 -X POST -o /dev/null "$(value "$1" ROASTER_URL)/v1/login" \
		-d user=admin -d "password=$(value "$1" ROASTER_ADMIN_PASSWORD)"
}

# processes TREE: those whose command line names its .dev, this grep's not.
processes() {
	grep -la -- "$1/[.]dev/" /proc/[0-9]*/cmdline 2>/dev/null | wc -l
}

up_starts_everything() {
	copy "$a" && world "$a" up && ready "$a" && login "$a"
}

env_has_six_private_assignments() {
	[ "$(cut -d= -f1 "$a/.dev/env" | tr '\n' ' ')" = "ROASTER_URL \
ROASTER_ADMIN_PASSWORD KUBECONFIG HELM KUBECTL ROASTER_PG " ] &&
		[ "$(stat -c %a "$a/.dev/env")" = 600 ] &&
		psql "$(value "$a" ROASTER_PG)" -Atc 'select 1' >/dev/null
}

roasterd_is_not_the_administrator() {
	HOME=$tmp "$(value "$a" KUBECTL)" auth whoami \
		--kubeconfig "$a/.dev/roasterd.kubeconfig" |
		grep -q ' system:serviceaccount:roaster:roaster$' &&
		tr '\0' '\n' <"/proc/$(cat "$a/.dev/roasterd.pid")/environ" |
		grep -qx "ROASTER_KUBECONFIG=$a/.dev/roasterd.kubeconfig"
}

up_again_changes_nothing() {
	pid=$(cat "$a/.dev/roasterd.pid")
	world "$a" up && grep -q 'already up' "$tmp/log" &&
		[ "$(cat "$a/.dev/roasterd.pid")" = "$pid" ]
}

second_tree_runs_beside_it() {
	copy "$b" && world "$b" up && ready "$a" && login "$b" &&
		[ "$(value "$a" ROASTER_URL)" != "$(value "$b" ROASTER_URL)" ]
}

down_ends_one_and_not_the_other() {
	world "$b" down && [ "$(processes "$b")" = 0 ] &&
		[ ! -e "$b/.dev/env" ] && [ ! -e "$b/.dev/state" ] && ready "$a"
}

up_after_a_crash_is_as_before() {
	cp "$a/.dev/env" "$tmp/env"
	kill -KILL "$(cat "$a/.dev/roasterd.pid")" \
		"$(cat "$a/.dev/cluster/pid/kube-apiserver")"
	! world "$a" status >/dev/null && world "$a" up && login "$a" &&
		cmp "$tmp/env" "$a/.dev/env"
}

kept_world_comes_back() {
	KEEP=1 world "$a" down && [ "$(processes "$a")" = 0 ] &&
		world "$a" up && login "$a" && cmp "$tmp/env" "$a/.dev/env"
}

down_after_a_crash_leaves_nothing() {
	kill -KILL "$(cat "$a/.dev/roasterd.pid")"
	rm -r "$a/.dev/roasterd.pid" "$a/.dev/cluster/pid"
	world "$a" down && [ "$(processes "$a")" = 0 ] &&
		! grep -F "$a/" /proc/net/unix
}

check up_starts_everything
check env_has_six_private_assignments
check roasterd_is_not_the_administrator
check up_again_changes_nothing
check second_tree_runs_beside_it
check down_ends_one_and_not_the_other
check up_after_a_crash_is_as_before
check kept_world_comes_back
check down_after_a_crash_leaves_nothing
finish
