#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The room k8s at a real API server: TAP on standard output.
#
# Environment: KUBECONFIG, an administrator's; without it a cluster is started
# for this test alone. Outages and pods that fail in all ways are only tried on
# a cluster of dev/cluster. SAN as in the Makefile; K8S_LIVE: the program of
# this folder, if it is built already.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/world/tap.sh"
cluster=$top/dev/cluster/cluster.sh
KUBECTL=${KUBECTL:-$("$top/dev/fetch.sh")/kubectl} || exit 1
export KUBECTL
live=${K8S_LIVE:-}
if [ -z "$live" ]; then
	built=build/$([ -n "${SAN:-}" ] && echo san || echo rel)/k8s/live
	make -s --no-print-directory -C "$top" SAN="${SAN:-}" "$built" >&2 ||
		exit 1
	live=$top/$built
fi

tmp=$(mktemp -d)
ns=k8s-test-$$
own=
running=

# clean: what this test made goes, a cluster of its own with all that is in it.
clean() {
	for pid in $running; do kill "$pid" 2>/dev/null; done
	if [ -n "$own" ]; then
		sh "$cluster" stop "$own"
	else
		k delete namespace --wait=false "$ns" >/dev/null 2>&1
	fi
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

if [ -z "${KUBECONFIG:-}" ]; then
	own=$tmp/cluster
	KUBECONFIG=$(KC_OWNER=$$ sh "$cluster" start "$own") || exit 1
fi
admin=$KUBECONFIG
export KUBECONFIG
everything=$tmp/everything # all that the room ever printed
secret_words=$tmp/secret_words
: >"$everything"

k() {
	HOME=$tmp "$KUBECTL" --kubeconfig "$admin" "$@"
}

# field PATH: of the administrator's kubeconfig.
field() {
	k config view --raw --minify -o "jsonpath={.$1}"
}

server=$(field 'clusters[0].cluster.server')
ca=$(field 'clusters[0].cluster.certificate-authority-data')
token=$(field 'users[0].user.token')
printf '%s\n' "$token" | grep . >"$secret_words"

# try ARGS...: run the program; its answer is in $tmp/out.
try() {
	"$live" "$@" >"$tmp/out" 2>&1
	rc=$?
	cat "$tmp/out" >>"$everything"
	return "$rc"
}

# says TEXT: the last answer has this text.
says() {
	grep -qF -- "$1" "$tmp/out" && return 0
	sed 's/^/# /' "$tmp/out"
	return 1
}

# refuses TEXT ARGS...: it fails, and says TEXT.
refuses() {
	text=$1
	shift
	! try "$@" && says "$text"
}

# config NAME CLUSTER USER: a kubeconfig, in flow style.
config() {
	cat >"$tmp/$1" <<-END
	current-context: c
	contexts: [{name: c, context: {cluster: k, user: u}}]
	clusters: [{name: k, cluster: {server: "$server", $2}}]
	users: [{name: u, user: {$3}}]
	END
}

# with NAME COMMAND...: as the kubeconfig NAME says.
with() {
	KUBECONFIG=$tmp/$1
	shift
	"$@"
	rc=$?
	KUBECONFIG=$admin
	return "$rc"
}

maps=/api/v1/namespaces/$ns/configmaps
secrets=/api/v1/namespaces/$ns/secrets

# --- requests ---------------------------------------------------------------

creates_reads_changes_and_deletes() {
	try send create "$maps" '' '{"metadata":{"name":"m"},"data":{"a":"1"}}' &&
		says 201 &&
		try send get "$maps/m" && says '"a":"1"' &&
		try send merge "$maps/m" '' '{"data":{"a":null,"b":"2"}}' &&
		says '"data":{"b":"2"}' &&
		try send delete "$maps/m" '' '{"propagationPolicy":"Background"}' &&
		says '"status":"Success"' &&
		refuses "refused not_found GET $maps/m: configmaps \"m\" not found" \
			send get "$maps/m"
}

applies_again_and_again_as_one_manager() {
	body='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s"},"data":{"a":"1"}}'
	k -n "$ns" create configmap s --from-literal=a=kubectl >/dev/null &&
		try send apply "$maps/s" '' "$body" && says '"a":"1"' &&
		try send apply "$maps/s" dryRun=All "$body" && says 200 &&
		[ "$(k -n "$ns" get cm s --show-managed-fields -o \
			'jsonpath={.metadata.managedFields[?(@.operation=="Apply")].manager}')" = \
			roaster ]
}

says_conflict() {
	try send create "$maps" '' '{"metadata":{"name":"c"}}' &&
		refuses 'refused conflict POST' send create "$maps" '' \
			'{"metadata":{"name":"c"}}' &&
		says 'already exists' &&
		refuses 'refused conflict PATCH' send merge "$maps/c" '' \
			'{"metadata":{"resourceVersion":"1"},"data":{"a":"b"}}' &&
		refuses 'refused conflict DELETE' send delete "$maps/c" '' \
			'{"preconditions":{"uid":"00000000-0000-0000-0000-000000000000"}}'
}

says_what_is_invalid() {
	refuses 'refused invalid POST' send create "$maps" '' \
		'{"metadata":{"name":"Not A Name"}}' && says 'RFC 1123'
}

does_not_repeat_a_secret_that_was_refused() {
	echo Zm9yYmlkZGVuIGZydWl0 >>"$secret_words"
	refuses "refused unavailable PATCH $secrets/x: " send apply "$secrets/x" '' \
		'{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"data":{"a":["Zm9yYmlkZGVuIGZydWl0"]}}'
}

gets_only_metadata_of_lists_and_objects() {
	k -n "$ns" create secret generic z --from-literal=password=hidden \
		>/dev/null &&
		try send metadata "$secrets" 'labelSelector=owner%21%3Dhelm' &&
		says '"kind":"PartialObjectMetadataList"' && says '"name":"z"' &&
		! grep -q aGlkZGVu "$tmp/out" &&
		try send metadata "$secrets/z" &&
		says '"kind":"PartialObjectMetadata"' &&
		! grep -q aGlkZGVu "$tmp/out"
}

gives_the_log_of_a_pod_as_text() {
	k -n "$ns" run talker --image=x >/dev/null &&
		k -n "$ns" wait --for=condition=Ready pod/talker >/dev/null &&
		try send get "/api/v1/namespaces/$ns/pods/talker/log" tailLines=5 &&
		says 'text '
	rc=$?
	k -n "$ns" delete pod talker --now >/dev/null
	return "$rc"
}

takes_no_proxy_from_the_environment() {
	HTTPS_PROXY=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 \
		ALL_PROXY=http://127.0.0.1:1 try send get /version && says 200
}

# --- who we are, whom we trust ----------------------------------------------

takes_the_proxy_of_the_kubeconfig() {
	config proxy "certificate-authority-data: $ca, proxy-url: 'http://127.0.0.1:1'" \
		"token: $token"
	with proxy refuses 'error unavailable' send get /version
}

says_forbidden_with_the_words_of_the_server() {
	k -n "$ns" create serviceaccount nobody >/dev/null
	sa=$(k -n "$ns" create token nobody) || return 1
	echo "$sa" >>"$secret_words"
	config nobody "certificate-authority-data: $ca" "token: $sa"
	with nobody refuses "refused forbidden GET /api/v1/secrets: secrets is forbidden: User \"system:serviceaccount:$ns:nobody\" cannot list resource \"secrets\"" \
		send get /api/v1/secrets
}

impersonates_as_the_kubeconfig_says() {
	config jane "certificate-authority-data: $ca" \
		"token: $token, as: jane, as-groups: [staff]"
	with jane refuses 'User "jane" cannot list' send get /api/v1/secrets
}

refuses_another_ca() {
	other=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-nodes -keyout /dev/null -subj /CN=other -days 1 2>/dev/null |
		openssl base64 -A)
	config other "certificate-authority-data: $other" "token: $token"
	with other refuses 'SSL certificate problem' send get /version &&
		says "error unavailable $server"
}

