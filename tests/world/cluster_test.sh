#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The local Kubernetes of dev/cluster: TAP on standard output. One cluster
# serves all tests but the one that needs two.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/world/tap.sh"
cluster=$top/dev/cluster/cluster.sh
KUBECTL=$("$top/dev/fetch.sh")/kubectl || exit 1
KC=$("$top/dev/cluster/kc.sh") || exit 1
KC_OWNER=$$
export KUBECTL KC KC_OWNER

tmp=$(mktemp -d)
trap 'sh "$cluster" stop "$tmp/a"; sh "$cluster" stop "$tmp/b"; rm -rf "$tmp"' \
	EXIT
trap 'exit 1' HUP INT TERM

# k ARGS...: kubectl against cluster a.
k() {
	HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/a/kubeconfig" "$@"
}

# server DIR: where the cluster in DIR listens.
server() {
	sed -n 's/^ *server: //p' "$1/kubeconfig"
}

# processes DIR: those whose command line names DIR, this grep's not.
processes() {
	grep -la -- "$1[/]" /proc/[0-9]*/cmdline 2>/dev/null | wc -l
}

starts_and_says_where() {
	[ "$(sh "$cluster" start "$tmp/a")" = "$tmp/a/kubeconfig" ] &&
		k get --raw /readyz >/dev/null
}

status_names_every_part() {
	sh "$cluster" status "$tmp/a" >"$tmp/status" &&
		[ "$(grep -c ' up$' "$tmp/status")" = 5 ]
}

refuses_a_second_start() {
	! sh "$cluster" start "$tmp/a" 2>"$tmp/err" &&
		grep -q 'already started' "$tmp/err"
}

is_private() {
	[ "$(stat -c %a "$tmp/a")" = 700 ] &&
		[ "$(stat -c %a "$tmp/a/kubeconfig")" = 600 ]
}

two_run_side_by_side() {
	sh "$cluster" start "$tmp/b" >/dev/null &&
		[ "$(server "$tmp/a")" != "$(server "$tmp/b")" ] &&
		[ "$(uid_of a)" != "$(uid_of b)" ]
}

# uid_of NAME: of the namespace kube-system, which tells clusters apart.
uid_of() {
	HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/$1/kubeconfig" \
		get namespace kube-system -o 'jsonpath={.metadata.uid}'
}

stop_leaves_only_logs_and_the_other_one() {
	sh "$cluster" stop "$tmp/b"
	[ "$(ls -A "$tmp/b")" = log ] && [ "$(processes "$tmp/b")" = 0 ] &&
		sh "$cluster" status "$tmp/a" >/dev/null
}

# The autoscaler owns the count when the Deployment names none.
autoscaler_keeps_its_minimum() {
	k create deployment workers --image=none >/dev/null &&
		k autoscale deployment workers --min=2 --max=5 --cpu=50% \
			>/dev/null &&
		k wait deployment/workers --timeout=30s \
			--for=jsonpath='{.status.readyReplicas}'=2 >/dev/null
}

missing_image_is_a_pull_failure() {
	at='{.status.containerStatuses[0].state.waiting.reason}'
	k run nope --image=registry.invalid/does-not-exist:1 >/dev/null &&
		k wait pod/nope --timeout=30s \
			--for=jsonpath="$at"=ImagePullBackOff >/dev/null &&
		[ "$(k get pod nope -o 'jsonpath={.status.phase}')" = Pending ]
}

claims_are_bound() {
	k apply -f - >/dev/null <<-END &&
	apiVersion: v1
	kind: PersistentVolumeClaim
	metadata: {name: disk}
	spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
	END
		k wait pvc/disk --for=jsonpath='{.status.phase}'=Bound \
			--timeout=30s >/dev/null
}

killed_api_is_an_outage() {
	was=$(server "$tmp/a")
	sh "$cluster" kill-api "$tmp/a" && ! k get --raw /readyz 2>/dev/null &&
		! sh "$cluster" status "$tmp/a" >"$tmp/status" &&
		[ "$(grep ' down$' "$tmp/status")" = \
			"$(printf '%-24s down' kube-apiserver)" ]
}

started_api_has_the_same_port_and_data() {
	sh "$cluster" start-api "$tmp/a" && [ "$(server "$tmp/a")" = "$was" ] &&
		k get deployment workers >/dev/null
}

# Controllers and kubelets must have come through the outage.
pods_start_after_an_outage() {
	k create deployment later --image=none >/dev/null &&
		k wait deployment/later --timeout=60s \
			--for=jsonpath='{.status.readyReplicas}'=1 >/dev/null
}

halt_keeps_data_for_the_next_start() {
	uid=$(uid_of a)
	sh "$cluster" halt "$tmp/a" && [ "$(processes "$tmp/a")" = 0 ] &&
		sh "$cluster" start "$tmp/a" >/dev/null &&
		[ "$(server "$tmp/a")" = "$was" ] && [ "$(uid_of a)" = "$uid" ] &&
		k get deployment workers >/dev/null
}

start_after_a_crash_brings_the_data_back() {
	for part in "$tmp"/a/pid/*; do kill -KILL "$(cat "$part")"; done
	sh "$cluster" start "$tmp/a" >/dev/null && [ "$(uid_of a)" = "$uid" ]
}

ends_with_its_owner() {
	sleep 300 &
	owner=$!
	KC_OWNER=$owner sh "$cluster" start "$tmp/b" >/dev/null || return 1
	kill "$owner"
	within 10 gone "$tmp/b"
}

gone() {
	[ "$(processes "$1")" = 0 ] && [ ! -e "$1/kubeconfig" ]
}

stop_leaves_no_process() {
	sh "$cluster" stop "$tmp/a"
	gone "$tmp/a" && [ "$(ls -A "$tmp/a")" = log ]
}

check starts_and_says_where
check status_names_every_part
check refuses_a_second_start
check is_private
check two_run_side_by_side
check stop_leaves_only_logs_and_the_other_one
check autoscaler_keeps_its_minimum
check missing_image_is_a_pull_failure
check claims_are_bound
check killed_api_is_an_outage
check started_api_has_the_same_port_and_data
check pods_start_after_an_outage
check halt_keeps_data_for_the_next_start
check start_after_a_crash_brings_the_data_back
check ends_with_its_owner
check stop_leaves_no_process
finish
