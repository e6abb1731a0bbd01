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

# apply NAME [ARGS...]: a strict dry run; what the server says is in apply.log.
apply() {
	"$HELM" template etl "$chart" --values "$here/values/$1.json" \
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

every_byte_of_a_nasty_file_arrives() {
	python3 "$here/files.py" nasty >"$tmp/nasty.json" &&
		"$HELM" template etl "$chart" --values - <"$tmp/nasty.json" \
			>"$tmp/nasty.yaml" &&
		k create --dry-run=server --output json \
			--filename "$tmp/nasty.yaml" >"$tmp/nasty.out" &&
		jq --slurp '{items: map(.items // [.]) | add}' \
			"$tmp/nasty.out" |
		python3 "$here/files.py" compare "$tmp/nasty.json"
}

# write_secret: what roaster writes beside helm, with the demo's keys.
write_secret() {
	# shellcheck disable=SC2046 # keys have no blanks
	set -- $(jq -r '.coordinator, .worker | .files[] | select(.secret) |
		"--from-literal=" + .key + "=x"' "$here/values/demo.json")
	k create secret generic trino-cluster-etl-files "$@" >/dev/null
}

# install ARGS...: the demo, with an init container that shares a volume.
install() {
	"$HELM" upgrade --install etl "$chart" --namespace "$namespace" \
		--values "$here/values/demo.json" --hide-notes \
		--set-json 'worker.initContainers=[{"name": "init",
			"image": "busybox:1.36", "volumeMounts":
			[{"name": "shared", "mountPath": "/shared"}]}]' \
		"$@" >"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

pods_get_ready() {
	k rollout status deployment/trino-coordinator --timeout=60s &&
		k rollout status deployment/trino-worker --timeout=60s
} >/dev/null

a_restricted_namespace_runs_the_pods() {
	write_secret && install && pods_get_ready
}

# ready_endpoints: how many the coordinator's Service has.
ready_endpoints() {
	k get endpointslices --output json --selector \
		kubernetes.io/service-name=trino-coordinator-service |
		jq '[.items[].endpoints[]? | select(.conditions.ready)] | length'
}

one_endpoint() {
	[ "$(ready_endpoints)" = 1 ]
}

the_service_has_the_coordinator() {
	within 20 one_endpoint
}

# replica_sets ROLE: how many pod templates it has had.
replica_sets() {
	k get replicasets --selector "component=$1" --output name | wc -l
}

an_upgrade_replaces_only_the_pods_concerned() {
	jq '.worker.files[0].value += "#\n"' "$here/values/demo.json" \
		>"$tmp/upgrade.json" && install --values "$tmp/upgrade.json" &&
		pods_get_ready && [ "$(replica_sets worker)" = 2 ] &&
		[ "$(replica_sets coordinator)" = 1 ]
}

an_uninstall_leaves_only_what_is_not_the_chart_s() {
	"$HELM" uninstall etl --namespace "$namespace" --wait \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log" || return 1
	[ -z "$(k get configmaps,deployments,services,serviceaccounts,hpa,pdb \
		--selector app.kubernetes.io/instance=etl --output name)" ]
}

check the_server_takes_it_strictly_and_without_a_warning
check the_server_takes_everything_set
check the_namespace_would_refuse_an_unrestricted_pod
check every_byte_of_a_nasty_file_arrives
check a_restricted_namespace_runs_the_pods
check the_service_has_the_coordinator
check an_upgrade_replaces_only_the_pods_concerned
check an_uninstall_leaves_only_what_is_not_the_chart_s
"$KUBECTL" delete namespace "$namespace" --wait=false >/dev/null
