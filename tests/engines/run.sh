#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: post the examples, changed by inputs/*.sed to what current engines
# take, to a roasterd of this tree; take what its pods would see out of
# Kubernetes; boot the engines with that. docs/engines.md says what is proven.
#
# KEEP=1 leaves objects and laid-out pods in build/engines/pods: credentials!
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
me=engines
cd "$here/../.."
# shellcheck source=../../dev/lib.sh
. dev/lib.sh
work=$PWD/build/engines
s3_address=10.1.0.9
patience_s=300

clean_up() {
	rc=$?
	trap - EXIT
	[ -z "${booting:-}" ] || kill "$booting" 2>/dev/null || :
	dev/world.sh down
	[ "${KEEP:-0}" = 1 ] || rm -rf "$work/pods"
	exit "$rc"
}

# row FILE: kind, and form fields beside the document.
row() {
	case $1 in
	hive-metastore) echo hive_metastore \
		-d mysql_storage_class=standard -d mysql_storage_size=5 ;;
	spark-thrift-server) echo spark_thrift_server \
		-d nfs_storage_class=standard -d pvc_size=1 \
		-d "s3_access_key=$(printf any-access-key | base64)" \
		-d "s3_secret_key=$(printf any-secret-key | base64)" ;;
	trino-cluster-etl) echo trino ;;
	esac
}

log_in() {
	set -a
	# shellcheck source=/dev/null
	. .dev/env
	set +a
	token=$(curl -fsS --noproxy '*' "$ROASTER_URL/v1/login" -d user=admin \
		-d "password=$ROASTER_ADMIN_PASSWORD" | jq -r .token)
}

# request PATH [OPTION]...
request() {
	path=$1
	shift
	curl -sS --fail-with-body --noproxy '*' "$ROASTER_URL$path" \
		-H "Authorization: Bearer $token" "$@"
}

# post FILE KIND FIELDS...: examples/FILE.yaml, changed.
post() {
	file=$1 kind=$2
	shift 2
	sed -f "$here/inputs/$file.sed" "examples/$file.yaml" >"$work/$file.yaml"
	request "/v1/$kind/create" "$@" \
		-d "yaml=$(base64 -w0 "$work/$file.yaml")" >"$work/answer" ||
		die "$file.yaml was refused: $(cat "$work/answer")"
}

# follow: until all are Running.
follow() {
	deadline=$(($(date +%s) + patience_s))
	until request '/v2/components?limit=500' | jq -e \
		'.items | length == 3 and all(.state == "Running")' >/dev/null; do
		[ "$(date +%s)" -lt "$deadline" ] || {
			request '/v2/components?limit=500' |
				jq -r '.items[] | "\(.name): \(.state) \(.message)"' >&2
			die "not all are Running after $patience_s s"
		}
		sleep 0.5
	done
}

lay_out() {
	mkdir "$work/pods"
	"$KUBECTL" get pods,services,configmaps,secrets -A -o json \
		>"$work/pods/objects.json"
	python3 "$here/layout.py" "$work/pods" "$engines" \
		"any-endpoint=$s3_address" <"$work/pods/objects.json"
}

# application: the jar that the document of Spark names.
application() {
	mkdir "$work/classes"
	javac -cp "$engines/images/spark/opt/spark/jars/*" -d "$work/classes" \
		"$here/SparkThriftServerRunner.java"
	jar -cf "$work/application.jar" -C "$work/classes" .
}

[ "$(id -u)" = 0 ] || die "needs root: namespaces and mounts"
[ ! -e .dev/env ] || die "a world is up in this tree: make down"
begin=$(date +%s)
engines=$("$here/fetch.sh")
umask 077
rm -rf "$work"
mkdir -p "$work/logs"
application
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

dev/world.sh up
log_in
for file in hive-metastore spark-thrift-server trino-cluster-etl; do
	# shellcheck disable=SC2046 # a list
	post "$file" $(row "$file")
done
say "posted three documents, waiting until they are Running"
follow
lay_out
dev/world.sh down
say "booting the engines with what was rendered, logs in build/engines/logs"
export PYTHONDONTWRITEBYTECODE=1
"$here/boot.sh" "$work/pods" "$engines" "$work/logs" \
	"$work/application.jar" &
booting=$!
rc=0
wait "$booting" || rc=1
booting=
say "$(($(date +%s) - begin)) s"
exit "$rc"
