/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, pages, one component, one operation. */
#include "api/api_cursor.h"
#include "api_unit.h"

#define ID "01a1fdb2-8e83-7de8-a6d8-0e2ee5caff5b"

static const char *const three[] = {"i1", "trino", "ns1", "one", "posted",
	"Running", "", "2", "2", "1", "i2", "trino", "ns2", "two", "",
	"Degraded", "why", "1", "3", "4", "i3", "trino", "ns3", "three", "",
	"Error", "no", "0", "1", "2"};

static struct api_unit *
open_read(struct arena *arena, const char *path, const char *query)
{
	struct api_unit *u = api_unit_open(arena, "GET", path);

	u->request.query = unit_bytes(query);
	assert_int_equal(api_unit_begin(u), API_QUERY);
	return u;
}

static void
api_list_answer_has_upstreams_fields_first(void **state)
{
	struct api_unit *u = open_read(*state, "/v1/trino/list", "x=ignored");

	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 2, three);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_string_equal(api_unit_body(u),
		"[{\"components\":\"trino\",\"kind\":\"TrinoCluster\",\"name\":"
		"\"one\",\"namespace\":\"posted\",\"target_namespace\":\"ns1\","
		"\"id\":\"i1\",\"state\":\"Running\",\"message\":\"\",\"ready\""
		":2,\"wanted\":2,\"generation\":1},{\"components\":\"trino\","
		"\"kind\":\"TrinoCluster\",\"name\":\"two\",\"namespace\":"
		"\"ns2\",\"target_namespace\":\"ns2\",\"id\":\"i2\",\"state\":"
		"\"Degraded\",\"message\":\"why\",\"ready\":1,\"wanted\":3,"
		"\"generation\":4}]");
}

static const struct page_case {
	const char *path, *query;
	enum db_query list;
	unsigned n_values;
	const char *values[6];
} page_cases[] = {
	{"/v2/components", "", DB_QUERY_component_list, 4, {"", "", "", "51"}},
	{"/v2/components", "kind=trino&namespace=a&limit=500",
		DB_QUERY_component_list_both, 6,
		{"trino", "a", "", "", "", "501"}},
	{"/v2/components", "cursor=dHJpbm8vbnMvZXRs", DB_QUERY_component_list,
		4, {"trino", "ns", "etl", "51"}},
	{"/v2/components", "namespace=a&cursor=dHJpbm8vbnMvZXRs",
		DB_QUERY_component_list_namespace, 5,
		{"a", "trino", "ns", "etl", "51"}},
	{"/v2/components/trino", "", DB_QUERY_component_list_kind, 5,
		{"trino", "", "", "", "51"}},
	{"/v2/components/trino", "namespace=b", DB_QUERY_component_list_both, 6,
		{"trino", "b", "", "", "", "51"}},
	{"/v2/components/trino/c", "limit=1", DB_QUERY_component_list_both, 6,
		{"trino", "c", "", "", "", "2"}},
};

static void
api_page_plan_filters_and_asks_for_one_more(void **state)
{
	for (size_t i = 0; i < COUNT_OF(page_cases); i++) {
		const struct page_case *c = &page_cases[i];
		struct api_unit *u = open_read(*state, c->path, c->query);

		API_UNIT_CALLS(u, DB_QUERY_session, c->list);
		assert_int_equal(db_query_row(c->list)->n_values, c->n_values);
		for (unsigned k = 0; k < c->n_values; k++)
			api_unit_value(u, 1, k, c->values[k]);
	}
}

static void
api_page_plan_refuses_what_it_does_not_understand(void **state)
{
	static const char *const bad[] = {"limit=0", "limit=501", "limit=x",
		"limit=01", "kind=none", "namespace=A",
		"namespace=", "cursor=", "cursor=!", "cursor=YQ",
		"cursor=YS9iL2MvZA", "cursor=AA", "cursor=_w", "label=x",
		"kind=trino&kind=trino"};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct api_unit *u =
			open_read(*state, "/v2/components", bad[i]);

		API_UNIT_CALLS(u, DB_QUERY_session);
		api_unit_session(u, "viewer");
		assert_int_equal(api_unit_reply(u), API_SEND);
		if (u->task.response.status != 400)
			fail_msg("%s", bad[i]);
	}
	/* The path says it already. */
	open_read(*state, "/v2/components/trino", "kind=trino");
}

