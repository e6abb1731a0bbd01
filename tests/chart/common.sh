# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# What holds for every chart, without a server.

the_chart_is_strictly_clean() {
	"$HELM" lint --strict --quiet "$chart" >"$tmp/lint" 2>&1 ||
		! cat "$tmp/lint"
}

# golden NAME: what values/NAME.json renders to is golden/NAME.yaml.
golden() {
	echo '# SPDX-License-Identifier: Apache-2.0' >"$tmp/golden.yaml"
	render "$1" >>"$tmp/golden.yaml" || return 1
	[ -z "${UPDATE:-}" ] || cp "$tmp/golden.yaml" "$data/golden/$1.yaml"
	diff -u "$data/golden/$1.yaml" "$tmp/golden.yaml"
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

# An emptyDir has nothing in it, the core API group no name, and an argument of
# the user's may be empty; nothing else is.
no_key_is_null_or_empty() {
	for values in demo minimal everything; do
		objects "$values" >"$tmp/objects.json" || return 1
		jq --exit-status --slurp '[.[] | paths(. == null or . == "" or
			. == [] or . == {}) | select(last != "emptyDir" and
			(.[-2] | IN("args", "apiGroups") | not))] == []' \
			"$tmp/objects.json" >/dev/null || return 1
	done
}

no_object_names_its_namespace() {
	finds '.metadata | has("name")' everything &&
		! finds '.metadata | has("namespace")' everything
}

# By these the applier knows what a release has; without them nothing of it is
# ever ready.
every_object_and_pod_is_labelled_as_the_release_s() {
	for values in demo minimal everything; do
		objects "$values" >"$tmp/objects.json" || return 1
		jq --exit-status --slurp --arg release "$release" '[.[] |
			., (.spec.template? // empty) | .metadata.labels |
			."app.kubernetes.io/instance" == $release and
			."app.kubernetes.io/part-of" == "roaster"] |
			length > 0 and all' "$tmp/objects.json" >/dev/null ||
			return 1
	done
}

user_0_is_granted_and_anyone_else_is_checked() {
	finds '.spec.template.spec.securityContext? | .runAsUser == 0 and
		.runAsNonRoot == false' minimal --set podSecurityContext.runAsUser=0 &&
		finds '.spec.template.spec.securityContext? | .runAsUser == 7 and
			.runAsNonRoot' minimal --set podSecurityContext.runAsUser=7
}

the_default_image_is_the_appVersion() {
	version=$("$HELM" show chart "$chart" | sed -n 's/^appVersion: //p' |
		tr -d '"')
	image=$(default image.repository):$(default image.tag)
	[ "${image##*:}" = "$version" ] || [ "${image##*:}" = "v$version" ] &&
		finds ".spec.template.spec.containers[0]?.image == \"$image\"" \
			minimal
}

# Run in a subshell: it points at another chart.
another_chart_version_rolls_nothing() (
	templates demo >"$tmp/now.json"
	rm -rf "$tmp/next"
	cp -R "$chart" "$tmp/next"
	sed -i 's/^version: .*/version: 9.9.9/' "$tmp/next/Chart.yaml"
	chart=$tmp/next
	finds '.metadata.labels["helm.sh/chart"] | endswith("-9.9.9")' demo &&
		templates demo | cmp -s - "$tmp/now.json"
)

# Those that Helm's and Kubernetes's guides ask for, beside the two above.
every_object_says_what_it_is_and_of_which_chart() {
	for values in demo minimal everything; do
		objects "$values" >"$tmp/objects.json" || return 1
		jq --exit-status --slurp 'length > 0 and all(.[];
			.metadata.labels |
			."app.kubernetes.io/name" != null and
			."app.kubernetes.io/managed-by" == "Helm" and
			."app.kubernetes.io/version" != null and
			."helm.sh/chart" != null)' \
			"$tmp/objects.json" >/dev/null || return 1
	done
}

# What a kubelet would otherwise do: kill a slow start, send to what is not
# ready, never see what hangs.
every_container_has_its_probes() {
	finds '.spec.template.spec.containers[0]? | .startupProbe and
		.livenessProbe and .readinessProbe' minimal &&
		! finds '.spec.template.spec.containers[0]? | . != null and
			(.startupProbe and .livenessProbe and .readinessProbe |
			not)' minimal
}

# refused WORDS VALUES: rendering fails, and standard error has the words.
refused() {
	if printf '%s' "$2" | "$HELM" template "$release" "$chart" --values - \
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
	done <"$data/refused.tsv"
}

unknown_global_values_are_let_in() {
	render minimal --set global.anything=1 >/dev/null
}

common_checks() {
	check the_chart_is_strictly_clean
	check the_demo_renders_as_it_did
	check no_values_render_as_they_did
	check everything_set_renders_as_it_did
	check values_schema_and_readme_name_the_same_keys
	check no_key_is_null_or_empty
	check the_default_image_is_the_appVersion
	check another_chart_version_rolls_nothing
	check every_container_has_its_probes
	check no_object_names_its_namespace
	check every_object_and_pod_is_labelled_as_the_release_s
	check every_object_says_what_it_is_and_of_which_chart
	check user_0_is_granted_and_anyone_else_is_checked
	check wrong_values_are_refused
	check unknown_global_values_are_let_in
}
