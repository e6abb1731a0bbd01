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

a_changed_setting_or_secret_replaces_the_driver() {
	same_pods && ! same_pods --set executor.instances=2 &&
		! same_pods --set-string secretChecksum=2
}

check executors_have_claims_where_spark_can_make_them
check the_driver_s_claim_is_kept_and_says_whose_it_is
check nothing_is_cluster_wide
check arguments_reach_spark_word_by_word
check a_changed_setting_or_secret_replaces_the_driver
