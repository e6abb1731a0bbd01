# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# What the rendered text says, without a server.

the_chart_is_strictly_clean() {
	"$HELM" lint --strict --quiet "$chart" >"$tmp/lint" 2>&1 ||
		! cat "$tmp/lint"
}

# golden NAME: what values/NAME.json renders to is golden/NAME.yaml.
golden() {
	echo '# SPDX-License-Identifier: Apache-2.0' >"$tmp/golden.yaml"
	render "$1" >>"$tmp/golden.yaml" || return 1
	[ -z "${UPDATE:-}" ] || cp "$tmp/golden.yaml" "$here/golden/$1.yaml"
	diff -u "$here/golden/$1.yaml" "$tmp/golden.yaml"
}

the_demo_renders_as_it_did() {
	golden demo
}

no_values_render_as_they_did() {
	golden minimal
}

everything_set_renders_as_it_did() {
	golden everything
}

# The commented values, the schema and the README are three lists of one thing.
values_schema_and_readme_name_the_same_keys() {
	python3 "$here/keys.py" "$chart"
}

the_default_tag_is_the_appVersion() {
	version=$("$HELM" show chart "$chart" | sed -n 's/^appVersion: //p' |
		tr -d '"')
	finds ".spec.template.spec.containers[0]?.image ==
		\"trinodb/trino:$version\"" minimal
}

# An emptyDir has nothing in it; nothing else is empty.
no_key_is_null_or_empty() {
	for values in demo minimal everything; do
		objects "$values" >"$tmp/objects.json" || return 1
		jq --exit-status --slurp '[.[] | paths(. == null or . == "" or
			. == [] or . == {}) | select(last != "emptyDir")] == []' \
			"$tmp/objects.json" >/dev/null || return 1
	done
}

no_object_names_its_namespace() {
	finds '.metadata | has("name")' everything &&
		! finds '.metadata | has("namespace")' everything
}

an_autoscaled_deployment_has_no_replicas() {
	finds '.metadata.name == "trino-worker" and .kind == "Deployment" and
		(.spec | has("replicas") | not)' demo &&
		finds '.metadata.name == "trino-worker" and .spec.replicas == 3' \
			everything
}

# budget ARGS...: there is a PodDisruptionBudget.
budget() {
	finds '.kind == "PodDisruptionBudget"' minimal "$@"
}

one_worker_has_no_disruption_budget() {
	scaled=worker.autoscaling.enabled=true
	budget && ! budget --set worker.replicas=1 &&
		! budget --set worker.replicas=0 && ! budget --set "$scaled" &&
		budget --set "$scaled,worker.autoscaling.minReplicas=2" &&
		! budget --set worker.podDisruptionBudget.enabled=false
}

# ready_by HANDLER TAG: what the readiness probe of an image is.
ready_by() {
	finds ".spec.template.spec.containers[0]?.readinessProbe | has(\"$1\")" \
		minimal --set-string "image.tag=$2"
}

readiness_suits_the_release() {
	for tag in 351 371 371-arm64; do
		ready_by httpGet "$tag" || return 1
	done
	for tag in 372 384 476 476-arm64 latest v3.0.9; do
		ready_by exec "$tag" || return 1
	done
}

user_0_is_granted_and_anyone_else_is_checked() {
	finds '.spec.template.spec.securityContext? | .runAsUser == 0 and
		.runAsNonRoot == false' minimal --set podSecurityContext.runAsUser=0 &&
		finds '.spec.template.spec.securityContext? | .runAsUser == 7 and
			.runAsNonRoot' minimal --set podSecurityContext.runAsUser=7
}

# refused WORDS VALUES: rendering fails, and standard error has the words.
refused() {
	if printf '%s' "$2" | "$HELM" template etl "$chart" --values - \
		>/dev/null 2>"$tmp/refused"; then
		echo "# accepted: $2"
		return 1
	fi
	grep -q -- "$1" "$tmp/refused" || {
		echo "# refused, but not for $1: $2"
		return 1
	}
}

wrong_values_are_refused() {
	while IFS='	' read -r words values; do
		[ "$words" != '#' ] || continue
		refused "$words" "$values" || return 1
	done <"$here/refused.tsv"
}

unknown_global_values_are_let_in() {
	render minimal --set global.anything=1 >/dev/null
}

check the_chart_is_strictly_clean
check the_demo_renders_as_it_did
check no_values_render_as_they_did
check everything_set_renders_as_it_did
check values_schema_and_readme_name_the_same_keys
check the_default_tag_is_the_appVersion
check no_key_is_null_or_empty
check no_object_names_its_namespace
check an_autoscaled_deployment_has_no_replicas
check one_worker_has_no_disruption_budget
check readiness_suits_the_release
check user_0_is_granted_and_anyone_else_is_checked
check wrong_values_are_refused
check unknown_global_values_are_let_in