refuses_a_ca_that_is_none() {
	config junk "certificate-authority-data: anVuaw==" "token: $token"
	with junk refuses 'error unavailable' send get /version
}

checks_the_name_that_tls_server_name_gives() {
	config right "certificate-authority-data: $ca, tls-server-name: kubernetes.default" \
		"token: $token"
	config wrong "certificate-authority-data: $ca, tls-server-name: api.example" \
		"token: $token"
	with right try send get /version && says 200 &&
		with wrong refuses 'SSL: no alternative certificate subject name' \
			send get /version
}

is_told_that_a_token_is_bad() {
	config bad "certificate-authority-data: $ca" "token: not-a-token"
	with bad refuses 'refused unavailable GET /version: Unauthorized' \
		send get /version
}

# count_of LINE FILE: how often the line is there.
count_of() {
	grep -cx -- "$1" "$2"
}

more_than() {
	[ "$(count_of "$2" "$3")" -gt "$1" ]
}

reads_a_rotated_token_file() {
	printf '%s\n' "$token" >"$tmp/token"
	config rotating "certificate-authority-data: $ca" 'tokenFile: token'
	KUBECONFIG=$tmp/rotating "$live" repeat 60 /version >"$tmp/repeat" 2>&1 &
	running="$running $!"
	within 5 more_than 2 200 "$tmp/repeat" || return 1
	echo another-token >"$tmp/new" && mv "$tmp/new" "$tmp/token"
	within 5 more_than 2 401 "$tmp/repeat" || return 1
	good=$(count_of 200 "$tmp/repeat")
	printf '%s\n' "$token" >"$tmp/new" && mv "$tmp/new" "$tmp/token"
	within 5 more_than "$((good + 2))" 200 "$tmp/repeat"
	rc=$?
	cat "$tmp/repeat" >>"$everything"
	return "$rc"
}