static void
api_page_answer_links_to_the_next(void **state)
{
	struct api_unit *u =
		open_read(*state, "/v2/components/trino", "limit=2");

	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 3, three);
	assert_int_equal(api_unit_reply(u), API_SEND);
	api_unit_has(u,
		"{\"items\":[{\"kind\":\"trino\",\"namespace\":\"ns1\","
		"\"name\":\"one\",\"posted_namespace\":\"posted\",\"id\""
		":\"i1\",\"state\":\"Running\",");
	assert_null(strstr(api_unit_body(u), "three"));
	api_unit_has(u, "],\"next\":\"dHJpbm8vbnMyL3R3bw\"}");
	assert_string_equal(api_unit_header(u, "link"),
		"</v2/components?kind=trino&limit=2&cursor=dHJpbm8vbnMyL3R3bw>"
		"; rel=\"next\"");
	u = open_read(*state, "/v2/components", "limit=3&namespace=x");
	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 3, three);
	api_unit_reply(u);
	api_unit_has(u, "three");
	api_unit_has(u, "],\"next\":null}");
	assert_null(api_unit_header(u, "link"));
	u = open_read(*state, "/v2/components", "limit=2&namespace=x");
	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 3, three);
	api_unit_reply(u);
	assert_non_null(
		strstr(api_unit_header(u, "link"), "?namespace=x&limit=2&"));
}

/* Whatever a name holds, the cursor is made of URL-safe letters. */
static void
api_cursor_read_takes_what_write_made(void **state)
{
	static const char *const names[] = {
		"a", "ab", "abc", "?>~\xc3\xbf", "~~~", "\xf0\x9f\x98\x80"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct db_component last = {
			.kind = "k", .namespace = "n", .name = names[i]};
		char *text = api_cursor_write(*state, &last);
		struct api_cursor cursor;

		assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
					      "ghijklmnopqrstuvwxyz0123456789-"
					      "_"),
			strlen(text));
		assert_int_equal(api_cursor_read(*state, text, &cursor), 0);
		assert_string_equal(cursor.kind, "k");
		assert_string_equal(cursor.namespace, "n");
		assert_string_equal(cursor.name, names[i]);
	}
}

static const char *const component[] = {ID, "trino", "ns", "etl", "posted",
	"running", "Starting", "waits", "1", "3", "2", "1", NULL, NULL, "1",
	"1795252812345", NULL, ID, "update", "running"};

static void
api_component_get_answer_has_all_that_is_known(void **state)
{
	struct api_unit *u =
		open_read(*state, "/v2/components/trino/ns/etl", "");

	API_UNIT_CALLS(u, DB_QUERY_session, DB_QUERY_component_get,
		DB_QUERY_component_endpoints, DB_QUERY_component_children);
	for (unsigned i = 1; i < 4; i++)
		api_unit_value(u, i, 2, "etl");
	api_unit_session(u, "viewer");
	api_unit_rows(u, 20, 1, component);
	api_unit_rows(u, 4, 1, (const char *const[]){"http", "h", "80", "u"});
	api_unit_rows(u, 2, 1, (const char *const[]){"etl", "trino-1"});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_string_equal(api_unit_header(u, "etag"), "\"2\"");
	api_unit_has(u, "\"state\":\"Starting\",\"message\":\"waits\",\"why\":"
			"\"waits\",\"ready\":1,\"wanted\":3,\"desired\":"
			"\"running\",\"generation\":2,\"observed_generation\":1"
			",\"good_generation\":null,\"failed_generation\":null,"
			"\"created_at\":\"2026-11-21T09:20:12.345Z\","
			"\"observed_at\":null,\"stage\":\"");
	api_unit_has(u, "\"state\":\"done\"},");
	api_unit_has(u, "\"state\":\"current\"},");
	api_unit_has(u, "\"endpoints\":[{\"name\":\"http\",\"host\":\"h\","
			"\"port\":80,\"url\":\"u\"}],\"children\":[{\"release\""
			":\"etl\",\"chart\":\"trino-1\"}],\"operation\":{\"id\""
			":\"" ID "\",\"action\":\"update\",\"state\":"
			"\"running\"}}");
}

