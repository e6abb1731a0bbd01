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
# other. Instead of the local parts up takes a KUBECONFIG, a HELM, a KUBECTL and
# a ROASTER_DATABASE_URL that the caller has set.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
me=world
. "$here/lib.sh"
. "$here/server.sh"
. "$here/leftovers.sh"

top=${here%/*}
dev=$top/.dev
cluster() {
	KUBECTL=${KUBECTL:-} sh "$here/cluster/cluster.sh" "$1" "$dev/cluster" 9>&-
}

# own_cluster: the caller names no other one. A KUBECONFIG out of .dev/env is
# ours, too.
own_cluster() {
	[ -z "${KUBECONFIG:-}" ] || [ "$KUBECONFIG" = "$dev/cluster/kubeconfig" ]
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
	rm -rf "$dev/state" "$dev/roasterd.out"
}

# cluster_up: sets ${KUBECONFIG}, the administrator's.
cluster_up() {
	if ! own_cluster; then
		"$KUBECTL" get --raw /readyz >/dev/null ||
			die "no answer from the cluster of KUBECONFIG"
		return
	fi
	KUBECONFIG=$dev/cluster/kubeconfig
	! cluster status >/dev/null || return 0
	server_stop
	[ -d "$dev/cluster/etcd" ] || forget_state
	say "starting the local Kubernetes"
	cluster start >/dev/null
}

# account_up: roasterd is never the administrator, except in a cluster of the
# caller's where no account may be made.
account_up() {
	account=$dev/roasterd.kubeconfig
	KUBECTL=$KUBECTL sh "$here/account.sh" "$KUBECONFIG" "$account" 9>&- ||
		if own_cluster; then
			die "the service account cannot be set up"
		else
			say "KUBECONFIG may not make a service account:" \
				"roasterd uses it as it is"
			(export KUBECONFIG && "$KUBECTL" config view --raw \
				--minify --flatten >"$account")
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
	[ -f "$dev/env" ] && server_ready &&
		{ ! own_cluster || cluster status >/dev/null; }
}

up() {
	if is_up; then
		say "already up: $(server_url)"
		return
	fi
	[ -x "$top/build/roasterd" ] || die "build/roasterd is missing: make"
	sh "$here/deps.sh" run 9>&-
	find_tools
	cluster_up
	server_stop
	account_up
	server_start
	write_env
	say "up: $(server_url), see .dev/env"
}

down() {
	rm -f "$dev/env"
	server_stop
	if [ -f "$dev/cluster/ports" ] && [ "${KEEP:-0}" = 1 ]; then
		cluster halt
	elif [ -f "$dev/cluster/ports" ]; then
		cluster stop
		leftovers_end
		forget_state
	fi
	leftovers_end
	rm -f "$dev/roasterd.kubeconfig" "$dev/roasterd.pid"
	say "down"
}

status() {
	rc=0
	own_cluster && { cluster status || rc=1; }
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
