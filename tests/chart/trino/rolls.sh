# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Which change replaces which pods.

# same_role ROLE [ARGS...]: its pod template is that of the demo.
same_role() {
	owner=trino-$1
	shift
	template "$owner" demo >"$tmp/before.json" &&
		template "$owner" demo "$@" >"$tmp/after.json" &&
		[ -s "$tmp/before.json" ] &&
		cmp -s "$tmp/before.json" "$tmp/after.json"
}

# rolls_only ROLE OTHER FILTER: the demo changed by a jq filter.
rolls_only() {
	jq "$3" "$data/values/demo.json" >"$tmp/changed.json" &&
		! same_role "$1" --values "$tmp/changed.json" &&
		same_role "$2" --values "$tmp/changed.json"
}

a_changed_worker_file_rolls_only_workers() {
	rolls_only worker coordinator '.worker.files[0].value += "#\n"' &&
		rolls_only worker coordinator 'del(.worker.files[5])' &&
		rolls_only worker coordinator '.worker.secretChecksum = "1"'
}

a_changed_coordinator_file_rolls_only_the_coordinator() {
	rolls_only coordinator worker '.coordinator.files[0].value += "#\n"' &&
		rolls_only coordinator worker '.coordinator.secretChecksum = "1"'
}

another_number_of_workers_rolls_nothing() {
	same_role worker --set worker.autoscaling.enabled=false \
		--set worker.replicas=7 &&
		same_role worker --set worker.autoscaling.maxReplicas=9
}

another_image_rolls_both() {
	same_role worker && same_role coordinator &&
		! same_role worker --set-string image.tag=476 &&
		! same_role coordinator --set-string image.tag=476
}

check a_changed_worker_file_rolls_only_workers
check a_changed_coordinator_file_rolls_only_the_coordinator
check another_number_of_workers_rolls_nothing
check another_image_rolls_both
