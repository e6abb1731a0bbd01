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
	check no_object_names_its_namespace
	check every_object_and_pod_is_labelled_as_the_release_s
	check user_0_is_granted_and_anyone_else_is_checked
	check wrong_values_are_refused
	check unknown_global_values_are_let_in
}
