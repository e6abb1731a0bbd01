#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# demo.sh: everything up, each example posted with the README's own curl lines,
# progress until all are Running, then what there is. Exit status 1 if one of
# them ended in Error, or is not Running in five minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
me=demo
. "$here/lib.sh"
cd "$here/.."

# One line a component: kind, file, and form fields beside the YAML as curl
# takes them. The lines are those of README.md.
# shellcheck disable=SC2016 # shown first, expanded by eval
components() {
	nfs='-d nfs_storage_class=standard -d nfs_storage_size=5 -d pvc_size=1'
	keys='-d "s3_access_key=$(printf any-access-key | base64)"'
	keys="$keys"' -d "s3_secret_key=$(printf any-secret-key | base64)"'
	mysql='-d mysql_storage_class=standard -d mysql_storage_size=5'
	cat <<-END
	hive_metastore hive-metastore.yaml $mysql
	spark_thrift_server spark-thrift-server.yaml $nfs $keys
	trino trino-cluster-etl.yaml
	END
}

patience_s=300

# run_line LINE: show a line as one would type it, and do just that.
run_line() {
	printf '$ %s\n' "$1"
	eval "$1"
	echo
}

# shellcheck disable=SC2016 # shown first, expanded by eval
log_in() {
	line='curl -sS -X POST "$ROASTER_URL/v1/login" -d user=admin'
	line="$line"' -d "password=$ROASTER_ADMIN_PASSWORD"'
	echo "\$ TOKEN=\$($line | jq -r .token)"
	TOKEN=$(eval "$line" | jq -r '.token // empty')
	[ -n "$TOKEN" ] || die "the login failed"
}

# post KIND FILE FIELDS
post() {
	line="curl -sS -X POST \"\$ROASTER_URL/v1/$1/create\""
	line="$line -H \"Authorization: Bearer \$TOKEN\"${3:+ $3}"
	run_line "$line -d \"yaml=\$(base64 -w0 examples/$2)\""
}

# get PATH
get() {
	curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" \
		"$ROASTER_URL$1"
}

# rows: a line a component, "kind/namespace/name state ready/wanted message".
rows() {
	get "/v2/components?limit=500" | jq -r '.items[] |
		"\(.kind)/\(.namespace)/\(.name) \(.state) " +
		"\(.ready)/\(.wanted) \(.message // "")"'
}

# follow: a line for each change until all are Running, or one is an Error.
follow() {
	touch "$seen"
	while :; do
		rows >"$seen.new" || die "the list of components failed"
		grep -vxFf "$seen" "$seen.new" | while read -r row; do
			printf '%4d s  %s\n' $(($(date +%s) - started)) "$row"
		done
		mv "$seen.new" "$seen"
		! grep -q ' Error ' "$seen" || return 1
		grep -qv ' Running ' "$seen" || return 0
		[ "$(date +%s)" -lt "$deadline" ] || {
			say "not all are Running after $patience_s s"
			return 1
		}
		sleep 0.5
	done
}

# table_line KIND/NAMESPACE/NAME STATE READY: what it is, where it listens.
table_line() {
	urls=$(get "/v2/components/$1" |
		jq -r '[.endpoints[]? | .url // "\(.host):\(.port)"] | join(" ")')
	printf '%-62s %-9s %-6s %s\n' "$1" "$2" "$3" "$urls"
}

table() {
	printf '%-62s %-9s %-6s %s\n' COMPONENT STATE READY ENDPOINTS
	while read -r component state ready _; do
		table_line "$component" "$state" "$ready"
	done <"$seen"
}

sh "$here/world.sh" up
set -a
# shellcheck source=/dev/null
. ./.dev/env
set +a
log_in
started=$(date +%s)
deadline=$((started + patience_s))
rc=0
seen=$(mktemp)
trap 'rm -f "$seen" "$seen.new"' EXIT
while read -r kind file fields; do
	post "$kind" "$file" "$fields"
done <<END
$(components)
END
follow || rc=1
echo
table
echo
"$KUBECTL" get pods -A
exit "$rc"
