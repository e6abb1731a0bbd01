#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# account.sh ADMIN OUT: set up roasterd's service account in the cluster of the
# KUBECONFIG value ADMIN and write OUT, a kubeconfig (mode 0600) that acts as
# it. The token, good for two days, is in no argument list.
set -eu
me=account
. "$(dirname "$0")/lib.sh"
[ $# = 2 ] || die "usage: account.sh ADMIN OUT"
rbac=$(dirname "$0")/../conf/kubernetes/rbac.yaml
umask 077
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
admin=$1
out=$2

k() {
	KUBECACHEDIR=$tmp/cache KUBECONFIG=$admin "$KUBECTL" "$@"
}

k apply -f "$rbac" >/dev/null
k create token roaster -n roaster --duration=48h >"$tmp/token"
k config view --raw --minify --flatten -o json |
	jq --rawfile token "$tmp/token" \
		'.users[0].user = {token: ($token | rtrimstr("\n"))}' \
		>"$tmp/kubeconfig"
mv "$tmp/kubeconfig" "$out"
