# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# What the rendered text says, without a server.

the_chart_is_strictly_clean() {
	"$HELM" lint --strict --quiet "$chart" >"$tmp/lint" 2>&1 ||
		! cat "$tmp/lint"
}

# golden NAME: what values/NAME.json renders to is golden/NAME.yaml.
golden() {
	echo '# SPDX-License-Identifier: Apache-2.0' >"$tmp/golden.yaml"
	render "$1" >>"$tmp/golden.yaml" || return 1
	[ -z "${UPDATE:-}" ] || cp "$tmp/golden.yaml" "$here/golden/$1.yaml"
	diff -u "$here/golden/$1.yaml" "$tmp/golden.yaml"
}

everything_renders_as_it_did() {
	golden demo && golden minimal && golden everything
}

values_schema_and_readme_name_the_same_keys() {
	python3 "$here/../keys.py" "$chart"
}

# An emptyDir has nothing in it, the core API group no name, and an argument
# of the user's may be empty.
no_key_is_null_or_empty() {
	for values in demo minimal everything; do
		objects "$values" >"$tmp/objects.json" || return 1
		jq --exit-status --slurp '[.[] | paths(. == null or . == "" or
			. == [] or . == {}) | select(last != "emptyDir" and
			(.[-2] | IN("args", "apiGroups") | not))] == []' \
			"$tmp/objects.json" >/dev/null || return 1
	done
}

the_settings_are_those_of_the_demo() {
	confs demo >"$tmp/confs"
	while read -r line; do
		grep -qxF "$line" "$tmp/confs" || ! echo "# no $line" || return 1
	done <<-'EOF'
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
		spark.kubernetes.executor.label.application-name=spark-thrift-server-executor
	EOF
}

the_user_s_settings_win_except_the_chart_s() {
	confs everything >"$tmp/confs"
	grep -qx 'spark.driver.memory=2g' "$tmp/confs" &&
		[ "$(grep -c '^spark.master=' "$tmp/confs")" = 1 ] &&
		grep -q '^spark.master=k8s:' "$tmp/confs"
}

# memory ARGS...: the memory that the driver's pod is given.
memory() {
	template minimal "$@" |
		jq -r '.spec.containers[0].resources.limits.memory'
}

the_driver_s_pod_has_room_for_the_overhead() {
	[ "$(memory)" = 1408Mi ] &&
		[ "$(memory --set driver.memory=512m)" = 896Mi ] &&
		[ "$(memory --set driver.memory=10G)" = 11264Mi ] &&
		[ "$(memory --set driver.memoryOverhead=1g)" = 2048Mi ]
}

# claimed ARGS...: executors of the demo have a claim each.
claimed() {
	confs demo "$@" | grep -q \
		'volumes\.persistentVolumeClaim\..*\.claimName=OnDemand$'
}

executors_have_claims_where_spark_can_make_them() {
	! claimed && claimed --set-string image.tag=v3.1.1 &&
		claimed --set-string image.tag=4.0.0 &&
		confs demo | grep -q 'emptyDir.spark-local-dir-.*sizeLimit=1Gi'
}

the_driver_s_claim_is_kept() {
	finds '.kind == "PersistentVolumeClaim" and
		.metadata.name == "nfs-pvc-driver" and
		.spec.accessModes == ["ReadWriteOnce"] and
		.metadata.labels["app.kubernetes.io/instance"] == "etl" and
		.metadata.annotations["helm.sh/resource-policy"] == "keep"' demo
}

nothing_is_cluster_wide() {
	render everything >"$tmp/all.yaml" &&
		! grep -q '^kind: Cluster' "$tmp/all.yaml"
}

# refused WORDS VALUES: rendering fails, and standard error has the words.
refused() {
	if printf '%s' "$2" | "$HELM" template etl "$chart" --values - \
		>/dev/null 2>"$tmp/refused"; then
		echo "# accepted: $2"
		return 1
	fi
	grep -q -- "$1" "$tmp/refused" || {
		echo "# refused, but not for $1: $2"
		sed 's/^/# /' "$tmp/refused"
		return 1
	}
}

wrong_values_are_refused() {
	while IFS='	' read -r words values; do
		[ "$words" != '#' ] || continue
		refused "$words" "$values" || return 1
	done <"$here/refused.tsv"
}

settings_that_say_where_a_secret_is_are_taken() {
	confs minimal --set-json 'confs={
		"spark.kubernetes.executor.secretKeyRef.DB_PASSWORD": "db:password",
		"spark.kubernetes.executor.secrets.db-secret": "/etc/db"}' |
		grep -c '^spark\.kubernetes\.executor\.secret.*db' |
		grep -qx 2
}

unknown_global_values_are_let_in() {
	render minimal --set global.anything=1 >/dev/null
}

# What it checks is that the shell hands the words on as they are.
arguments_reach_spark_word_by_word() {
	template everything --set-json 'layout.command=["printf", "%s\n"]' \
		>"$tmp/pod.json" || return 1
	script=$(jq -r '.spec.containers[0].command[2]' "$tmp/pod.json")
	sh -c "$script" sh -- 'two words' '$x `y` "z"' '' >"$tmp/words" &&
		[ "$(sed -n '3,$p' "$tmp/words")" = "$(printf '%s\n' -- \
			'two words' '$x `y` "z"' '')" ] &&
		sed -n 2p "$tmp/words" | grep -qE \
			'^spark\.kubernetes\.executor\.podNamePrefix=worker-[0-9a-f]{8}$'
}

a_changed_setting_or_secret_replaces_the_driver() {
	template demo >"$tmp/before.json"
	[ -s "$tmp/before.json" ] && template demo | cmp -s - "$tmp/before.json" &&
		! template demo --set executor.instances=2 |
		cmp -s - "$tmp/before.json" &&
		! template demo --set-string secretChecksum=2 |
		cmp -s - "$tmp/before.json"
}

check the_chart_is_strictly_clean
check everything_renders_as_it_did
check values_schema_and_readme_name_the_same_keys
check no_key_is_null_or_empty
check the_settings_are_those_of_the_demo
check the_user_s_settings_win_except_the_chart_s
check the_driver_s_pod_has_room_for_the_overhead
check executors_have_claims_where_spark_can_make_them
check the_driver_s_claim_is_kept
check nothing_is_cluster_wide
check wrong_values_are_refused
check settings_that_say_where_a_secret_is_are_taken
check unknown_global_values_are_let_in
check arguments_reach_spark_word_by_word
check a_changed_setting_or_secret_replaces_the_driver
