#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# conf/kubernetes/rbac.yaml against a real API server, asked and tried with a
# token of the service account itself: TAP on standard output.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/world/tap.sh"
cluster=$top/dev/cluster/cluster.sh
rbac=$top/conf/kubernetes/rbac.yaml
KUBECTL=$("$top/dev/fetch.sh")/kubectl || exit 1
KC_OWNER=$$
export KUBECTL KC_OWNER

tmp=$(mktemp -d)
trap 'sh "$cluster" stop "$tmp/c"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
sh "$cluster" start "$tmp/c" >/dev/null || exit 1

admin() {
	HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/c/kubeconfig" "$@"
}

roaster() {
	HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/roaster" "$@"
}

# can NAMESPACE VERB RESOURCE[/NAME][@SUBRESOURCE]: "yes" or "no"; "-" is the
# whole cluster.
can() {
	subresource=${3#"${3%@*}"}
	set -- "$1" "$2" "${3%@*}" "--subresource=${subresource#@}" -n "$1"
	[ "$1" != - ] || set -- "$1" "$2" "$3" "$4" -A
	shift
	roaster auth can-i "$@" 2>/dev/null
}

# answers EXPECTED: every line "namespace verb resource" of standard input.
answers() {
	rc=0
	while read -r namespace verb resource; do
		[ "$(can "$namespace" "$verb" "$resource")" = "$1" ] || {
			echo "# not $1: $namespace $verb $resource"
			rc=1
		}
	done
	return "$rc"
}

applies_cleanly_twice() {
	admin apply -f "$rbac" >/dev/null &&
		! admin apply -f "$rbac" | grep -v ' unchanged$'
}

account_gets_a_token() {
	sh "$top/dev/account.sh" "$tmp/c/kubeconfig" "$tmp/roaster" &&
		[ "$(stat -c %a "$tmp/roaster")" = 600 ] &&
		[ "$(roaster auth whoami -o 'jsonpath={.status.userInfo.username}')" = \
			system:serviceaccount:roaster:roaster ]
}

base_reads_the_cluster() {
	answers yes <<-END
	- list namespaces
	- watch namespaces
	- create namespaces
	- create rolebindings.rbac.authorization.k8s.io
	- list storageclasses.storage.k8s.io
	- list nodes
	- bind clusterroles.rbac.authorization.k8s.io/roaster-managed
	END
}

base_reaches_nothing_else() {
	answers no <<-END
	- delete namespaces
	- patch namespaces
	- list secrets
	- get secrets
	kube-system get secrets
	default get secrets
	default create deployments.apps
	default list pods
	- bind clusterroles.rbac.authorization.k8s.io/cluster-admin
	- escalate clusterroles.rbac.authorization.k8s.io/roaster-managed
	- create clusterrolebindings.rbac.authorization.k8s.io
	- impersonate users
	- patch nodes
	roaster create serviceaccounts@token
	END
}

takes_a_new_namespace_into_its_care() {
	roaster create namespace care >/dev/null &&
		roaster create rolebinding roaster -n care \
			--clusterrole=roaster-managed \
			--serviceaccount=roaster:roaster >/dev/null &&
		answers yes <<-END
		care delete namespaces/care
		care patch secrets
		care deletecollection pods
		care get pods@log
		care create deployments.apps
		care patch statefulsets.apps
		care watch replicasets.apps
		care create jobs.batch
		care create horizontalpodautoscalers.autoscaling
		care create poddisruptionbudgets.policy
		care create networkpolicies.networking.k8s.io
		care list endpointslices.discovery.k8s.io
		care list events
		care list resourcequotas
		care create roles.rbac.authorization.k8s.io
		END
}

managed_reaches_no_further() {
	answers no <<-END
	default delete namespaces/default
	default get secrets
	- list secrets
	care create pods@exec
	care patch resourcequotas
	care create daemonsets.apps
	care bind roles.rbac.authorization.k8s.io
	care escalate roles.rbac.authorization.k8s.io
	END
}

# By doing, not by asking: the rule about binding is not in can-i.
cannot_bind_more_than_it_has() {
	for role in cluster-admin admin edit; do
		! roaster create rolebinding grab -n care \
			--clusterrole="$role" \
			--serviceaccount=roaster:roaster 2>"$tmp/err" &&
			grep -q 'attempting to grant' "$tmp/err" || return 1
	done
}

# The verbs that Spark's driver needs, given on by a Role.
can_give_a_spark_driver_its_role() {
	verbs=create,get,list,watch,update,patch,delete,deletecollection
	roaster create role spark -n care --verb="$verbs" \
		--resource=pods,services,configmaps,persistentvolumeclaims \
		>/dev/null &&
		roaster create rolebinding spark -n care --role=spark \
			--serviceaccount=care:spark >/dev/null
}

cannot_give_what_it_lacks() {
	! roaster create role grab -n care --verb=create \
		--resource=pods/exec 2>"$tmp/err" &&
		grep -q 'attempting to grant' "$tmp/err"
}

has_no_wildcard() {
	! grep -n '\*' "$rbac"
}

ends_its_own_namespace_and_no_other() {
	roaster delete namespace care --wait=false >/dev/null &&
		! roaster delete namespace default 2>/dev/null
}

check applies_cleanly_twice
check account_gets_a_token
check base_reads_the_cluster
check base_reaches_nothing_else
check takes_a_new_namespace_into_its_care
check managed_reaches_no_further
check cannot_bind_more_than_it_has
check can_give_a_spark_driver_its_role
check cannot_give_what_it_lacks
check has_no_wildcard
check ends_its_own_namespace_and_no_other
finish
