# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# The metastore: layouts of images, its files, its schema.

# laid_out REPOSITORY TAG START CORE_SITE USER: what an image is run with.
laid_out() {
	finds ".spec.template.spec? | .securityContext.runAsUser == $5 and
		.containers[0].command[0] == \"$3\" and
		any(.containers[0].volumeMounts[]; .mountPath == \"$4\")" demo \
		--set image.repository="$1" --set-string image.tag="$2"
}

each_image_gets_its_own_paths() {
	core="core-site.xml"
	laid_out cloudcheflabs/hivemetastore v3.0.0 \
		/opt/hive-metastore/bin/start-metastore \
		"/opt/hadoop/etc/hadoop/$core" 65534 &&
		laid_out apache/hive 4.0.1 /opt/hive/bin/hive \
			"/opt/hive/conf/$core" 1000 &&
		laid_out apache/hive standalone-metastore-4.1.0 \
			/opt/hive/bin/start-metastore "/opt/hive/conf/$core" 1000
}

# schema FOUND: run the chart's script with a schematool that finds a
# schema (current, older, none); what it was asked for is in schema.log.
schema() {
	objects demo | jq --raw-output 'select(.kind == "Deployment") |
		.spec.template.spec.initContainers[0].command[2]' \
		>"$tmp/schema.sh" || return 1
	cat >"$tmp/schematool" <<-'END'
		#!/bin/sh
		echo "$*" >>"$LOG"
		[ "$3" != -info ] || case $FOUND in
		current) printf 'Metastore schema version:\t 3.0.0\n' ;;
		older) printf 'Metastore schema version:\t 2.3.0\n'; exit 1 ;;
		*) exit 1 ;;
		esac
		[ "$FOUND" != broken ]
	END
	chmod +x "$tmp/schematool"
	: >"$tmp/schema.log"
	FOUND=$1 LOG=$tmp/schema.log sh -c "$(cat "$tmp/schema.sh")" schema \
		"$tmp/schematool" mysql >"$tmp/schema.out" 2>&1
}

# asked WORD: the last thing that schematool was asked for.
asked() {
	[ "$(tail -n 1 "$tmp/schema.log")" = "-dbType mysql $1" ]
}

a_schema_is_made_upgraded_or_left_alone() {
	schema none && asked -initSchema && schema older &&
		asked -upgradeSchema && schema current && asked -info
}

a_schema_tool_that_fails_fails_the_pod() {
	! schema broken && asked -initSchema
}

changed_files_replace_the_pods() {
	same_pods --set podDisruptionBudget.enabled=false &&
		! same_pods --set-string secretChecksum=1 &&
		! same_pods --set-json \
			'files[1]={"name": "core-site.xml", "value": ""}'
}

every_byte_of_a_plain_file_arrives() {
	python3 "$here/files.py" plain >"$tmp/values.json" &&
		"$HELM" template x "$chart" --values "$tmp/values.json" \
			--show-only templates/configmap.yaml >"$tmp/map.yaml" &&
		k create --dry-run=server --output json \
			--filename "$tmp/map.yaml" >"$tmp/map.json" &&
		jq --exit-status --slurpfile values "$tmp/values.json" \
			'(.data + (.binaryData | map_values(@base64d))) ==
			([$values[0].files[1:][] | {key: .name, value}] |
			from_entries)' "$tmp/map.json" >/dev/null
}

a_restricted_namespace_runs_the_metastore() {
	k create secret generic hive-metastore-files >/dev/null \
		--from-literal=metastore-site.xml=x \
		--from-literal=core-site.xml=y && install && pods_get_ready &&
		within 20 one_endpoint metastore
}

# pods: how many pod templates the metastore has had.
pods() {
	k get replicasets --selector app=metastore --output name | wc -l
}

an_upgrade_replaces_the_pods_when_the_secret_changed() {
	install --set service.port=9083 && [ "$(pods)" = 1 ] &&
		install --set-string secretChecksum=2 && pods_get_ready &&
		[ "$(pods)" = 2 ]
}

# budget ARGS...: there is a PodDisruptionBudget.
budget() {
	finds '.kind == "PodDisruptionBudget"' minimal "$@"
}

one_metastore_has_no_disruption_budget() {
	! budget && budget --set replicas=2 && ! budget --set replicas=0 &&
		! budget --set replicas=2,podDisruptionBudget.enabled=false
}

check each_image_gets_its_own_paths
check a_schema_is_made_upgraded_or_left_alone
check a_schema_tool_that_fails_fails_the_pod
check changed_files_replace_the_pods
check one_metastore_has_no_disruption_budget
check every_byte_of_a_plain_file_arrives
check a_restricted_namespace_runs_the_metastore
check an_upgrade_replaces_the_pods_when_the_secret_changed
