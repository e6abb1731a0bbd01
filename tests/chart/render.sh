# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# What a chart renders to, as text and as objects. Read with ".".

# render NAME [ARGS...]: the manifests of the chart with its values/NAME.json.
render() {
	name=$1
	shift
	"$HELM" template "$release" "$chart" --namespace etl --kube-version 1.34.0 \
		--values "$data/values/$name.json" "$@"
}

# objects NAME [ARGS...]: the same as a stream of JSON objects.
objects() {
	render "$@" >"$tmp/objects.yaml" &&
		"$KUBECTL" annotate --local --filename "$tmp/objects.yaml" \
			test=1 --output json
}

# finds FILTER NAME [ARGS...]: the jq filter is true for one object.
finds() {
	filter=$1
	shift
	objects "$@" | jq --exit-status --slurp "any(.[]; $filter)" >/dev/null
}

# templates NAME [ARGS...]: the pod templates, by the names of their owners.
templates() {
	objects "$@" | jq --sort-keys --slurp '[.[] | select(.spec.template?) |
		{key: .metadata.name, value: .spec.template}] | from_entries'
}

# template OWNER NAME [ARGS...]: one of them.
template() {
	owner=$1
	shift
	templates "$@" | jq --arg owner "$owner" '.[$owner] // empty'
}

# same_pods [ARGS...]: the pod templates are those of the demo.
same_pods() {
	templates demo >"$tmp/before.json" &&
		templates demo "$@" >"$tmp/after.json" &&
		[ "$(jq length "$tmp/before.json")" -gt 0 ] &&
		cmp -s "$tmp/before.json" "$tmp/after.json"
}

# default KEY: the value of a key with two levels in values.yaml.
default() {
	"$HELM" show values "$chart" >"$tmp/defaults.yaml" &&
		sed -n "/^${1%.*}:/,/^[^ #]/s/^  ${1#*.}: *//p" \
			"$tmp/defaults.yaml" | tr -d '"'
}
