# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Requests and answers; see k8s_test.sh.

creates_reads_changes_and_deletes() {
	try send create "$maps" '' '{"metadata":{"name":"m"},"data":{"a":"1"}}' &&
		says 201 &&
		try send get "$maps/m" && says '"a":"1"' &&
		try send merge "$maps/m" '' '{"data":{"a":null,"b":"2"}}' &&
		says '"data":{"b":"2"}' &&
		try send delete "$maps/m" '' '{"propagationPolicy":"Background"}' &&
		says '"status":"Success"' &&
		refuses "refused not_found GET $maps/m: configmaps \"m\" not found" \
			send get "$maps/m"
}

applies_again_and_again_as_one_manager() {
	body='{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"s"},"data":{"a":"1"}}'
	k -n "$ns" create configmap s --from-literal=a=kubectl >/dev/null &&
		try send apply "$maps/s" '' "$body" && says '"a":"1"' &&
		try send apply "$maps/s" dryRun=All "$body" && says 200 &&
		[ "$(k -n "$ns" get cm s --show-managed-fields -o \
			'jsonpath={.metadata.managedFields[?(@.operation=="Apply")].manager}')" = \
			roaster ]
}

says_conflict() {
	try send create "$maps" '' '{"metadata":{"name":"c"}}' &&
		refuses 'refused conflict POST' send create "$maps" '' \
			'{"metadata":{"name":"c"}}' &&
		says 'already exists' &&
		refuses 'refused conflict PATCH' send merge "$maps/c" '' \
			'{"metadata":{"resourceVersion":"1"},"data":{"a":"b"}}' &&
		refuses 'refused conflict DELETE' send delete "$maps/c" '' \
			'{"preconditions":{"uid":"00000000-0000-0000-0000-000000000000"}}'
}

says_what_is_invalid() {
	refuses 'refused invalid POST' send create "$maps" '' \
		'{"metadata":{"name":"Not A Name"}}' && says 'RFC 1123'
}

does_not_repeat_a_secret_that_was_refused() {
	echo Zm9yYmlkZGVuIGZydWl0 >>"$secret_words"
	refuses "refused unavailable PATCH $secrets/x: " send apply "$secrets/x" '' \
		'{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},
		"data":{"a":["Zm9yYmlkZGVuIGZydWl0"]}}'
}

gets_only_metadata_of_lists_and_objects() {
	k -n "$ns" create secret generic z --from-literal=password=hidden \
		>/dev/null &&
		try send metadata "$secrets" 'labelSelector=owner%21%3Dhelm' &&
		says '"kind":"PartialObjectMetadataList"' && says '"name":"z"' &&
		! grep -q aGlkZGVu "$tmp/out" &&
		try send metadata "$secrets/z" &&
		says '"kind":"PartialObjectMetadata"' &&
		! grep -q aGlkZGVu "$tmp/out"
}

gives_the_log_of_a_pod_as_text() {
	k -n "$ns" run talker --image=x >/dev/null &&
		k -n "$ns" wait --for=condition=Ready pod/talker >/dev/null &&
		try send get "/api/v1/namespaces/$ns/pods/talker/log" tailLines=5 &&
		says 'text '
	rc=$?
	k -n "$ns" delete pod talker --now >/dev/null
	return "$rc"
}

sends_nothing_over_a_new_connection_while_it_stays() {
	try stay "/api/v1/namespaces/$ns/configmaps" \
		'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"astray"}}' &&
		says '200 200 1 1 200' &&
		! k -n "$ns" get configmap astray >/dev/null 2>&1
}

takes_no_proxy_from_the_environment() {
	export https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1
	try send get /version && says 200
	rc=$?
	unset https_proxy ALL_PROXY
	return "$rc"
}
