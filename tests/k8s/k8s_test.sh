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

. "$top/tests/k8s/requests.sh"
. "$top/tests/k8s/trust.sh"
. "$top/tests/k8s/ready.sh"
. "$top/tests/k8s/watches.sh"

never_prints_a_credential() {
	[ -s "$everything" ] && ! grep -qFf "$secret_words" "$everything"
}

# After an outage the controllers take their time to come back.
if ! k create namespace "$ns" >/dev/null ||
	! within 60 k -n "$ns" get serviceaccount default >/dev/null 2>&1; then
	echo "Bail out! no namespace to work in"
	exit 1
fi

check creates_reads_changes_and_deletes
check applies_again_and_again_as_one_manager
check says_conflict
check says_what_is_invalid
check does_not_repeat_a_secret_that_was_refused
check gets_only_metadata_of_lists_and_objects
check sends_nothing_over_a_new_connection_while_it_stays
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
check watch_ends_for_all_tags_but_those_kept
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
