#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The charts of charts/: TAP on standard output. All that is known of a chart
# is in the folder of its name: values, what they render to, values that are
# refused, and the scripts with the tests of that chart alone.
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

. "$here/render.sh"
. "$here/common.sh"
. "$here/server.sh"

# use CHART RELEASE: every test of a chart.
use() {
	chart=$top/charts/$1
	data=$here/$1
	release=$2
	echo "# charts/$1"
	common_checks
	server_checks
	for part in "$data"/*.sh; do
		# shellcheck source=/dev/null
		. "$part"
	done
	release_checks
	used="$used $1"
}

every_chart_has_its_tests() {
	# shellcheck disable=SC2086 # names
	[ "$(printf '%s\n' $used | sort)" = "$(cd "$top/charts" && ls)" ]
}

used=
use trino etl
use mysql mysql
use hive-metastore hive-metastore
use spark-thrift-server etl
check every_chart_has_its_tests
"$KUBECTL" delete namespace "$namespace" --wait=false >/dev/null
finish
