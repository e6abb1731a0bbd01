# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The pods of the driver, which the chart makes, and those of the executors,
# for which Spark takes a template.

# executor NAME [ARGS...]: Spark's template.
executor() {
	objects "$@" | jq --raw-output 'select(.kind == "ConfigMap") |
		.data["executor.yaml"]' >"$tmp/executor.yaml" &&
		"$KUBECTL" annotate --local --filename "$tmp/executor.yaml" \
			test=1 --output json
}

# executor_has FILTER NAME [ARGS...]: the jq filter is true for the template.
# By way of a list, since jq takes no input at all for true.
executor_has() {
	filter=$1
	shift
	executor "$@" | jq --exit-status --slurp "any(.[]; $filter)" >/dev/null
}

executors_have_claims_where_spark_can_ask_for_them() {
	claim='.spec.volumes[0].ephemeral.volumeClaimTemplate.spec'
	for tag in v3.0.3 3.1.3 2.4.8; do
		executor_has '.spec.volumes[0].emptyDir.sizeLimit == "1Gi"' demo \
			--set-string image.tag=$tag || return 1
	done
	for tag in v3.2.0 3.5.8 4.0.0 3.10.0 latest; do
		executor_has "$claim.resources.requests.storage == \"1Gi\"" \
			demo --set-string image.tag=$tag || return 1
	done
	executor_has "$claim | has(\"storageClassName\") | not" demo \
		--set-string image.tag=3.5.8 --set-json \
		'executor.volumes[0].claim={"size": "1Gi"}'
}

scratch_space_has_the_name_that_spark_looks_for() {
	executor_has '[.spec.containers[0].volumeMounts[] | .name + " " +
		.mountPath] == ["spark-local-dir-a /a", "user-b /b", "user-c /c"]' \
		everything && finds '.spec.template.spec.containers[0]?.env // []
		| any(.name == "SPARK_LOCAL_DIRS" and .value == "/a,/c")' everything
}

# Else an executor would be sent the clients of the driver, or the other way.
users_labels_cannot_replace_the_chart_s() {
	labels='{"app.kubernetes.io/component": "x", "mine": "1"}'
	set -- demo --set-json "driver.labels=$labels" \
		--set-json "executor.labels=$labels" \
		--set 'driver.annotations.checksum/config=x'
	executor_has '.metadata.labels | .mine == "1" and
		."app.kubernetes.io/component" == "executor"' "$@" &&
		finds '.spec.template.metadata | .labels.mine? == "1" and
			.labels["app.kubernetes.io/component"] == "driver" and
			.annotations["checksum/config"] != "x"' "$@"
}

the_driver_s_claim_is_kept_and_says_whose_it_is() {
	finds '.kind == "PersistentVolumeClaim" and
		.metadata.name == "nfs-pvc-driver" and
		.spec.accessModes == ["ReadWriteOnce"] and
		.metadata.labels == (.metadata.labels + {
			"app.kubernetes.io/instance": "etl",
			"roaster-kind": "spark_thrift_server",
			"roaster-name": "default"}) and
		.metadata.annotations["helm.sh/resource-policy"] == "keep"' demo &&
		[ "$(render demo | grep -c 'roaster-name:')" = 1 ] &&
		same_pods --set owner.name=other
}

nothing_is_cluster_wide() {
	render everything >"$tmp/all.yaml" &&
		! grep -q '^kind: Cluster' "$tmp/all.yaml"
}

# What it checks is that the shell hands the words on as they are.
arguments_reach_spark_word_by_word() {
	template spark-thrift-server everything \
		--set-json 'layout.command=["printf", "%s\n"]' \
		>"$tmp/pod.json" || return 1
	script=$(jq -r '.spec.containers[0].command[2]' "$tmp/pod.json")
	sh -c "$script" sh -- 'two words' '$x `y` "z"' '' >"$tmp/words" &&
		[ "$(sed -n '3,$p' "$tmp/words")" = "$(printf '%s\n' -- \
			'two words' '$x `y` "z"' '')" ] &&
		sed -n 2p "$tmp/words" | grep -qE \
			'^spark\.kubernetes\.executor\.podNamePrefix=worker-[0-9a-f]{8}$'
}

# Spark 3.3 refuses a prefix of more than 47 characters; eight are the time.
a_long_prefix_is_cut_to_what_spark_takes() {
	prefix=$(template spark-thrift-server minimal --set \
		executor.podNamePrefix=abcdefghijklmnopqrstuvwxyz-0123456789-ab |
		jq -r '.spec.containers[0].command[2]' |
		sed -n 's/^spark_prefix=\(.*-\)[$].*/\1/p')
	[ -n "$prefix" ] && [ ${#prefix} -le 39 ]
}

a_changed_setting_or_secret_replaces_the_driver() {
	same_pods && ! same_pods --set executor.instances=2 &&
		! same_pods --set-string secretChecksum=2
}

check executors_have_claims_where_spark_can_ask_for_them
check scratch_space_has_the_name_that_spark_looks_for
check users_labels_cannot_replace_the_chart_s
check the_driver_s_claim_is_kept_and_says_whose_it_is
check nothing_is_cluster_wide
check arguments_reach_spark_word_by_word
check a_long_prefix_is_cut_to_what_spark_takes
check a_changed_setting_or_secret_replaces_the_driver
