/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_answer.h"
#include "api_unit.h"
#include "doc/doc.h"

static void
api_refuse_answers_with_a_whole_problem(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/v1/none/list");

	assert_int_equal(api_unit_begin(u), API_SEND);
	assert_int_equal(u->task.response.status, 404);
	assert_string_equal(api_unit_body(u),
		"{\"type\":\"/docs/errors#not_found\",\"title\":\"Not Found\","
		"\"status\":404,\"detail\":\"there is nothing at this path\","
		"\"code\":\"not_found\",\"instance\":\"/v1/none/list\","
		"\"request_id\":\"id-1\",\"message\":\"there is nothing at "
		"this path\",\"path\":\"/v1/none/list\"}");
	assert_string_equal(
		api_unit_header(u, "content-type"), API_PROBLEM_TYPE);
	assert_string_equal(api_unit_header(u, "cache-control"), "no-store");
}

static void
api_refuse_all_names_each_place(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/v2/none");
	struct err_list errors = {0};
	struct err e;

	api_unit_begin(u);
	u->task.response.n_headers = 0;
	err_at(&e, 3, 7, "spec.configs[12].na~me/x", "is wrong");
	err_list_add(&errors, &e);
	err_set(&e, ERR_INVALID, "/a/b", "too");
	err_list_add(&errors, &e);
	err_set(&e, ERR_INVALID, "", "and so on");
	err_list_add(&errors, &e);
	api_refuse_all(&u->task, &errors);
	api_unit_has(u, "\"detail\":\"3 problems, the first at line 3, column "
			"7: spec.configs[12].na~me/x: is wrong\"");
	api_unit_has(u, "\"errors\":[{\"pointer\":\"/spec/configs/12/na~0me~1x"
			"\",\"line\":3,\"column\":7,\"detail\":\"is wrong\"},"
			"{\"pointer\":\"/a/b\",\"detail\":\"too\"},"
			"{\"detail\":\"and so on\"}]");
	assert_null(strstr(api_unit_body(u), "\"message\""));
}

/* The list is cut, its length is told. */
static void
api_refuse_all_counts_beyond_the_list(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/v2/none");
	struct err_list errors = {0};
	struct err e;

	api_unit_begin(u);
	u->task.response.n_headers = 0;
	err_set(&e, ERR_INVALID, "x", "is wrong");
	for (unsigned i = 0; i < ERR_LIST_MAX + 5; i++)
		err_list_add(&errors, &e);
	api_refuse_all(&u->task, &errors);
	api_unit_has(u, "\"detail\":\"25 problems, the first at x: is wrong");
}

/* Whatever stands in a path, the answer is JSON and not long. */
static void
api_refuse_escapes_and_cuts_the_path(void **state)
{
	static const struct doc_limits limits = {10000, 8, 100};
	char path[600] = "/v1/\"\\\r\n\x1b[31m\xff\xc3";
	struct api_unit *u = api_unit_open(*state, "GET", path);
	const struct doc_node *root;
	struct err e;
	size_t at = strlen(path);

	memset(path + at, 'x', sizeof(path) - at - 1);
	api_unit_begin(u);
	assert_int_equal(doc_parse_json(*state, u->task.response.body, &limits,
				 &root, &e),
		0);
	assert_int_equal(
		strlen(strchr(doc_text(root, "instance", ""), 'x')), 185);
	assert_true(u->task.response.body.len < 1000);
	for (size_t i = 0; i < u->task.response.body.len; i++)
		assert_true((unsigned char)u->task.response.body.data[i] >= 32);
}

static void
api_problem_body_knows_the_servers_own_answers(void **state)
{
	struct bytes body = api_problem_body(*state, 413, "id");

	assert_string_equal(body.data,
		"{\"type\":\"/docs/errors#too_large\",\"title\":\"Content Too "
		"Large\",\"status\":413,\"detail\":\"the body is larger than 2 "
		"MiB\",\"code\":\"too_large\",\"instance\":\"urn:uuid:id\","
		"\"request_id\":\"id\"}");
	body = api_problem_body(*state, 408, "id");
	assert_non_null(strstr(body.data, "\"status\":408"));
	assert_non_null(strstr(body.data, "\"code\":\"invalid\""));
	body = api_problem_body(*state, 599, "id");
	assert_non_null(strstr(body.data, "\"status\":599"));
	assert_non_null(strstr(body.data, "\"code\":\"internal\""));
}

static void
api_title_has_one_for_each_code(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ERR_CODE_COUNT; i++)
		assert_non_null(api_title((enum err_code)i));
}

static void
api_markdown_has_all_routes_and_codes(void **state)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);
	struct buf out;

	buf_init(&out, *state);
	api_markdown(&out);
	for (size_t i = 0; i < count; i++)
		assert_non_null(strstr(
			out.data, arena_format(*state, "| `%s %s` | ",
					  table[i].method, table[i].template)));
	assert_non_null(strstr(out.data,
		"| `POST /v1/{kind}/create` | operator | `yaml`, [`wait`], "
		"the kind's own |"));
	assert_non_null(strstr(out.data, "| `GET /ping` |  |  | `pong` |"));
	assert_non_null(strstr(out.data, "| 409 | Conflict | `conflict` |"));
	assert_null(strstr(out.data, "| 200 |"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_refuse_answers_with_a_whole_problem),
		UNIT_TEST(api_refuse_all_names_each_place),
		UNIT_TEST(api_refuse_all_counts_beyond_the_list),
		UNIT_TEST(api_refuse_escapes_and_cuts_the_path),
		UNIT_TEST(api_problem_body_knows_the_servers_own_answers),
		UNIT_TEST(api_title_has_one_for_each_code),
		UNIT_TEST(api_markdown_has_all_routes_and_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