renders_a_kubeconfig_that_kubectl_takes() {
	"$live" render >"$tmp/rendered" &&
		HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/rendered" get --raw \
			/version >/dev/null
}

# --- readiness --------------------------------------------------------------

# deploy NAME REPLICAS CONTAINER [SPEC]: a deployment of pods with that
# container; SPEC is more of the pod's spec. All of it in flow style.
deploy() {
	k -n "$ns" apply -f - >/dev/null 2>"$tmp/warnings" <<-END
	{apiVersion: apps/v1, kind: Deployment, metadata: {name: "$1"},
	 spec: {replicas: $2, selector: {matchLabels: {app: "$1"}}, template: {
	  metadata: {labels: {app: "$1"}, annotations: {${5:-}}},
	  spec: {containers: [{name: main, $3}]${4:+, $4}}}}}
	END
}

# judged WANTED TEXT: the verdict has TEXT before long.
judged() {
	within 20 verdict_is "$1" "$2" || {
		sed 's/^/# /' "$tmp/out"
		return 1
	}
}

verdict_is() {
	try judge "$ns" "$1" && grep -qF -- "$2" "$tmp/out"
}

finds_a_deployment_ready() {
	deploy web 3 'image: good' && judged 1 'ready 3/3 3 of 3 pods ready' &&
		judged 2 'absent 3/3 1 of 2 deployments'
}

names_an_image_that_cannot_be_pulled() {
	deploy web 3 'image: does-not-exist' &&
		judged 1 'failed 3/3 3 of 3 pods ready; pod web-' &&
		judged 1 'container main: ImagePullBackOff: Back-off pulling image "does-not-exist"'
}

forgives_what_the_spec_before_had_broken() {
	deploy web 3 'image: better' && judged 1 'ready 3/3' &&
		! grep -q ImagePull "$tmp/out"
}

names_a_crash_loop() {
	deploy web 1 'image: good' '' 'kc/fail: CrashLoopBackOff' &&
		judged 1 'container main: CrashLoopBackOff: exit code 1 (Error), ended 4 times'
}

names_a_pod_that_fits_nowhere() {
	deploy web 1 'image: good, resources: {requests: {cpu: "100"}}' &&
		judged 1 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu'
}

names_a_claim_that_is_not_bound() {
	k -n "$ns" apply -f - >/dev/null <<-END
	{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data},
	 spec: {accessModes: [ReadWriteOnce], storageClassName: missing,
	  resources: {requests: {storage: 1Gi}}}}
	END
	deploy web 1 'image: good' \
		'volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]' &&
		judged 1 'claim data of pod web-'
	rc=$?
	deploy web 1 'image: good' && k -n "$ns" delete pvc data >/dev/null
	return "$rc"
}

