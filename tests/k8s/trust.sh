# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Who we are, whom we trust; see k8s_test.sh.

takes_the_proxy_of_the_kubeconfig() {
	config proxy "certificate-authority-data: $ca, proxy-url: 'http://127.0.0.1:1'" \
		"token: $token"
	with proxy refuses 'error unavailable' send get /version
}

says_forbidden_with_the_words_of_the_server() {
	k -n "$ns" create serviceaccount nobody >/dev/null
	sa=$(k -n "$ns" create token nobody) || return 1
	echo "$sa" >>"$secret_words"
	config nobody "certificate-authority-data: $ca" "token: $sa"
	with nobody refuses 'refused forbidden GET /api/v1/secrets: secrets is' \
		send get /api/v1/secrets &&
		says "User \"system:serviceaccount:$ns:nobody\" cannot list"
}

impersonates_as_the_kubeconfig_says() {
	config jane "certificate-authority-data: $ca" \
		"token: $token, as: jane, as-groups: [staff]"
	with jane refuses 'User "jane" cannot list' send get /api/v1/secrets
}

refuses_another_ca() {
	other=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-nodes -keyout /dev/null -subj /CN=other -days 1 2>/dev/null |
		openssl base64 -A)
	config other "certificate-authority-data: $other" "token: $token"
	with other refuses 'SSL certificate problem' send get /version &&
		says "error unavailable $server"
}

refuses_a_ca_that_is_none() {
	config junk "certificate-authority-data: anVuaw==" "token: $token"
	with junk refuses 'error unavailable' send get /version
}

checks_the_name_that_tls_server_name_gives() {
	config right "certificate-authority-data: $ca, tls-server-name: kubernetes.default" \
		"token: $token"
	config wrong "certificate-authority-data: $ca, tls-server-name: api.example" \
		"token: $token"
	with right try send get /version && says 200 &&
		with wrong refuses 'SSL: no alternative certificate subject name' \
			send get /version
}

is_told_that_a_token_is_bad() {
	config bad "certificate-authority-data: $ca" "token: not-a-token"
	with bad refuses 'refused unavailable GET /version: Unauthorized' \
		send get /version
}

# count_of LINE FILE: how often the line is there.
count_of() {
	grep -cx -- "$1" "$2"
}

more_than() {
	[ "$(count_of "$2" "$3")" -gt "$1" ]
}

reads_a_rotated_token_file() {
	printf '%s\n' "$token" >"$tmp/token"
	config rotating "certificate-authority-data: $ca" 'tokenFile: token'
	KUBECONFIG=$tmp/rotating "$live" repeat 60 /version >"$tmp/repeat" 2>&1 &
	running="$running $!"
	within 5 more_than 2 200 "$tmp/repeat" || return 1
	echo another-token >"$tmp/new" && mv "$tmp/new" "$tmp/token"
	within 5 more_than 2 401 "$tmp/repeat" || return 1
	good=$(count_of 200 "$tmp/repeat")
	printf '%s\n' "$token" >"$tmp/new" && mv "$tmp/new" "$tmp/token"
	within 5 more_than "$((good + 2))" 200 "$tmp/repeat"
	rc=$?
	cat "$tmp/repeat" >>"$everything"
	return "$rc"
}

renders_a_kubeconfig_that_kubectl_takes() {
	"$live" render >"$tmp/rendered" &&
		HOME=$tmp "$KUBECTL" --kubeconfig "$tmp/rendered" get --raw \
			/version >/dev/null
}
