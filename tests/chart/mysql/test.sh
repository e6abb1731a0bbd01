# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The database: its names, its passwords, and its volume.

the_default_tag_is_the_appVersion() {
	version=$("$HELM" show chart "$chart" | sed -n 's/^appVersion: //p' |
		tr -d '"')
	finds ".spec.template.spec.containers[0]?.image == \"mysql:$version\"" \
		minimal
}

# Nothing is taken from the Secret but files, and those are only named.
no_password_is_in_arguments_or_environment() {
	finds '.spec.template.spec.containers[0]? | .env != null and
		all(.env[]; (.name | endswith("PASSWORD") | not) and
			has("value")) and
		([.args, .command, .startupProbe, .livenessProbe,
			.readinessProbe] | tostring |
			test("password") | not)' demo
}

install_mysql() {
	"$HELM" upgrade --install mysql "$chart" --namespace "$namespace" \
		--hide-notes --values "$data/values/demo.json" \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

mysql_is_ready() {
	k rollout status statefulset/mysql-statefulset --timeout=60s >/dev/null &&
		within 20 one_endpoint mysql-service
}

a_restricted_namespace_runs_the_database() {
	k create secret generic hive-metastore-mysql >/dev/null \
		--from-literal=root-password=x --from-literal=user-password=y &&
		install_mysql && mysql_is_ready
}

claim() {
	k get persistentvolumeclaim mysql-data-disk \
		--output 'jsonpath={.metadata.uid}'
}

uninstall_mysql() {
	"$HELM" uninstall mysql --namespace "$namespace" --wait \
		>"$tmp/install.log" 2>&1 || ! cat "$tmp/install.log"
}

the_next_release_takes_the_volume_over() {
	before=$(claim) && [ -n "$before" ] && uninstall_mysql &&
		[ "$(claim)" = "$before" ] && install_mysql && mysql_is_ready &&
		[ "$(claim)" = "$before" ]
}

an_uninstall_leaves_only_the_volume() {
	uninstall_mysql && [ "$(k get \
		statefulsets,services,serviceaccounts,persistentvolumeclaims \
		--selector app.kubernetes.io/instance=mysql --output name)" = \
		persistentvolumeclaim/mysql-data-disk ]
}

check the_default_tag_is_the_appVersion
check no_password_is_in_arguments_or_environment
check a_restricted_namespace_runs_the_database
check the_next_release_takes_the_volume_over
check an_uninstall_leaves_only_the_volume
