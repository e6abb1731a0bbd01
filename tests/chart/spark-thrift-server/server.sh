# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The driver, run in a restricted namespace, and what its account may do there.

canary="canary-3b1f0a7c"

# try_executor FILTER: the template, filled in as Spark does and changed by a
# jq filter, before the API server.
try_executor() {
	executor demo | jq '.metadata.name = "x" |
		.spec.containers[0].image = "x"' | jq "$1" |
		k create --dry-run=server --validate=strict --filename - \
			>"$tmp/executor.log" 2>&1
}

an_executor_fits_in_the_namespace() {
	try_executor . || ! cat "$tmp/executor.log" || return 1
	! grep -q Warning "$tmp/executor.log" &&
		! try_executor 'del(.spec.securityContext)' &&
		grep -q 'violates PodSecurity "restricted' "$tmp/executor.log"
}

a_restricted_namespace_runs_the_driver() {
	k create secret generic spark-thrift-server-s3 \
		"--from-literal=accessKey=$canary" \
		"--from-literal=secretKey=$canary" >/dev/null && install &&
		pods_get_ready && within 20 one_endpoint spark-thrift-server-service
}

# Everything there is but the Secret itself, with Helm's record unpacked.
the_keys_are_in_the_secret_only() {
	k get configmaps,deployments,replicasets,pods,services,pvc \
		--output json >"$tmp/all.json" &&
		"$HELM" get all etl --namespace "$namespace" >>"$tmp/all.json" &&
		grep -q spark-thrift-server-s3 "$tmp/all.json" &&
		! grep -q "$canary" "$tmp/all.json"
}

# may VERB RESOURCE [ARGS...]: what the driver's account is allowed.
may() {
	"$KUBECTL" auth can-i --quiet \
		--as "system:serviceaccount:$namespace:spark-thrift-server" \
		"$@" 2>/dev/null
}

the_driver_may_make_pods_here_and_no_more() {
	may create pods --namespace "$namespace" &&
		may deletecollection persistentvolumeclaims \
			--namespace "$namespace" &&
		! may get secrets --namespace "$namespace" &&
		! may create pods --namespace default &&
		! may list nodes
}

# drivers: how many pod templates the driver has had.
drivers() {
	k get replicasets --selector app.kubernetes.io/instance=etl \
		--output name | wc -l
}

an_upgrade_replaces_the_driver_when_the_secret_changed() {
	claims >"$tmp/claims" && install --set-string secretChecksum=2 &&
		pods_get_ready && [ "$(drivers)" = 2 ] &&
		install --set-string secretChecksum=2 && [ "$(drivers)" = 2 ] &&
		claims | cmp -s "$tmp/claims" -
}

check an_executor_fits_in_the_namespace
check a_restricted_namespace_runs_the_driver
check the_keys_are_in_the_secret_only
check the_driver_may_make_pods_here_and_no_more
check an_upgrade_replaces_the_driver_when_the_secret_changed
