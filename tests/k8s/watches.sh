# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154,SC2034
# Watches, and servers that misbehave; see k8s_test.sh.

# watch SECONDS ARGS...: in the background, into $tmp/watch.
watch() {
	"$live" watch "$@" >"$tmp/watch" 2>&1 &
	watcher=$!
	running="$running $watcher"
}

watch_says() {
	grep -qx -- "$1" "$tmp/watch"
}

watch_ends() {
	wait "$watcher"
	cat "$tmp/watch" >>"$everything"
	[ "$(sed -n 's/^stopped //p' "$tmp/watch")" -le 250 ]
}

watch_sees_what_kubectl_changes() {
	k -n "$ns" create configmap before >/dev/null &&
		k -n "$ns" label configmap before \
			app.kubernetes.io/instance=first >/dev/null || return 1
	watch 4 "$ns" "$maps"
	within 3 watch_says "linked $ns" && within 2 watch_says "moved $ns first" &&
		k -n "$ns" create configmap other >/dev/null &&
		k -n "$ns" label configmap other \
			app.kubernetes.io/instance=second >/dev/null &&
		within 2 watch_says "moved $ns second"
	rc=$?
	watch_ends && return "$rc"
}

# The order was obeyed at the latest when the first move was told.
watch_ends_for_all_tags_but_those_kept() {
	"$live" keep 60 "$ns" "$maps" >"$tmp/watch" 2>&1 &
	watcher=$!
	running="$running $watcher"
	within 10 watch_says "kept $ns" &&
		k -n "$ns" create configmap kept >/dev/null &&
		k -n "$ns" label configmap kept \
			app.kubernetes.io/instance=fourth >/dev/null &&
		within 5 watch_says "moved $ns fourth" &&
		k -n "$ns" label configmap kept --overwrite \
			app.kubernetes.io/instance=fifth >/dev/null &&
		within 5 watch_says "moved $ns fifth" &&
		! watch_says "moved other fifth"
	rc=$?
	kill "$watcher"
	cat "$tmp/watch" >>"$everything"
	return "$rc"
}

watch_tells_why_it_is_refused_and_once() {
	KUBECONFIG=$tmp/nobody
	watch 4 all /api/v1/secrets
	KUBECONFIG=$admin
	wait "$watcher"
	cat "$tmp/watch" >>"$everything"
	grep -q '^lost all GET /api/v1/secrets: secrets is forbidden' \
		"$tmp/watch" && [ "$(grep -c lost "$tmp/watch")" = 1 ]
}

watches_come_and_go_from_other_threads() {
	try churn 3 /api/v1/nodes && says 'moves ' && says 'stopped '
}

watch_survives_an_outage() {
	cluster_dir=$(dirname "$admin")
	watch 60 "$ns" "$maps" nodes /api/v1/nodes
	within 5 watch_says "linked $ns" || return 1
	sh "$cluster" kill-api "$cluster_dir" || return 1
	sleep 3
	sh "$cluster" start-api "$cluster_dir" >/dev/null || return 1
	within 30 again_linked || return 1
	k -n "$ns" label configmap other app.kubernetes.io/instance=third \
		--overwrite >/dev/null &&
		within 5 watch_says "moved $ns third" || return 1
	kill "$watcher"
	cat "$tmp/watch" >>"$everything"
	grep -q "^lost $ns " "$tmp/watch"
}

again_linked() {
	more_than 1 "linked $ns" "$tmp/watch"
}

# serve SECONDS WORD: a server on ${port} that answers so; its count will be in
# $tmp/count.
serve() {
	rm -f "$tmp/count"
	"$live" count "$1" "$2" >"$tmp/count" &
	counter=$!
	within 5 grep -qs '^port' "$tmp/count" || return 1
	port=$(sed -n 's/^port //p' "$tmp/count")
}

# counted WORD: how often a watch comes in 8 s to a server that answers so;
# what the watch told is in $tmp/watch.
counted() {
	serve 8 "$1" || return 1
	KUBECONFIG=$tmp/fake
	sed -e "s|https://[^\"]*|http://127.0.0.1:$port|; s/token: .*}}/}}/" \
		-e 's/certificate-authority-data: [^}]*//' \
		"$tmp/nobody" >"$tmp/fake"
	watch 10 it /api/v1/nodes
	KUBECONFIG=$admin
	wait "$counter"
	sed "s/^/# $1, 8 s: /" "$tmp/count" | grep count
	sed -n 's/^count //p' "$tmp/count" >"$tmp/n"
	kill "$watcher"
}

comes() {
	n=$(cat "$tmp/n")
	[ "$n" -ge "$1" ] && [ "$n" -le "$2" ]
}

does_not_storm_a_server_that_hangs_up() {
	counted close && comes 3 8 && grep -q '^lost it ' "$tmp/watch"
}

opens_again_slowly_after_410() {
	counted gone && comes 3 8 && grep -q '^linked it' "$tmp/watch" &&
		grep -q '^lost it watch /api/v1/nodes: too old' "$tmp/watch"
}

obeys_retry_after() {
	counted busy && comes 1 1
}

follows_no_redirect() {
	counted elsewhere && comes 1 8 &&
		grep -q '^lost it .*answered 307' "$tmp/watch"
}

# answered WORD TEXT: a GET of a server that answers so fails with TEXT.
answered() {
	serve 3 "$1" || return 1
	sed "s|127.0.0.1:[0-9]*|127.0.0.1:$port|" "$tmp/fake" >"$tmp/fake2"
	with fake2 refuses "$2" send get /api/v1/nodes
}

says_that_an_answer_was_cut() {
	answered cut 'error unavailable http://127.0.0.1:'
}

says_what_a_proxy_said_in_html() {
	answered html 'refused unavailable GET /api/v1/nodes: the Kubernetes API answered 502'
}
