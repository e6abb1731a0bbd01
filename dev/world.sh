#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# world.sh COMMAND: everything that roasterd needs, and roasterd, for this tree.
#
#   up      start what does not run and write .dev/env (shell assignments)
#   down    end all of it; the local cluster goes and with it the database that
#           belongs to it, unless KEEP=1
#   status  what runs; exit status 0 if all does
#   env     print .dev/env
#
# Everything lies in .dev, every port is a free one: trees do not disturb each
# other, nor does a second world of a tree, whose folder ROASTER_DEV names.
# Instead of the local parts up takes a KUBECONFIG, a HELM, a KUBECTL, a
# ROASTER_DATABASE_URL and a ROASTERD, the program, that the caller has set, and
# roasterd its own settings.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
me=world
. "$here/lib.sh"
. "$here/server.sh"
. "$here/leftovers.sh"

top=${here%/*}
dev=${ROASTER_DEV:-$top/.dev}
roasterd=${ROASTERD:-$top/build/roasterd}
cluster() {
	KUBECTL=${KUBECTL:-} sh "$here/cluster/cluster.sh" "$1" "$dev/cluster" 9>&-
}

# wanted_cluster: "local", unless the caller names another one. A KUBECONFIG out
# of .dev/env is the local one, too.
wanted_cluster() {
	case ${KUBECONFIG:-} in
	'' | "$dev/cluster/kubeconfig") echo local ;;
	*) echo "$KUBECONFIG" ;;
	esac
}

# used_cluster: the one that the database in .dev/state describes; "" if none.
used_cluster() {
	cat "$dev/used_cluster" 2>/dev/null || :
}

# cluster_runs: as far as that is our business.
cluster_runs() {
	[ "$(used_cluster)" != local ] || cluster status >/dev/null
}

find_tools() {
	if [ -z "${HELM:-}" ] || [ -z "${KUBECTL:-}" ]; then
		tools=$(sh "$here/fetch.sh" 9>&-)
	fi
	HELM=${HELM:-$tools/helm}
	KUBECTL=${KUBECTL:-$tools/kubectl}
	for tool in "$HELM" "$KUBECTL"; do
		[ -x "$tool" ] || die "$tool: no such program"
	done
}

# forget_state: a database describes one cluster and is of no use to another;
# roasterd would rightly refuse to go on.
forget_state() {
	rm -rf "$dev/state" "$dev/roasterd.out" "$dev/used_cluster"
}

# choose_cluster: what a cluster of the caller's has got from us is known to the
# database alone, so that one is never dropped for another cluster.
choose_cluster() {
	wanted=$(wanted_cluster)
	used=$(used_cluster)
	case $used in
	'' | "$wanted") ;;
	local) die "the local cluster is in use: make down" ;;
	*) die "the database is that of KUBECONFIG=$used: set it, or make clean" ;;
	esac
}

# cluster_up: sets ${KUBECONFIG}, the administrator's.
cluster_up() {
	choose_cluster
	export KUBECONFIG
	if [ "$wanted" != local ]; then
		"$KUBECTL" get --raw /readyz >/dev/null ||
			die "no answer from the cluster of KUBECONFIG"
		echo "$wanted" >"$dev/used_cluster"
		return
	fi
	KUBECONFIG=$dev/cluster/kubeconfig
	echo local >"$dev/used_cluster"
	! cluster status >/dev/null || return 0
	server_stop
	[ -d "$dev/cluster/etcd" ] || rm -rf "$dev/state" "$dev/roasterd.out"
	say "starting the local Kubernetes"
	cluster start >/dev/null
}

# account_up: roasterd is never the administrator, except in a cluster of the
# caller's where no account may be made.
account_up() {
	account=$dev/roasterd.kubeconfig
	if [ "$wanted" = local ] || [ "$(KUBECACHEDIR=$dev/kubectl \
		"$KUBECTL" auth can-i create clusterroles -A)" = yes ]; then
		KUBECTL=$KUBECTL sh "$here/account.sh" "$KUBECONFIG" "$account" 9>&-
	else
		say "KUBECONFIG may not make an account: roasterd uses it as it is"
		"$KUBECTL" config view --raw --minify --flatten >"$account"
	fi
}

# quote TEXT: for a shell.
quote() {
	printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

database() {
	if [ -n "${ROASTER_DATABASE_URL:-}" ]; then
		printf %s "$ROASTER_DATABASE_URL"
	elif [ -r "$dev/state/conninfo" ]; then
		head -n 1 "$dev/state/conninfo"
	else
		echo "host=$dev/state/pg user=roaster dbname=roaster"
	fi
}

write_env() {
	cat >"$dev/env.new" <<-END
	ROASTER_URL=$(quote "$(server_url)")
	ROASTER_ADMIN_PASSWORD=$(quote "$(server_password)")
	KUBECONFIG=$(quote "$KUBECONFIG")
	HELM=$(quote "$HELM")
	KUBECTL=$(quote "$KUBECTL")
	ROASTER_PG=$(quote "$(database)")
	END
	mv "$dev/env.new" "$dev/env"
}

is_up() {
	[ -f "$dev/env" ] && server_ready && cluster_runs
}

up() {
	if is_up; then
		say "already up: $(server_url)"
		return
	fi
	[ -x "$roasterd" ] || die "$roasterd is missing: make"
	sh "$here/deps.sh" run 9>&-
	find_tools
	cluster_up
	server_stop
	account_up
	server_start
	write_env
	say "up: $(server_url), see $dev/env"
}

down() {
	rm -f "$dev/env"
	server_stop
	if [ "$(used_cluster)" != local ]; then
		leftovers_end
	elif [ "${KEEP:-0}" = 1 ]; then
		cluster halt
		leftovers_end
	else
		cluster stop
		leftovers_end
		forget_state
	fi
	rm -rf "$dev/roasterd.kubeconfig" "$dev/roasterd.pid" "$dev/kubectl"
	say "down"
}

status() {
	rc=0
	[ "$(used_cluster)" != local ] || cluster status || rc=1
	if server_ready; then
		printf '%-24s up at %s\n' roasterd "$(server_url)"
	else
		printf '%-24s down\n' roasterd
		rc=1
	fi
	return "$rc"
}

# The folder can be passed through, not listed: the embedded database may run
# as another account. Every file in it is for its owner only.
umask 077
mkdir -p "$dev"
chmod 711 "$dev"
case ${1:-} in
up | down)
	lock "$dev/lock" "another up or down of this tree"
	"$1"
	;;
status) status ;;
env) cat "$dev/env" ;;
*) die "usage: world.sh up|down|status|env" ;;
esac
