# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Spark's settings: from the values to spark-defaults.conf.

# confs NAME [ARGS...]: spark-defaults.conf.
confs() {
	objects "$@" | jq --raw-output 'select(.kind == "ConfigMap") |
		.data["spark-defaults.conf"]'
}

# confs_are NAME [ARGS...]: all lines of standard input are in it.
confs_are() {
	confs "$@" >"$tmp/confs" && while read -r line; do
		grep -qxF "$line" "$tmp/confs" || ! echo "# no $line" || return 1
	done
}

the_settings_are_those_of_the_demo() {
	confs_are demo <<-'EOF'
		spark.hadoop.hive.metastore.uris=thrift://metastore.hive-metastore.svc:9083
		spark.hadoop.fs.s3a.endpoint=https://any-endpoint
		spark.hadoop.fs.s3a.connection.ssl.enabled=true
		spark.sql.warehouse.dir=s3a://mykidong/apps/spark/warehouse
		spark.driver.memory=512m
		spark.executor.cores=1
		spark.executor.instances=1
		spark.executor.memory=1g
		spark.hadoop.hive.server2.thrift.port=10016
		spark.kubernetes.container.image=cloudcheflabs/spark:v3.0.3
		spark.kubernetes.executor.limit.cores=1200m
	EOF
}

the_user_s_settings_win_except_the_chart_s() {
	confs everything >"$tmp/confs"
	grep -qx 'spark.driver.memory=2g' "$tmp/confs" &&
		[ "$(grep -c '^spark.master=' "$tmp/confs")" = 1 ] &&
		grep -q '^spark.master=k8s:' "$tmp/confs"
}

settings_that_say_where_a_secret_is_are_taken() {
	confs_are minimal --set-json 'confs={
		"spark.kubernetes.executor.secretKeyRef.DB_PASSWORD": "db:password",
		"spark.kubernetes.executor.secrets.db-secret": "/etc/db"}' <<-'EOF'
		spark.kubernetes.executor.secretKeyRef.DB_PASSWORD=db:password
		spark.kubernetes.executor.secrets.db-secret=/etc/db
	EOF
}

# Two lists of each, the values' and the settings', and none is lost.
packages_and_jars_reach_the_executors() {
	confs_are minimal --set 'packages={a:b:1,c:d:2}' \
		--set 'confs.spark\.jars=local:///x.jar' \
		--set 'confs.spark\.jars\.packages=e:f:3' <<-'EOF'
		spark.jars=local:///x.jar,file:///tmp/.ivy2/jars/*.jar
		spark.jars.packages=a:b:1,c:d:2,e:f:3
		spark.kubernetes.submitInDriver=true
	EOF
}

# memory ARGS...: the memory that the driver's pod is given.
memory() {
	template spark-thrift-server minimal "$@" |
		jq -r '.spec.containers[0].resources.limits.memory'
}

the_driver_s_pod_has_room_for_the_overhead() {
	[ "$(memory)" = 1408Mi ] &&
		[ "$(memory --set driver.memory=512m)" = 896Mi ] &&
		[ "$(memory --set driver.memory=10G)" = 11264Mi ] &&
		[ "$(memory --set driver.memoryOverhead=1g)" = 2048Mi ]
}

# conf_memory KEY VALUE: the same with a setting of the user's.
conf_memory() {
	memory --set-string "confs.$(echo "$1" | sed 's/\./\\./g')=$2" 2>&1
}

the_driver_s_pod_follows_the_user_s_settings() {
	[ "$(conf_memory spark.driver.memory 2T)" = 2306867Mi ] &&
		[ "$(conf_memory spark.driver.memory 3145728k)" = 3456Mi ] &&
		[ "$(conf_memory spark.driver.memory 2048)" = 2432Mi ] &&
		[ "$(conf_memory spark.driver.memory 1gb)" = 1408Mi ] &&
		[ "$(conf_memory spark.driver.memoryOverheadFactor 0.5)" = \
			1536Mi ] &&
		conf_memory spark.driver.memory 1.5g | grep -q 'is no size'
}

check the_settings_are_those_of_the_demo
check the_user_s_settings_win_except_the_chart_s
check settings_that_say_where_a_secret_is_are_taken
check packages_and_jars_reach_the_executors
check the_driver_s_pod_has_room_for_the_overhead
check the_driver_s_pod_follows_the_user_s_settings
