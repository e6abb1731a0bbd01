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

# install_shared ARGS...: with an init container that shares a volume.
install_shared() {
	install --set-json 'worker.initContainers=[{"name": "init",
		"image": "busybox:1.36", "volumeMounts":
		[{"name": "shared", "mountPath": "/shared"}]}]' "$@"
}

a_restricted_namespace_runs_the_pods() {
	write_secret && install_shared && pods_get_ready
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
		>"$tmp/upgrade.json" && install_shared --values "$tmp/upgrade.json" &&
		pods_get_ready && [ "$(replica_sets worker)" = 2 ] &&
		[ "$(replica_sets coordinator)" = 1 ]
}

check every_byte_of_a_nasty_file_arrives
check a_restricted_namespace_runs_the_pods
check the_service_has_the_coordinator
check an_upgrade_replaces_only_the_pods_concerned
