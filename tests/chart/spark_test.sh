#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The chart charts/spark-thrift-server: TAP on standard output. The
# environment is that of chart_test.sh.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/tests/chart/spark
chart=$top/charts/spark-thrift-server
. "$top/tests/world/tap.sh"
me=chart
. "$top/dev/lib.sh"

HELM=${HELM:-$("$top/dev/fetch.sh")/helm} || exit 1
KUBECTL=${KUBECTL:-$("$top/dev/fetch.sh")/kubectl} || exit 1
export HELM KUBECTL

tmp=$(mktemp -d)
trap 'sh "$top/dev/cluster/cluster.sh" stop "$tmp/cluster"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$tmp" ROASTER_CACHE="$cache"
unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME

# render NAME [ARGS...]: the manifests of values/NAME.json.
render() {
	name=$1
	shift
	"$HELM" template etl "$chart" --namespace etl --kube-version 1.34.0 \
		--values "$here/values/$name.json" "$@"
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

# confs NAME [ARGS...]: spark-defaults.conf.
confs() {
	objects "$@" | jq --raw-output 'select(.kind == "ConfigMap") |
		.data["spark-defaults.conf"]'
}

# template NAME [ARGS...]: the driver's pod template.
template() {
	objects "$@" | jq --sort-keys 'select(.kind == "Deployment") |
		.spec.template'
}

. "$here/static.sh"
. "$here/server.sh"
finish
