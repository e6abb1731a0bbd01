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

# One line a component: kind, name, file, and form fields beside the YAML.
components() {
	cat <<-END
	trino trino-cluster-etl examples/trino-cluster-etl.yaml
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

# post KIND NAME FILE [FIELD=VALUE]...
post() {
	url="\$ROASTER_URL/v1/$1/create"
	file=$3
	shift 3
	line="curl -sS -X POST \"$url\" -H \"Authorization: Bearer \$TOKEN\""
	for field; do line="$line -d $field"; done
	run_line "$line -d \"yaml=\$(base64 -w0 $file)\""
}

# get PATH
get() {
	curl -sS --fail-with-body -H "Authorization: Bearer $TOKEN" \
		"$ROASTER_URL$1"
}

# row KIND NAME: state, ready/wanted, target namespace and message of it.
row() {
	get "/v1/$1/list" | jq -r --arg name "$2" '.[] |
		select(.name == $name) | "\(.state) \(.ready)/\(.wanted) " +
		"\(.target_namespace) \(.message // "")"'
}

# follow KIND NAME: a line for each change until it is Running.
follow() {
	before=
	until [ "${before%% *}" = Running ]; do
		now=$(row "$1" "$2") || die "the list of $1 failed: $now"
		[ "$now" = "$before" ] || show_progress "$1" "$2" "$now"
		before=$now
		[ "${now%% *}" != Error ] || return 1
		[ "$(date +%s)" -lt "$deadline" ] || {
			say "$2 is not Running after $patience_s s: $now"
			return 1
		}
		[ "${now%% *}" = Running ] || sleep 0.5
	done
}

# show_progress KIND NAME ROW
show_progress() {
	read -r state ready _ message <<-END
	$3
	END
	[ -z "$state" ] || printf '%4d s  %s %s: %s %s %s\n' \
		$(($(date +%s) - started)) "$1" "$2" "$state" "$ready" "$message"
}

# table_line KIND NAME: what it is, and where it listens.
table_line() {
	read -r state ready namespace _ <<-END
	$(row "$1" "$2")
	END
	urls=$(get "/v2/components/$1/$namespace/$2" |
		jq -r '[.endpoints[]? | .url // "\(.host):\(.port)"] | join(" ")')
	printf '%-42s %-9s %-6s %s\n' "$1/$namespace/$2" "$state" "$ready" "$urls"
}

table() {
	printf '%-42s %-9s %-6s %s\n' COMPONENT STATE READY ENDPOINTS
	components | while read -r kind name _; do
		table_line "$kind" "$name"
	done
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
while read -r kind name file fields; do
	# shellcheck disable=SC2086 # a list
	post "$kind" "$name" "$file" $fields
done <<END
$(components)
END
while read -r kind name _; do
	follow "$kind" "$name" || rc=1
done <<END
$(components)
END
echo
table
echo
"$KUBECTL" get pods -A
exit "$rc"
