# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # dev
# What a crash may leave of this tree: processes and sockets. Read with ".", by
# world.sh, which has the folder ${dev}.

# named_here: processes whose command line names .dev (the cluster, postgres)
# or whose environment does (roasterd's children; helm's home). One that ends
# meanwhile is an error of grep, and no reason to look no further.
named_here() {
	{
		grep -lsaF -e "$dev/" /proc/[0-9]*/cmdline || :
		grep -lsaF -e "ROASTER_STATE_DIR=$dev/state" \
			-e "HOME=$dev/state" /proc/[0-9]*/environ || :
	} | cut -d / -f 3 | sort -u
}

# leftovers: of those, our programs: an editor of a log file is no leftover.
leftovers() {
	for pid in $(named_here); do
		exe=$(readlink "/proc/$pid/exe" 2>/dev/null) || continue
		exe=${exe% (deleted)}
		case ${exe##*/} in
		kc | kc-* | roasterd | postgres | helm*) echo "$pid" ;;
		esac
	done
}

# signal NAME: to every leftover, and up to five seconds to follow it.
signal() {
	n=50
	for pid in $(leftovers); do kill "-$1" "$pid" 2>/dev/null || :; done
	while [ -n "$(leftovers)" ] && [ "$n" -gt 0 ]; do
		n=$((n - 1))
		sleep 0.1
	done
}

# leftovers_end: politely, then not.
leftovers_end() {
	[ -z "$(leftovers)" ] || signal TERM
	[ -z "$(leftovers)" ] || signal KILL
	left=$(leftovers)
	[ -z "$left" ] || die "still running: $left"
	! grep -F "$dev/" /proc/net/unix >&2 || die "sockets are left in $dev"
	socket_folder_remove
}

# socket_folder_remove: where .dev is too deep for a socket's path, the database
# has its socket in a folder elsewhere; a crash leaves that.
socket_folder_remove() {
	[ -r "$dev/state/conninfo" ] || return 0
	folder=$(sed -n "s/.*host='\{0,1\}\(\/[^ ']*\).*/\1/p" \
		"$dev/state/conninfo" | head -n 1)
	case $folder in
	"$dev"/*) ;;
	*/roaster*)
		rm -f "$folder"/.s.PGSQL.*
		rmdir "$folder" 2>/dev/null || :
		;;
	esac
}
