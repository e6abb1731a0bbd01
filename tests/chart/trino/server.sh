# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The chart's pods, run in a restricted namespace.

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
		"--from-literal=" + .key + "=x"' "$data/values/demo.json")
	k create secret generic trino-cluster-etl-files "$@" >/dev/null
}

# install ARGS...: the demo, with an init container that shares a volume.
install() {
	"$HELM" upgrade --install etl "$chart" --namespace "$namespace" \
		--values "$data/values/demo.json" --hide-notes \
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

the_service_has_the_coordinator() {
	within 20 one_endpoint trino-coordinator-service
}

# replica_sets ROLE: how many pod templates it has had.
replica_sets() {
	k get replicasets --selector "component=$1" --output name | wc -l
}

an_upgrade_replaces_only_the_pods_concerned() {
	jq '.worker.files[0].value += "#\n"' "$data/values/demo.json" \
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

check every_byte_of_a_nasty_file_arrives
check a_restricted_namespace_runs_the_pods
check the_service_has_the_coordinator
check an_upgrade_replaces_only_the_pods_concerned
check an_uninstall_leaves_only_what_is_not_the_chart_s
