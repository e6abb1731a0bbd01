#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deps.sh [run|test|engines|bench]: install what dev/packages.txt names and this
# machine lacks, where that is allowed (root, or sudo that asks no password);
# else say in one line what is missing and how to get it. Each group takes in
# "run".
set -eu
cd "$(dirname "$0")"
me=deps
. ./lib.sh

# is_there THING: a cached program of ours, a path pattern or a command.
is_there() {
	case $1 in
	kc) sh cluster/kc.sh path >/dev/null ;;
	tools) sh ./fetch.sh path >/dev/null ;;
	/*)
		# shellcheck disable=SC2086 # a pattern
		set -- $1
		[ -e "$1" ]
		;;
	*) have "$1" ;;
	esac
}

# replaced THING|THING...: one of them is there.
replaced() {
	IFS='|'
	set -f
	# shellcheck disable=SC2086 # a list
	set -- $1
	set +f
	unset IFS
	for thing; do
		! is_there "$thing" || return 0
	done
	return 1
}

# wanted GROUP: the packages to have, but for those that something replaces.
wanted() {
	while read -r package group unless _; do
		case $package in '' | '#'*) continue ;; esac
		[ "$group" = run ] || [ "$group" = "$1" ] || continue
		[ "$unless" = - ] || ! replaced "$unless" || continue
		echo "$package"
	done <packages.txt
}

# missing PACKAGE...: those of them that are not installed.
missing() {
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
		sed -n 's/^installed //p' | sort >"$tmp/there"
	printf '%s\n' "$@" | sort | comm -23 - "$tmp/there"
}

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

may_install() {
	[ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q \
		-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" \
		</dev/null >>"$tmp/log" 2>&1
}

# no_system_cluster COMMAND...: Debian's postgresql makes and starts a database
# server of its own when it is installed. roasterd needs the programs only, so
# nothing shall run that was not asked for.
no_system_cluster() {
	conf=/etc/postgresql-common/createcluster.d
	if [ -e /etc/postgresql-common/createcluster.conf ]; then
		"$@"
		return
	fi
	as_root mkdir -p "$conf"
	echo 'create_main_cluster = false' |
		as_root tee "$conf/roaster.conf" >/dev/null
	rc=0
	"$@" || rc=$?
	as_root rm -f "$conf/roaster.conf"
	return "$rc"
}

# no_service COMMAND...: nor shall a web server run that is only to be measured.
no_service() {
	policy=/usr/sbin/policy-rc.d
	if [ -e "$policy" ]; then
		"$@"
		return
	fi
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
	as_root chmod 755 "$policy"
	rc=0
	"$@" || rc=$?
	as_root rm -f "$policy"
	return "$rc"
}

# quietly COMMAND...: nothing is started by what is installed.
quietly() {
	no_system_cluster no_service "$@"
}

# install PACKAGE...: the package lists are fetched only if the first try fails.
install() {
	say "installing $*"
	: >"$tmp/log"
	set -- apt install -y --no-install-recommends "$@"
	quietly "$@" || { apt update && quietly "$@"; } || {
		tail -n 5 "$tmp/log" >&2
		die "apt-get install failed"
	}
}

have dpkg-query || {
	say "no Debian here: dev/packages.txt names what is needed"
	exit 0
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2046 # package names have no blanks
set -- $(missing $(wanted "${1:-test}"))
[ $# != 0 ] || exit 0
may_install || die "run 'make deps' as root, it installs what is missing: $*"
install "$@"
