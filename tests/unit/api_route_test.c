/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_route.h"
#include "unit.h"

static void
api_route_table_has_complete_rows(void **state)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct api_route *r = &table[i];
		bool is_read = (r->flags & API_READ) != 0;

		assert_int_equal(r->template[0], '/');
		assert_non_null(r->help);
		assert_int_equal(is_read, r->plan != NULL);
		assert_int_equal(is_read, r->answer != NULL);
		assert_int_equal(is_read, r->start == NULL);
		/* A public read would never be answered. */
		assert_false(is_read && (r->flags & API_PUBLIC) != 0);
		assert_int_equal((r->flags & API_V1) != 0,
			strncmp(r->template, "/v1/", 4) == 0);
		assert_int_equal(api_route_number(r), i + 1);
	}
	assert_int_equal(api_route_number(NULL), 0);
}

static void
api_route_table_has_no_row_twice(void **state)
{
	size_t count;
	const struct api_route *t = api_route_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			assert_false(strcmp(t[i].method, t[k].method) == 0 &&
				     strcmp(t[i].template, t[k].template) == 0);
}

/* Only probes, documents and the login are open to everybody. */
static void
api_route_table_is_closed_but_for_what_all_may_see(void **state)
{
	static const char *const open[] = {"/v1/login", "/ping", "/livez",
		"/readyz", "/healthz", "/metrics", "/version", "/openapi.json",
		"/docs/errors"};
	size_t count, n_open = 0;
	const struct api_route *table = api_route_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if ((table[i].flags & API_PUBLIC) == 0)
			continue;
		assert_true(n_open < COUNT_OF(open));
		assert_string_equal(table[i].template, open[n_open++]);
	}
	assert_int_equal(n_open, COUNT_OF(open));
}

/* template "": nothing fits; allow: of another method. */
static const struct find_case {
	const char *method, *path, *template, *allow;
} find_cases[] = {
	{"POST", "/v1/login", "/v1/login", NULL},
	{"POST", "/v1/login/", "/v1/login", NULL},
	{"POST", "/v1/login//", "", NULL},
	{"GET", "/v1/login", "", "POST"},
	{"POST", "/v1/trino/create", "/v1/{kind}/create", NULL},
	{"POST", "/v1/tr%69no/create", "/v1/{kind}/create", NULL},
	{"POST", "/v1/none/create", "", NULL},
	{"POST", "/v1/users/create", "/v1/users/create", NULL},
	{"GET", "/v1/users/create", "", "POST"},
	{"HEAD", "/v1/trino/list", "/v1/{kind}/list", NULL},
	{"POST", "/v1/trino/list", "", "GET, HEAD"},
	{"GET", "/v2/components", "/v2/components", NULL},
	{"GET", "/v2/components/", "", NULL},
	{"GET", "/v2/components/trino", "/v2/components/{kind}", NULL},
	{"GET", "/v2/components/trino/ns", "/v2/components/{kind}/{namespace}",
		NULL},
	{"GET", "/v2/components/trino/ns/a.b",
		"/v2/components/{kind}/{namespace}/{name}", NULL},
	{"GET", "/v2/components/trino/../x", "", NULL},
	{"GET", "/v2/components/trino/ns/%2e%2e", "", NULL},
	{"GET", "/v2/components/trino/ns/a%2fb", "", NULL},
	{"GET", "/v2/components/trino/ns/a%00", "", NULL},
	{"GET", "/v2/components/trino/ns/%zz", "", NULL},
	{"GET", "/v2/components/trino/ns/a;b", "", NULL},
	{"GET", "/v2/components/trino/ns/etl/x", "", NULL},
	{"GET", "", "", NULL},
	{"GET", "ping", "", NULL},
	{"GET", "/", "", NULL},
	{"GET", "//ping", "", NULL},
	{"GET", "/pin", "", NULL},
	{"GET", "/pingx", "", NULL},
	{"GET", "/ping/", "", NULL},
	{"BREW", "/ping", "", "GET, HEAD"},
};

static void
api_route_find_matches_whole_paths_only(void **state)
{
	for (size_t i = 0; i < COUNT_OF(find_cases); i++) {
		const struct find_case *c = &find_cases[i];
		struct api_target target;
		const char *allow;
		const struct api_route *r = api_route_find(
			*state, c->method, c->path, &target, &allow);
		const char *got = r == NULL ? "" : r->template;

		if (strcmp(got, c->template) != 0)
			fail_msg("%s %s: %s", c->method, c->path, got);
		if (c->allow == NULL)
			assert_null(allow);
		else
			assert_string_equal(allow, c->allow);
	}
}

static void
api_route_find_captures_the_target(void **state)
{
	struct api_target target;
	const char *allow;

	assert_non_null(api_route_find(*state, "GET",
		"/v2/components/trino/my-ns/e%74l", &target, &allow));
	assert_string_equal(target.kind->name, "trino");
	assert_string_equal(target.namespace, "my-ns");
	assert_string_equal(target.name, "etl");
	assert_null(target.id);
	assert_non_null(api_route_find(
		*state, "GET", "/v2/operations/abc", &target, &allow));
	assert_string_equal(target.id, "abc");
	assert_null(target.kind);
}

/* Far beyond what any name may be: not decoded, not found. */
static void
api_route_find_refuses_long_segments(void **state)
{
	char path[2000] = "/v2/operations/";
	struct api_target target;
	const char *allow;
	size_t at = strlen(path);

	memset(path + at, 'a', sizeof(path) - at - 1);
	path[sizeof(path) - 1] = '\0';
	assert_null(api_route_find(*state, "GET", path, &target, &allow));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_route_table_has_complete_rows),
		UNIT_TEST(api_route_table_has_no_row_twice),
		UNIT_TEST(api_route_table_is_closed_but_for_what_all_may_see),
		UNIT_TEST(api_route_find_matches_whole_paths_only),
		UNIT_TEST(api_route_find_captures_the_target),
		UNIT_TEST(api_route_find_refuses_long_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
