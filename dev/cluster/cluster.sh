#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cluster.sh COMMAND DIR: a private Kubernetes control plane on 127.0.0.1, with
# kwok in the place of every kubelet. All that it has lies in DIR.
#
#   start      run it and print the path of the administrator's kubeconfig; data
#              left by halt or by a crash comes back, on the same port
#   halt       end all processes, keep the data
#   stop       end all processes, remove everything but the logs
#   status     a line for each part; exit status 0 if all of them run
#   kill-api   SIGKILL the API server alone: an outage
#   start-api  run it again, same port, same data: the end of the outage
#
# Environment: KC (the kc program), KUBECTL, and KC_OWNER (a process id: the
# cluster stops by itself when that process is gone).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
me=cluster
. "$here/../lib.sh"
. "$here/parts.sh"

find_programs() {
	KC=${KC:-$(sh "$here/kc.sh")}
	KUBECTL=${KUBECTL:-$(sh "$here/../fetch.sh")/kubectl}
}

# k ARGS...: kubectl as administrator, with its cache beside the cluster.
k() {
	HOME=$dir "$KUBECTL" --kubeconfig "$dir/kubeconfig" "$@"
}

get() {
	k get --raw "$1" >/dev/null 2>&1
}

# alive PID: it runs and is one of ours: its command line names DIR.
alive() {
	grep -qaF -- "$dir/" "/proc/$1/cmdline" 2>/dev/null
}

part_alive() {
	[ -e "$dir/pid/$1" ] && alive "$(cat "$dir/pid/$1")"
}

all_alive() {
	for part in $parts; do
		part_alive "$part" || return 1
	done
}

# spawn NAME PROCS ARGS...: kc NAME ARGS... in the background, on PROCS cores.
# It returns when the new process carries its own command line, by which
# alive() knows it.
spawn() {
	name=$1
	procs=$2
	shift 2
	env HOME="$dir" GOMAXPROCS="$procs" GOGC="${GOGC:-75}" \
		setsid "$KC" "$name" "$@" \
		</dev/null >>"$dir/log/$name" 2>&1 9>&- &
	pid=$!
	echo "$pid" >"$dir/pid/$name"
	n=500
	until alive "$pid" || [ "$n" = 0 ]; do
		n=$((n - 1))
		sleep 0.01
	done
}

# wait_for SECONDS COMMAND...: until it succeeds, as long as all parts run.
wait_for() {
	n=$(($1 * 10))
	shift
	until "$@"; do
		n=$((n - 1))
		[ "$n" -gt 0 ] || die "no answer: $* (see $dir/log)"
		for part in "$dir"/pid/*; do
			alive "$(cat "$part")" || die "${part##*/} ended:" \
				"$(tail -n 3 "$dir/log/${part##*/}")"
		done
		sleep 0.1
	done
}

# create: what outlives halt: ports, keys, the administrator's token.
create() {
	"$KC" ports 4 | paste -s -d ' ' >"$dir/ports"
	(cd "$dir" && make_certs)
	read -r _ _ api _ <"$dir/ports"
	token=$(openssl rand -hex 16)
	echo "$token,admin,admin,\"system:masters\"" >"$dir/tokens.csv"
	make_kubeconfig "$api" "$token" >"$dir/kubeconfig"
	make_pod_logs
}

# launch: all parts, until the cluster takes pods.
launch() {
	mkdir -p "$dir/pid" "$dir/log"
	[ -e "$dir/ports" ] || create
	read -r etcd peer api kubelet <"$dir/ports"
	spawn_etcd "$etcd" "$peer"
	spawn_api "$etcd" "$api"
	# The controllers give up if it takes more than 10 s, as it may on a
	# machine with other work.
	wait_for 60 get /readyz
	spawn_controllers
	spawn_scheduler
	spawn_kwok "$kubelet"
	k apply -f "$here/objects.yaml" >/dev/null
	wait_for 30 get /api/v1/namespaces/default/serviceaccounts/default
	k wait --for=condition=Ready node --all --timeout=30s >/dev/null
}

# launch_apart: in a process of its own, so that the first command that fails
# ends it, even where its status is looked at.
launch_apart() {
	KC=$KC KUBECTL=$KUBECTL sh "$0" launch "$dir"
}

# launch_new: ports are chosen before they are bound, so somebody else may take
# one in between: a start that failed is tried again with other ports.
launch_new() {
	for try in 1 2 3; do
		! launch_apart || return 0
		stop
		say "start $try of 3 failed"
	done
	return 1
}

launch_kept() {
	launch_apart || {
		halt
		return 1
	}
}

start() {
	! all_alive || die "$dir: already started"
	find_programs
	halt
	chmod 700 "$dir"
	trap 'halt; exit 1' HUP INT TERM
	if [ -d "$dir/etcd" ]; then launch_kept; else launch_new; fi
	trap - HUP INT TERM
	[ -z "${KC_OWNER:-}" ] || watch_owner
	echo "$dir/kubeconfig"
}

# watch_owner: stop the cluster when KC_OWNER is gone.
watch_owner() {
	setsid sh "$0" watch "$dir" </dev/null >/dev/null 2>&1 9>&- &
	echo "$!" >"$dir/watcher"
}

watch() {
	while kill -0 "$KC_OWNER" 2>/dev/null; do sleep 1; done
	rm -f "$dir/watcher"
	stop
}

# halt: etcd's log is made for sudden ends, so nobody gets a slow farewell.
halt() {
	[ ! -e "$dir/watcher" ] || {
		kill "$(cat "$dir/watcher")" 2>/dev/null || :
		rm -f "$dir/watcher"
	}
	for part in "$dir"/pid/*; do
		[ ! -e "$part" ] || end "$(cat "$part")"
	done
	rm -rf "$dir/pid"
}

end() {
	! alive "$1" || kill -KILL "$1" 2>/dev/null || :
	while alive "$1"; do sleep 0.02; done
}

stop() {
	halt
	rm -rf "$dir/etcd" "$dir/kubeconfig" "$dir/tokens.csv" "$dir/ports" \
		"$dir"/*.key "$dir"/*.crt "$dir"/*.ext "$dir/logs.yaml" \
		"$dir/.kube" "$dir/.config"
}

status() {
	rc=0
	for part in $parts; do
		state=up
		part_alive "$part" || {
			state=down
			rc=1
		}
		printf '%-24s %s\n' "$part" "$state"
	done
	return "$rc"
}

kill_api() {
	part_alive kube-apiserver || die "$dir: the API server does not run"
	end "$(cat "$dir/pid/kube-apiserver")"
}

start_api() {
	part_alive etcd || die "$dir: etcd does not run"
	! part_alive kube-apiserver || die "$dir: the API server runs"
	find_programs
	read -r etcd _ api kubelet <"$dir/ports"
	spawn_api "$etcd" "$api"
	wait_for 60 get /readyz
	renew_kwok "$kubelet"
}

# renew_kwok PORT: kubelets try again within seconds; kwok doubles its pause
# after each failed try, up to a minute, and so would every test.
renew_kwok() {
	end "$(cat "$dir/pid/kwok")"
	spawn_kwok "$1"
}

usage="cluster.sh start|halt|stop|status|kill-api|start-api DIR"
[ $# = 2 ] || die "usage: $usage"
umask 077
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
case $1 in
start | halt | stop | status | launch | watch) "$1" ;;
kill-api) kill_api ;;
start-api) start_api ;;
*) die "usage: $usage" ;;
esac
