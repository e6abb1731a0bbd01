/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_host.h"
#include "unit.h"

static const struct {
	const char *server;
	const char *renamed;
	const char *header;
	const char *connect_to;
} rows[] = {
	{"https://10.0.0.1:6443", "https://api.example:6443", "10.0.0.1:6443",
		"::10.0.0.1:6443"},
	{"https://h", "https://api.example", "h:443", "::h:443"},
	{"https://h/k8s/c-1", "https://api.example/k8s/c-1", "h:443",
		"::h:443"},
	{"https://[fd00::1]:6443", "https://api.example:6443", "[fd00::1]:6443",
		"::[fd00::1]:6443"},
};

static void
k8s_host_rename_leads_to_the_same_server(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct k8s_host host;

		assert_int_equal(k8s_host_rename(*state, rows[i].server,
					 "api.example", &host),
			0);
		assert_string_equal(host.server, rows[i].renamed);
		assert_string_equal(host.header, rows[i].header);
		assert_string_equal(host.connect_to, rows[i].connect_to);
	}
}

static void
k8s_host_rename_refuses_what_is_no_url(void **state)
{
	struct k8s_host host;

	assert_int_equal(
		k8s_host_rename(*state, "https://[::1", "a.example", &host),
		-1);
	assert_int_equal(
		k8s_host_rename(*state, "https://h:99999", "a", &host), -1);
	assert_int_equal(
		k8s_host_rename(*state, "https://h", "a b", &host), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(k8s_host_rename_leads_to_the_same_server),
		UNIT_TEST(k8s_host_rename_refuses_what_is_no_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
