# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Configuration files: from the example to the place where Trino reads them.

example=$top/examples/trino-cluster-etl.yaml

# example_configs ROLE: path, name and value of each of the example's files.
example_configs() {
	"$KUBECTL" annotate --local --filename "$example" test=1 \
		--output json | jq ".spec.$1.configs"
}

the_demo_values_hold_the_files_of_the_example() {
	for role in coordinator worker; do
		example_configs "$role" >"$tmp/configs.json" || return 1
		jq --exit-status --slurpfile configs "$tmp/configs.json" \
			"[.$role.files[] | {path, name, value}] ==
			[\$configs[0][] | if (.value | contains(\"secret\"))
				then .value = null else . end
				| {path, name, value}]" \
			"$data/values/demo.json" >/dev/null || return 1
	done
}

# files_arrive NAME: the files of values/NAME.json are at their paths.
files_arrive() {
	objects "$1" | jq --slurp '{items: .}' |
		python3 "$here/files.py" compare "$data/values/$1.json"
}

every_file_is_at_its_path_byte_for_byte() {
	files_arrive demo && files_arrive everything
}

# No credential can be in a manifest: the values have none. What is left is
# that a role's pods do not get the other role's keys.
secret_files_reach_only_their_role() {
	template trino-worker demo >"$tmp/worker.json" &&
		grep -q '"worker\.hive\.properties\.' "$tmp/worker.json" &&
		! grep -q '"coordinator\.hive' "$tmp/worker.json"
}

check the_demo_values_hold_the_files_of_the_example
check every_file_is_at_its_path_byte_for_byte
check secret_files_reach_only_their_role
