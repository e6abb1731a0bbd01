#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boot.sh PODS ENGINES LOGS JAR: start the engines as layout.py has laid them
# out, with JAR where the document of Spark says, and ask each of them. A line
# for each stage as TAP; the last line counts.
#
# Everything runs in namespaces of its own: mounts, so that nothing is left on
# this machine; processes, so that all end with this script; a network of
# 10.1.0.0/24 without a way out, an address for each pod.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
if [ "${5:-}" != inside ]; then
	exec unshare -mnpf --kill-child --mount-proc --propagation private \
		sh "$0" "$1" "$2" "$3" "$4" inside
fi
pods=$1 engines=$2 logs=$3 jar=$4
python=$engines/clients/bin/python
s3_address=10.1.0.9 # run.sh gives it a name
stages=16
passed=0

# --- the network -----------------------------------------------------------

network() {
	mount -t tmpfs tmpfs /run
	ip link set lo up
	ip link add pods type bridge
	ip addr add 10.1.0.1/24 dev pods
	ip link set pods up
}

# attach NAME ADDRESS: a network namespace with that address.
attach() {
	ip netns add "$1"
	end=v${2##*.}
	ip link add "$end" type veth peer name eth0 netns "$1"
	ip link set "$end" master pods up
	ip -n "$1" addr add "$2/24" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$1" link set lo up
}

address() {
	cat "$pods/$1/address"
}

# --- processes --------------------------------------------------------------

# spawn POD LOG COMMAND...: in the background, with the network of the pod.
spawn() {
	pod=$1 log=$logs/$2.log
	shift 2
	nsenter "--net=/run/netns/$pod" "$@" </dev/null >>"$log" 2>&1 &
	echo "$!" >"/run/$pod.pid"
}

# start POD CONTAINER
start() {
	spawn "$1" "$1-$2" unshare -mu --propagation private \
		"$python" "$here/start.py" "$pods/$1/$2.json"
}

pid() {
	cat "/run/$1.pid"
}

probe() {
	"$python" "$here/probes.py" "$@" 2>"$logs/probe.log" || {
		tail -n 1 "$logs/probe.log"
		return 1
	}
}

# silent COMMAND...: what it says only if it fails.
silent() {
	answer=$("$@") || {
		echo "$answer"
		return 1
	}
}

# --- stages -------------------------------------------------------------------

now() {
	cut -d ' ' -f 1 /proc/uptime
}

seconds_since() {
	awk -v begin="$1" '{ printf "%.1f", $1 - begin }' /proc/uptime
}

# what_engines_said LOG...: the lines that tell why.
what_engines_said() {
	grep -hE 'ERROR|FATAL|Caused by|Exception:|^Error|^[0-9]+\) |Access denied' \
		"$@" 2>/dev/null | awk '!seen[$0]++' | cut -c 1-240 | head -n 10 |
		sed 's/^/#   /'
}

# stage NAME POD COMMAND...: 0 or the end of it all.
stage() {
	name=$1 pod=$2
	shift 2
	begin=$(now)
	said=$("$@") && verdict=ok || verdict='not ok'
	echo "$verdict $((passed + 1)) - $name: $said ($(seconds_since "$begin") s)"
	[ "$verdict" = ok ] || {
		what_engines_said "$logs/$pod"*.log
		echo "$passed of $stages stages"
		exit 1
	}
	passed=$((passed + 1))
}

setting() {
	jq -r ".env.$2" "$pods/$1.json"
}

# --- stages: the database and the store ---------------------------------------

mysql_starts() {
	start mysql mysql
	silent probe port "$(address mysql)" 3306 "$(pid mysql)" 60 || return 1
	MYSQL_PWD=$(cat "$pods/mysql/volumes/secret-volume/user-password") \
		mariadb --no-defaults -h "$(address mysql)" \
		-u "$(setting mysql/mysql MYSQL_USER)" -Ne 'SELECT version()' \
		"$(setting mysql/mysql MYSQL_DATABASE)" 2>&1
}

store_starts() {
	spawn s3 s3 "$python" "$here/s3stub.py" "$ACCESS_KEY" "$SECRET_KEY"
	silent probe port "$s3_address" 80 "$(pid s3)" 60 || return 1
	probe s3_fill "$s3_address" "$jar" \
		mykidong/spark-app/spark-thrift-server-3.0.3-spark-job.jar \
		any-bucket mykidong
}

# --- stages: the metastore ------------------------------------------------------

schema_is_made() {
	start metastore schema
	wait "$(pid metastore)" || {
		echo "the init container failed"
		return 1
	}
	tail -n 1 "$logs/metastore-schema.log"
}

metastore_starts() {
	start metastore metastore
	probe port "$(address metastore)" 9083 "$(pid metastore)" 240
}

metastore_answers() {
	location=$(probe metastore "$(address metastore)" any-bucket) || {
		echo "$location"
		return 1
	}
	silent probe s3_count "$s3_address" any-bucket \
		"$(echo "$location" | cut -d / -f 4-)" || return 1
	echo "$location"
}

# --- stages: Spark ---------------------------------------------------------------

spark_starts() {
	start spark-thrift-server spark-thrift-server
	probe port "$(address spark-thrift-server)" 10016 \
		"$(pid spark-thrift-server)" 240
}

# wants ROWS COMMAND...: it prints just that.
wants() {
	want=$1
	shift
	got=$("$@") || want=
	echo "$got"
	[ "$got" = "$want" ]
}

spark_answers() {
	wants '[[2]]' probe spark "$(address spark-thrift-server)" \
		'CREATE DATABASE shop' \
		'CREATE TABLE shop.t (id INT, name STRING) STORED AS PARQUET' \
		"INSERT INTO shop.t VALUES (1, 'a'), (2, 'b')" \
		'SELECT count(*) FROM shop.t'
}

# --- stages: Trino ---------------------------------------------------------------

# trino_node ROLE: both start at once, each stage waits for one.
trino_node() {
	probe trino_up "$(address "$1")" "$(pid "$1")" 480
}

trino() {
	wants "$1" probe trino "$(address trino-coordinator)" "$2"
}

# The store's, as the documents name them.
export ACCESS_KEY=any-access-key SECRET_KEY=any-secret-key

network
attach s3 "$s3_address"
for pod in mysql metastore spark-thrift-server trino-coordinator trino-worker; do
	attach "$pod" "$(address "$pod")"
done

stage mysql mysql mysql_starts
stage s3-stub s3 store_starts
stage hms-schema metastore-schema schema_is_made
stage hms-start metastore-metastore metastore_starts
stage hms-query metastore-metastore metastore_answers
stage spark-start spark spark_starts
stage spark-query spark spark_answers
stage spark-data-in-s3 spark probe s3_count "$s3_address" mykidong \
	apps/spark/warehouse/
start trino-coordinator trino-coordinator
start trino-worker trino-worker
stage trino-coordinator trino-coordinator trino_node trino-coordinator
stage trino-worker trino-worker trino_node trino-worker
stage trino-tpch trino-coordinator \
	trino '[[25]]' 'SELECT count(*) FROM tpch.tiny.nation'
stage trino-workers trino-coordinator trino '[[1]]' \
	"SELECT count(*) FROM system.runtime.nodes
	WHERE NOT coordinator AND state = 'active'"
stage trino-reads-spark trino-coordinator \
	trino '[[1, "a"], [2, "b"]]' 'SELECT * FROM hive.shop.t ORDER BY id'
stage trino-writes trino-coordinator \
	trino '[[25]]' 'CREATE TABLE hive.shop.u AS SELECT * FROM tpch.tiny.nation'
stage trino-reads-back trino-coordinator \
	trino '[[25]]' 'SELECT count(*) FROM hive.shop.u'
stage spark-reads-trino spark wants '[[25]]' \
	probe spark "$(address spark-thrift-server)" 'SELECT count(*) FROM shop.u'
echo "$passed of $stages stages"
