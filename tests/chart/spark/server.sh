# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The same objects before a real API server, in a namespace that enforces the
# Pod Security Standard "restricted".

namespace=spark-chart-test-$$
canary="canary-3b1f0a7c"

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

the_server_takes_it_strictly_and_without_a_warning() {
	for values in demo minimal everything; do
		"$HELM" template etl "$chart" --namespace "$namespace" \
			--values "$here/values/$values.json" >"$tmp/apply.yaml" &&
			k apply --dry-run=server --validate=strict --filename \
				"$tmp/apply.yaml" >/dev/null 2>"$tmp/apply.log" &&
			[ ! -s "$tmp/apply.log" ] || ! cat "$tmp/apply.log" ||
			return 1
	done
}

# executor FILTER: Spark's part of an executor, changed by a jq filter.
executor() {
	objects demo | jq --raw-output 'select(.kind == "ConfigMap") |
		.data["executor.yaml"]' >"$tmp/executor.yaml" &&
		"$KUBECTL" annotate --local --filename "$tmp/executor.yaml" \
			test=1 --output json |
		jq '.metadata.name = "x" | .spec.containers[0].image = "x"' |
		jq "$1" |
		k create --dry-run=server --validate=strict --filename - \
			>"$tmp/executor.log" 2>&1
}

an_executor_fits_in_the_namespace() {
	executor . || ! cat "$tmp/executor.log" || return 1
	! grep -q Warning "$tmp/executor.log" &&
		! executor 'del(.spec.securityContext)' &&
		grep -q 'violates PodSecurity "restricted' "$tmp/executor.log"
}

install() {
	"$HELM" upgrade --install etl "$chart" --namespace "$namespace" \
		--values "$here/values/demo.json" --hide-notes \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

a_restricted_namespace_runs_the_driver() {
	k create secret generic spark-thrift-server-s3 \
		"--from-literal=accessKey=$canary" \
		"--from-literal=secretKey=$canary" >/dev/null && install &&
		k rollout status deployment/spark-thrift-server \
			--timeout=60s >/dev/null
}

# Everything there is but the Secret itself, with Helm's record unpacked.
the_keys_are_in_the_secret_only() {
	k get configmaps,deployments,replicasets,pods,services,pvc \
		--output json >"$tmp/all.json" &&
		"$HELM" get all etl --namespace "$namespace" >>"$tmp/all.json" &&
		grep -q spark-thrift-server-s3 "$tmp/all.json" &&
		! grep -q "$canary" "$tmp/all.json"
}

# may VERB RESOURCE [ARGS...]: what the driver's account is allowed.
may() {
	"$KUBECTL" auth can-i --quiet \
		--as "system:serviceaccount:$namespace:spark-thrift-server" \
		"$@"
}

the_driver_may_make_pods_here_and_no_more() {
	may create pods --namespace "$namespace" &&
		may deletecollection persistentvolumeclaims \
			--namespace "$namespace" &&
		! may get secrets --namespace "$namespace" &&
		! may create pods --namespace default &&
		! may list nodes
}

one_endpoint() {
	[ "$(k get endpointslices --output json --selector \
		kubernetes.io/service-name=spark-thrift-server-service |
		jq '[.items[].endpoints[]? | select(.conditions.ready)] |
			length')" = 1 ]
}

the_service_has_the_driver() {
	within 20 one_endpoint
}

# claim: which claim it is, not only what it is called.
claim() {
	k get pvc nfs-pvc-driver --output 'jsonpath={.metadata.uid}'
}

the_claim_outlives_the_release_and_is_taken_again() {
	uid=$(claim) && [ -n "$uid" ] &&
		"$HELM" uninstall etl --namespace "$namespace" --wait \
			>/dev/null 2>&1 && [ "$(claim)" = "$uid" ] &&
		[ -z "$(k get deployments,roles,services --selector \
			app.kubernetes.io/instance=etl --output name)" ] &&
		install && [ "$(claim)" = "$uid" ]
}

check the_server_takes_it_strictly_and_without_a_warning
check an_executor_fits_in_the_namespace
check a_restricted_namespace_runs_the_driver
check the_keys_are_in_the_secret_only
check the_driver_may_make_pods_here_and_no_more
check the_service_has_the_driver
check the_claim_outlives_the_release_and_is_taken_again
"$KUBECTL" delete namespace "$namespace" --wait=false >/dev/null
