#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kc.sh [path]: print the path of the kc program, building it first if the
# cache has none of these sources. With "path" it is never built: the exit
# status says whether it is there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
me=cluster
. "$here/../lib.sh"
. "$here/go.sh"

key=$(cd "$here" && sha256sum main.go go.mod go.sum build.sh | sha256sum)
kc=$cache/kc-$(printf %.16s "$key")

# progress PID LOG: a line every ten seconds for as long as PID runs.
progress() {
	s=0
	while kill -0 "$1" 2>/dev/null; do
		sleep 1
		s=$((s + 1))
		[ $((s % 10)) != 0 ] || say "building: $s s," \
			"$(grep -c downloading "$2") modules fetched," \
			"$(grep -vc downloading "$2") packages compiled"
	done
}

build() {
	lock "$cache/kc.lock" "a build of the local Kubernetes"
	[ ! -x "$kc" ] || return 0
	tmp=$cache/kc-build.$$
	trap 'rm -rf "$tmp"' EXIT
	pid=
	trap '[ -z "$pid" ] || kill "$pid"; exit 1' HUP INT TERM
	mkdir -p "$tmp"
	say "building the local Kubernetes, once a machine: 5 to 7 minutes"
	go_setup "$tmp"
	sh "$here/build.sh" "$tmp/kc" </dev/null >"$tmp/log" 2>&1 9>&- &
	pid=$!
	progress "$pid" "$tmp/log"
	wait "$pid" || die "go build failed: $(tail -n 5 "$tmp/log")"
	mv "$tmp/kc" "$kc"
	say "built $kc"
}

[ -x "$kc" ] || [ "${1:-}" != path ] || exit 1
[ -x "$kc" ] || build
echo "$kc"
