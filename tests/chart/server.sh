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

# install [ARGS...]: the demo, or an upgrade to it.
# shellcheck disable=SC2120 # arguments come from the scripts of the charts
install() {
	"$HELM" upgrade --install "$release" "$chart" --namespace "$namespace" \
		--hide-notes --values "$data/values/demo.json" "$@" \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

uninstall() {
	"$HELM" uninstall "$release" --namespace "$namespace" --wait \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

# pods_get_ready: those of every Deployment and StatefulSet of the release.
pods_get_ready() {
	for owner in $(k get deployments,statefulsets --output name --selector \
		"app.kubernetes.io/instance=$release"); do
		k rollout status "$owner" --timeout=60s >/dev/null || return 1
	done
}

# existing MANIFEST: those of its objects that are there, as a JSON list.
existing() {
	k get --filename "$1" --ignore-not-found --output json |
		jq --slurp '[.[] | .items // [.] | .[]]'
}

# contents: the release's objects, without what controllers write any time.
contents() {
	"$HELM" get manifest "$release" --namespace "$namespace" \
		>"$tmp/manifest.yaml" && existing "$tmp/manifest.yaml" |
		jq --sort-keys '.[] | del(.status, .metadata.resourceVersion,
			.metadata.managedFields)'
}

# claims: the claims of the release, as name and uid.
claims() {
	k get persistentvolumeclaims --output json --selector \
		"app.kubernetes.io/instance=$release" |
		jq --raw-output '.items[].metadata | .name + " " + .uid' | sort
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

# Another release of the chart, while the first one is there.
a_second_release_is_refused_and_touches_nothing() {
	contents >"$tmp/before" &&
		[ -s "$tmp/before" ] && ! (release=other install) >/dev/null &&
		grep -q 'cannot be imported into the current release' \
			"$tmp/install.log" &&
		! "$HELM" status other --namespace "$namespace" >/dev/null 2>&1 &&
		contents | cmp -s "$tmp/before" -
}

# What is left is what says so, and nothing else.
an_uninstall_leaves_only_the_kept_claims() {
	"$HELM" get manifest "$release" --namespace "$namespace" \
		>"$tmp/manifest.yaml" && claims >"$tmp/claims" && uninstall &&
		existing "$tmp/manifest.yaml" | jq --raw-output '.[] |
			.kind + " " + .metadata.name + " " + .metadata.uid' |
		sed 's/^PersistentVolumeClaim //' | sort |
		diff "$tmp/claims" -
}

# A Service of somebody else's, in the way of the first install.
a_foreign_object_in_the_way_is_refused_and_stays() {
	name=$(objects demo | jq --raw-output --slurp 'map(select(.kind ==
		"Service" and .spec.clusterIP != "None"))[0].metadata.name')
	k create service clusterip "$name" --tcp=1 >/dev/null &&
		k get service "$name" --output json >"$tmp/foreign.json" &&
		! install >/dev/null && grep -q \
		'cannot be imported into the current release' "$tmp/install.log" &&
		k get service "$name" --output json | cmp -s - \
			"$tmp/foreign.json" &&
		[ -z "$(k get deployments,statefulsets --output name)" ] &&
		k delete service "$name" >/dev/null
}

the_next_release_takes_the_claims_over() {
	claims >"$tmp/claims" && install && pods_get_ready &&
		claims | cmp -s "$tmp/claims" - &&
		an_uninstall_leaves_only_the_kept_claims
}

# With the chart's own tests before them, which leave the demo installed.
release_checks() {
	check a_second_release_is_refused_and_touches_nothing
	check an_uninstall_leaves_only_the_kept_claims
	check a_foreign_object_in_the_way_is_refused_and_stays
	check the_next_release_takes_the_claims_over
}
