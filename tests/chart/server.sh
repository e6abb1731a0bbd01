# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The same objects before a real API server, in a namespace that enforces the
# Pod Security Standard "restricted".

namespace=chart-test-$$

start_cluster() {
	KC=${KC:-$("$top/dev/cluster/kc.sh")} || exit 1
	KC_OWNER=$$
	export KC KC_OWNER
	KUBECONFIG=$(sh "$top/dev/cluster/cluster.sh" start "$tmp/cluster") ||
		exit 1
}

[ -n "${KUBECONFIG:-}" ] || start_cluster
export KUBECONFIG
security=pod-security.kubernetes.io
"$KUBECTL" create namespace "$namespace" >/dev/null &&
	"$KUBECTL" label namespace "$namespace" "$security/enforce=restricted" \
		"$security/warn=restricted" >/dev/null || exit 1

# k ARGS...: kubectl in the namespace.
k() {
	"$KUBECTL" --namespace "$namespace" "$@"
}

# ready_endpoints SERVICE: how many it has.
ready_endpoints() {
	k get endpointslices --output json --selector \
		"kubernetes.io/service-name=$1" |
		jq '[.items[].endpoints[]? | select(.conditions.ready)] | length'
}

one_endpoint() {
	[ "$(ready_endpoints "$1")" = 1 ]
}

# apply NAME [ARGS...]: a strict dry run; what the server says is in apply.log.
apply() {
	"$HELM" template "$release" "$chart" --values "$data/values/$1.json" \
		--namespace "$namespace" >"$tmp/apply.yaml" || return 1
	shift
	k apply --dry-run=server --validate=strict "$@" \
		--filename "$tmp/apply.yaml" >/dev/null 2>"$tmp/apply.log"
}

the_server_takes_it_strictly_and_without_a_warning() {
	for values in demo minimal; do
		apply "$values" && [ ! -s "$tmp/apply.log" ] || ! cat \
			"$tmp/apply.log" || return 1
	done
}

# It asks for user 0 and may warn of that, and of nothing else.
the_server_takes_everything_set() {
	apply everything || ! cat "$tmp/apply.log" || return 1
	! grep -v 'would violate PodSecurity' "$tmp/apply.log"
}

# Without this the two tests above could not fail.
the_namespace_would_refuse_an_unrestricted_pod() {
	k run bad --image=x --dry-run=server >"$tmp/bad.log" 2>&1
	grep -q 'violates PodSecurity "restricted' "$tmp/bad.log"
}

server_checks() {
	check the_server_takes_it_strictly_and_without_a_warning
	check the_server_takes_everything_set
	check the_namespace_would_refuse_an_unrestricted_pod
}