names_the_quota_that_refuses() {
	k -n "$ns" create quota tight --hard=pods=1 >/dev/null &&
		deploy web 3 'image: good' &&
		judged 1 'deployment web: FailedCreate: pods "web-' &&
		says 'exceeded quota: tight'
	rc=$?
	k -n "$ns" delete quota tight >/dev/null
	return "$rc"
}

names_a_violated_pod_security() {
	k label namespace "$ns" pod-security.kubernetes.io/enforce=restricted \
		>/dev/null 2>&1 && deploy strict 1 'image: good' &&
		judged 1 'violates PodSecurity "restricted:latest"' &&
		says 'failed '
	rc=$?
	k label namespace "$ns" pod-security.kubernetes.io/enforce- >/dev/null
	k -n "$ns" delete deployment strict web >/dev/null
	return "$rc"
}

# --- watches ----------------------------------------------------------------

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

# counted WORD: how often a watch comes in 8 s to a server that answers so;
# what the watch told is in $tmp/watch.
counted() {
	"$live" count 8 "$1" >"$tmp/count" &
	counter=$!
	within 5 grep -q port "$tmp/count" || return 1
	port=$(sed -n 's/^port //p' "$tmp/count")
	KUBECONFIG=$tmp/fake
	sed "s|https://[^\"]*|http://127.0.0.1:$port|; s/token: .*}}/}}/; s/certificate-authority-data: [^}]*//" \
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
	"$live" count 3 "$1" >"$tmp/count" &
	within 5 grep -q port "$tmp/count" || return 1
	port=$(sed -n 's/^port //p' "$tmp/count")
	sed "s|127.0.0.1:[0-9]*|127.0.0.1:$port|" "$tmp/fake" >"$tmp/fake2"
	with fake2 refuses "$2" send get /api/v1/nodes
}

says_that_an_answer_was_cut() {
	answered cut 'error unavailable http://127.0.0.1:'
}

says_what_a_proxy_said_in_html() {
	answered html 'refused unavailable GET /api/v1/nodes: the Kubernetes API answered 502'
}

never_prints_a_credential() {
	[ -s "$everything" ] && ! grep -qFf "$secret_words" "$everything"
}

k create namespace "$ns" >/dev/null || exit 1
within 10 k -n "$ns" get serviceaccount default >/dev/null 2>&1 || exit 1

check creates_reads_changes_and_deletes
check applies_again_and_again_as_one_manager
check says_conflict
check says_what_is_invalid
check does_not_repeat_a_secret_that_was_refused
check gets_only_metadata_of_lists_and_objects
check takes_no_proxy_from_the_environment
check takes_the_proxy_of_the_kubeconfig
check says_forbidden_with_the_words_of_the_server
check impersonates_as_the_kubeconfig_says
check refuses_another_ca
check refuses_a_ca_that_is_none
check checks_the_name_that_tls_server_name_gives
check is_told_that_a_token_is_bad
check reads_a_rotated_token_file
check renders_a_kubeconfig_that_kubectl_takes
if [ -e "$(dirname "$admin")/pid/kwok" ]; then
	check gives_the_log_of_a_pod_as_text
	check finds_a_deployment_ready
	check names_an_image_that_cannot_be_pulled
	check forgives_what_the_spec_before_had_broken
	check names_a_crash_loop
	check names_a_pod_that_fits_nowhere
	check names_a_claim_that_is_not_bound
	check names_the_quota_that_refuses
	check names_a_violated_pod_security
fi
check watch_sees_what_kubectl_changes
check watch_tells_why_it_is_refused_and_once
check watches_come_and_go_from_other_threads
if [ -e "$(dirname "$admin")/pid/kube-apiserver" ]; then
	check watch_survives_an_outage
fi
check does_not_storm_a_server_that_hangs_up
check opens_again_slowly_after_410
check obeys_retry_after
check follows_no_redirect
check says_that_an_answer_was_cut
check says_what_a_proxy_said_in_html
check never_prints_a_credential
finish
