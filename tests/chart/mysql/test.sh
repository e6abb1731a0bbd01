# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The database: its names, its passwords, and its volume.

# Nothing is taken from the Secret but files, and those are only named.
no_password_is_in_arguments_or_environment() {
	finds '.spec.template.spec.containers[0]? | .env != null and
		all(.env[]; (.name | endswith("PASSWORD") | not) and
			has("value")) and
		([.args, .command, .startupProbe, .livenessProbe,
			.readinessProbe] | tostring |
			test("password") | not)' demo
}

a_restricted_namespace_runs_the_database() {
	k create secret generic hive-metastore-mysql >/dev/null \
		--from-literal=root-password=x --from-literal=user-password=y &&
		install && pods_get_ready && within 20 one_endpoint mysql-service
}

# What a deletion with data finds it by; the pods do not have it.
only_the_claim_says_whose_it_is() {
	finds '.kind == "PersistentVolumeClaim" and .metadata.labels == (
		.metadata.labels + {"roaster-kind": "hive_metastore",
		"roaster-name": "default"})' demo &&
		[ "$(render demo | grep -c 'roaster-name:')" = 1 ] &&
		! render minimal | grep -q 'roaster-\(kind\|name\):' &&
		same_pods --set owner.name=other
}

an_upgrade_keeps_the_claim() {
	claims >"$tmp/claims" && install --set 'args={--skip-log-bin}' &&
		pods_get_ready && claims | cmp -s "$tmp/claims" -
}

check no_password_is_in_arguments_or_environment
check only_the_claim_says_whose_it_is
check a_restricted_namespace_runs_the_database
check an_upgrade_keeps_the_claim
