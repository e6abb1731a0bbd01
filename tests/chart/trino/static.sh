# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# What only this chart's rendered text says.

an_autoscaled_deployment_has_no_replicas() {
	finds '.metadata.name == "trino-worker" and .kind == "Deployment" and
		(.spec | has("replicas") | not)' demo &&
		finds '.metadata.name == "trino-worker" and .spec.replicas == 3' \
			everything
}

# budget ARGS...: there is a PodDisruptionBudget.
budget() {
	finds '.kind == "PodDisruptionBudget"' minimal "$@"
}

one_worker_has_no_disruption_budget() {
	scaled=worker.autoscaling.enabled=true
	budget && ! budget --set worker.replicas=1 &&
		! budget --set worker.replicas=0 && ! budget --set "$scaled" &&
		budget --set "$scaled,worker.autoscaling.minReplicas=2" &&
		! budget --set worker.podDisruptionBudget.enabled=false
}

# ready_by HANDLER TAG: what the readiness probe of an image is.
ready_by() {
	finds ".spec.template.spec.containers[0]?.readinessProbe | has(\"$1\")" \
		minimal --set-string "image.tag=$2"
}

readiness_suits_the_release() {
	for tag in 351 371 371-arm64; do
		ready_by httpGet "$tag" || return 1
	done
	for tag in 372 384 476 476-arm64 latest v3.0.9; do
		ready_by exec "$tag" || return 1
	done
}

check an_autoscaled_deployment_has_no_replicas
check one_worker_has_no_disruption_budget
check readiness_suits_the_release