static void
api_component_get_answer_knows_the_end_of_the_stages(void **state)
{
	const char *row[COUNT_OF(component)];
	struct api_unit *u =
		open_read(*state, "/v2/components/trino/ns/etl", "");

	memcpy(row, component, sizeof(row));
	row[12] = "2";   /* good generation */
	row[14] = "999"; /* stage */
	row[17] = row[18] = row[19] = NULL;
	api_unit_session(u, "viewer");
	api_unit_rows(u, 20, 1, row);
	api_unit_rows(u, 4, 0, NULL);
	api_unit_rows(u, 2, 0, NULL);
	api_unit_reply(u);
	api_unit_has(u, "\"good_generation\":2,");
	api_unit_has(u, "\"stage\":null,\"stages\":[");
	assert_null(strstr(api_unit_body(u), "\"current\""));
	assert_null(strstr(api_unit_body(u), "\"waiting\""));
	api_unit_has(u, "\"endpoints\":[],\"children\":[],\"operation\":null}");
}

static void
api_component_get_answer_is_404_without_a_row(void **state)
{
	struct api_unit *u =
		open_read(*state, "/v2/components/trino/ns/etl", "");

	api_unit_session(u, "viewer");
	api_unit_rows(u, 20, 0, NULL);
	api_unit_rows(u, 4, 0, NULL);
	api_unit_rows(u, 2, 0, NULL);
	api_unit_reply(u);
	assert_int_equal(u->task.response.status, 404);
	api_unit_has(u, "there is no trino etl in namespace ns");
}

static void
api_operation_get_answer_has_times_and_cause(void **state)
{
	static const char *const row[] = {ID, "c1", "trino", "ns", "etl",
		"create", "1", "failed", "no image", "ann", "r1",
		"1795252812345", "1795252812346", "1795252812347", NULL, NULL,
		"conflict", "f"};
	struct api_unit *u = open_read(*state, "/v2/operations/" ID, "");

	api_unit_value(u, 1, 0, ID);
	api_unit_session(u, "viewer");
	api_unit_rows(u, 18, 1, row);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_string_equal(api_unit_body(u),
		"{\"id\":\"" ID "\",\"action\":\"create\",\"state\":\"failed\","
		"\"error\":\"no image\",\"error_code\":\"conflict\","
		"\"generation\":1,\"component\":{\"id\":"
		"\"c1\",\"kind\":\"trino\",\"namespace\":\"ns\",\"name\":"
		"\"etl\",\"state\":null,\"message\":null},\"asked_by\":\"ann\","
		"\"request_id\":\"r1\",\"queued_at\":\"2026-11-21T09:20:12.345Z"
		"\",\"started_at\":\"2026-11-21T09:20:12.346Z\",\"ended_at\":"
		"\"2026-11-21T09:20:12.347Z\"}");
	assert_null(api_unit_header(u, "retry-after"));
}

static void
api_operation_get_answer_is_404_for_no_id_and_no_row(void **state)
{
	struct api_unit *u = open_read(*state, "/v2/operations/none", "");

	API_UNIT_CALLS(u, DB_QUERY_session);
	api_unit_session(u, "viewer");
	api_unit_reply(u);
	assert_int_equal(u->task.response.status, 404);
	u = open_read(*state, "/v2/operations/" ID, "");
	api_unit_session(u, "viewer");
	api_unit_rows(u, 16, 0, NULL);
	api_unit_reply(u);
	assert_int_equal(u->task.response.status, 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_list_answer_has_upstreams_fields_first),
		UNIT_TEST(api_page_plan_filters_and_asks_for_one_more),
		UNIT_TEST(api_page_plan_refuses_what_it_does_not_understand),
		UNIT_TEST(api_page_answer_links_to_the_next),
		UNIT_TEST(api_cursor_read_takes_what_write_made),
		UNIT_TEST(api_component_get_answer_has_all_that_is_known),
		UNIT_TEST(api_component_get_answer_knows_the_end_of_the_stages),
		UNIT_TEST(api_component_get_answer_is_404_without_a_row),
		UNIT_TEST(api_operation_get_answer_has_times_and_cause),
		UNIT_TEST(api_operation_get_answer_is_404_for_no_id_and_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
