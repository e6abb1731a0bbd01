#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The charts of charts/: TAP on standard output.
#
# Environment: HELM, KUBECTL (default: those of dev/fetch.sh), KUBECONFIG
# (default: a private cluster, run by KC and ended with this script), UPDATE=1
# to write the golden files anew.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/tests/chart
. "$top/tests/world/tap.sh"
me=chart
. "$top/dev/lib.sh"

HELM=${HELM:-$("$top/dev/fetch.sh")/helm} || exit 1
KUBECTL=${KUBECTL:-$("$top/dev/fetch.sh")/kubectl} || exit 1
export HELM KUBECTL

tmp=$(mktemp -d)
trap 'sh "$top/dev/cluster/cluster.sh" stop "$tmp/cluster"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
# Neither helm nor kubectl may write to, or read from, the caller's home.
# What was built once a machine stays where it is.
export HOME="$tmp" ROASTER_CACHE="$cache"
unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME

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

# use CHART RELEASE: what the functions above are about.
use() {
	chart=$top/charts/$1
	data=$here/$1
	release=$2
	echo "# charts/$1"
	common_checks
	server_checks
}

. "$here/common.sh"
. "$here/server.sh"

use trino etl
for part in static files rolls server; do
	# shellcheck source=/dev/null
	. "$data/$part.sh"
done
use mysql mysql
. "$data/test.sh"
use hive-metastore hive-metastore
. "$data/test.sh"
"$KUBECTL" delete namespace "$namespace" --wait=false >/dev/null
finish
