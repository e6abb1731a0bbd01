# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Verdicts over real objects; see k8s_test.sh.

# deploy NAME REPLICAS CONTAINER [SPEC]: a deployment of pods with that
# container; SPEC is more of the pod's spec. All of it in flow style.
deploy() {
	k -n "$ns" apply -f - >/dev/null 2>"$tmp/warnings" <<-END
	{apiVersion: apps/v1, kind: Deployment, metadata: {name: "$1"},
	 spec: {replicas: $2, selector: {matchLabels: {app: "$1"}}, template: {
	  metadata: {labels: {app: "$1"}, annotations: {${5:-}}},
	  spec: {containers: [{name: main, $3}]${4:+, $4}}}}}
	END
}

# judged WANTED TEXT: the verdict has TEXT before long.
judged() {
	within 20 verdict_is "$1" "$2" || {
		sed 's/^/# /' "$tmp/out"
		return 1
	}
}

verdict_is() {
	try judge "$ns" "$1" && grep -qF -- "$2" "$tmp/out"
}

finds_a_deployment_ready() {
	deploy web 3 'image: good' && judged 1 'ready 3/3 3 of 3 pods ready' &&
		judged 2 'absent 3/3 1 of 2 deployments'
}

names_an_image_that_cannot_be_pulled() {
	deploy web 3 'image: does-not-exist' &&
		judged 1 'failed 3/3 3 of 3 pods ready; pod web-' &&
		judged 1 'container main: ImagePullBackOff: Back-off pulling image "does-not-exist"'
}

forgives_what_the_spec_before_had_broken() {
	deploy web 3 'image: better' && judged 1 'ready 3/3' &&
		! grep -q ImagePull "$tmp/out"
}

names_a_crash_loop() {
	deploy web 1 'image: good' '' 'kc/fail: CrashLoopBackOff' &&
		judged 1 'container main: CrashLoopBackOff: exit code 1 (Error), ended 4 times'
}

names_a_pod_that_fits_nowhere() {
	deploy web 1 'image: good, resources: {requests: {cpu: "100"}}' &&
		judged 1 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu'
}

names_a_claim_that_is_not_bound() {
	k -n "$ns" apply -f - >/dev/null <<-END
	{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data},
	 spec: {accessModes: [ReadWriteOnce], storageClassName: missing,
	  resources: {requests: {storage: 1Gi}}}}
	END
	deploy web 1 'image: good' \
		'volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]' &&
		judged 1 'claim data of pod web-'
	rc=$?
	deploy web 1 'image: good' && k -n "$ns" delete pvc data >/dev/null
	return "$rc"
}

names_the_quota_that_refuses() {
	k -n "$ns" create quota tight --hard=pods=1 >/dev/null &&
		deploy web 3 'image: good' &&
		judged 1 'deployment web: FailedCreate: pods "web-' &&
		says 'exceeded quota: tight'
	rc=$?
	k -n "$ns" delete quota tight >/dev/null
	return "$rc"
}

names_a_violated_pod_security() {
	k label namespace "$ns" pod-security.kubernetes.io/enforce=restricted \
		>/dev/null 2>&1 && deploy strict 1 'image: good' &&
		judged 1 'violates PodSecurity "restricted:latest"' &&
		says 'failed '
	rc=$?
	k label namespace "$ns" pod-security.kubernetes.io/enforce- >/dev/null
	k -n "$ns" delete deployment strict web >/dev/null
	return "$rc"
}
