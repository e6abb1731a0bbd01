/* SPDX-License-Identifier: Apache-2.0 */
/* Who is let in, and what comes of a database that fails. */
#include "api_unit.h"

#define LIST "/v1/trino/list"

static void
assert_refused(struct api_unit *u, enum api_want want, int status)
{
	assert_int_equal(want, API_SEND);
	assert_int_equal(u->task.response.status, status);
	assert_string_equal(
		api_unit_header(u, "content-type"), API_PROBLEM_TYPE);
}

static void
api_begin_spends_no_query_on_a_bad_token(void **state)
{
	static const char *const bad[] = {NULL, "Bearer x", "Basic eDp5"};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct api_unit *u = api_unit_open(*state, "GET", LIST);

		u->request.authorization = bad[i];
		assert_refused(u, api_unit_begin(u), 401);
		assert_string_equal(api_unit_header(u, "www-authenticate"),
			i == 1 ? "Bearer realm=\"roaster\", "
				 "error=\"invalid_token\""
			       : "Bearer realm=\"roaster\"");
	}
}

static void
api_begin_refuses_two_tokens(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", LIST);

	u->request.n_authorizations = 2;
	assert_refused(u, api_unit_begin(u), 400);
}

static void
api_begin_asks_for_session_and_list_at_once(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", LIST);

	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_session, DB_QUERY_component_list_kind);
	assert_int_equal(u->task.query.lane, DB_READ);
	assert_false(u->task.query.is_wake);
	api_unit_value(u, 1, 0, "trino");
	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 0, NULL);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	assert_string_equal(api_unit_body(u), "[]");
	assert_int_equal(u->task.aside.n_calls, 0);
}

static void
api_on_reply_shows_no_rows_to_an_unknown_token(void **state)
{
	static const char *const row[] = {
		"id", "trino", "ns", "etl", "p", "Running", "", "1", "1", "1"};
	struct api_unit *u = api_unit_open(*state, "GET", LIST);

	api_unit_begin(u);
	api_unit_rows(u, 3, 0, NULL);
	api_unit_rows(u, 10, 1, row);
	assert_refused(u, api_unit_reply(u), 401);
	assert_null(strstr(api_unit_body(u), "etl"));
}

/* Not even what is wrong with it. */
static void
api_on_reply_tells_a_stranger_nothing_of_the_request(void **state)
{
	static const struct {
		size_t rows;
		const char *role;
		int status;
	} cases[] = {{0, NULL, 401}, {1, "none", 403}, {1, "viewer", 400}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_unit *u =
			api_unit_open(*state, "GET", "/v2/components");

		u->request.query = unit_bytes("limit=x");
		assert_int_equal(api_unit_begin(u), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_session);
		api_unit_rows(u, 3, cases[i].rows,
			(const char *const[]){"ann", cases[i].role, "f"});
		assert_refused(u, api_unit_reply(u), cases[i].status);
		assert_int_equal(
			strstr(api_unit_body(u), "limit") != NULL, i == 2);
	}
}

static void
api_on_reply_parses_no_body_of_a_small_role(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/trino/create");

	u->request.body = unit_bytes("{");
	u->request.content_type = "application/json";
	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_session);
	api_unit_session(u, "viewer");
	assert_refused(u, api_unit_reply(u), 403);
	api_unit_has(u, "the role viewer may not do this");
}

static void
api_on_reply_notes_the_use_of_a_token_aside(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", LIST);

	api_unit_begin(u);
	api_unit_rows(u, 3, 1, (const char *const[]){"ann", "viewer", "t"});
	api_unit_rows(u, 10, 0, NULL);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.aside.n_calls, 1);
	assert_int_equal(u->task.aside.lane, DB_WRITE);
	assert_int_equal(u->task.aside.calls[0].query, DB_QUERY_token_touch);
	assert_null(u->task.aside.done);
}

static const struct failure_case {
	enum db_outcome outcome;
	const char *sqlstate, *message;
	int status;
	const char *shown;
	unsigned errors;
} failures[] = {
	{DB_UNAVAILABLE, "", "host=secret", 503, "nothing was stored", 1},
	{DB_UNSENT, "", "host=secret", 503, "nothing was stored", 0},
	{DB_UNKNOWN, "", "host=secret", 503, "is not known", 1},
	{DB_REFUSED, "42P01", "relation secret", 500, "went wrong here", 1},
	{DB_REFUSED, "22021", "secret", 500, "went wrong here", 1},
	{DB_REFUSED, "57014", "secret", 503, "too busy", 1},
	{DB_REFUSED, "55P03", "secret", 503, "too busy", 1},
	{DB_REFUSED, "40P01", "secret", 503, "too busy", 1},
	{DB_REFUSED, "53300", "secret", 503, "too busy", 1},
	{DB_REFUSED, "53100", "secret", 503, "disk of the database is full", 1},
	{DB_REFUSED, "53200", "secret", 503, "too little memory", 1},
	{DB_REFUSED, "57P01", "secret", 503, "stopping or starting", 1},
	{DB_REFUSED, "25006", "secret", 503, "a standby", 1},
	{DB_REFUSED, "RO404", "there is no etl", 404, "there is no etl", 0},
	{DB_REFUSED, "RO409", "it is taken", 409, "it is taken", 0},
	{DB_REFUSED, "RO401", "not any more", 401, "not any more", 0},
	{DB_REFUSED, "RO403", "not you", 403, "not you", 0},
	{DB_REFUSED, "RO999", "what", 500, "what", 0},
};

static void
api_on_reply_says_what_a_failure_means(void **state)
{
	for (size_t i = 0; i < COUNT_OF(failures); i++) {
		const struct failure_case *f = &failures[i];
		struct api_unit *u = api_unit_open(*state, "GET", LIST);

		api_unit_begin(u);
		assert_refused(u,
			api_unit_fail(u, f->outcome, f->sqlstate, f->message),
			f->status);
		api_unit_has(u, f->shown);
		assert_null(strstr(api_unit_body(u), "secret"));
		assert_null(strstr(u->lines, "secret"));
		assert_int_equal(u->metrics.db_errors, f->errors);
		assert_int_equal(strstr(u->lines, f->sqlstate) != NULL &&
					 u->lines[0] != '\0',
			f->errors);
		assert_int_equal(api_unit_header(u, "retry-after") != NULL,
			f->status == 503);
	}
}

static const struct refusal_case {
	const char *detail, *shown;
} refusals[] = {
	{"Deleting", "\"state\":\"Deleting\",\"allowed\":[\"delete\"]}"},
	{"Updating", "\"state\":\"Updating\",\"allowed\":[\"create\",\"stop\","
		     "\"delete\"]}"},
	{"Error", "\"state\":\"Error\",\"allowed\":[\"create\",\"stop\","
		  "\"restart\",\"delete\"]}"},
	{"Key (name)=(secret) exists", NULL},
	{NULL, NULL},
};

static void
api_on_reply_says_what_a_refusing_state_allows(void **state)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct api_unit *u = api_unit_open(*state, "GET", LIST);
		struct db_reply reply = {.outcome = DB_REFUSED,
			.sqlstate = "RO409",
			.message = "not now",
			.detail = refusals[i].detail};

		api_unit_begin(u);
		assert_refused(u, api_on_reply(&u->task, &reply), 409);
		if (refusals[i].shown != NULL)
			api_unit_has(u, refusals[i].shown);
		else
			assert_null(strstr(api_unit_body(u), "allowed"));
		assert_null(strstr(api_unit_body(u), "secret"));
	}
}

static void
api_on_error_answers_what_the_shell_could_not_do(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", LIST);
	struct err e;

	api_unit_begin(u);
	err_set(&e, ERR_UNAVAILABLE, "", "the database is not connected");
	assert_refused(u, api_on_error(&u->task, &e), 503);
	assert_string_equal(api_unit_header(u, "retry-after"), "1");
}

static void
api_logout_ends_the_token_that_was_sent(void **state)
{
	struct api_unit *u = api_unit_open(*state, "DELETE", "/v2/session");

	api_unit_begin(u);
	api_unit_session(u, "viewer");
	assert_int_equal(api_unit_reply(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_logout);
	assert_int_equal(
		u->task.query.calls[0].values[0].bytes, AUTH_DIGEST_BYTES);
	api_unit_value(u, 0, 1, "192.0.2.1");
	api_unit_value(u, 0, 2, "id-1");
	api_unit_rows(u, 1, 1, (const char *const[]){"ann"});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_string_equal(api_unit_body(u), "{\"result\":\"SUCCESS\"}");
}

static void
api_end_logs_the_template_and_counts(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", LIST);

	api_unit_begin(u);
	api_unit_session(u, "viewer");
	api_unit_rows(u, 10, 0, NULL);
	api_unit_reply(u);
	api_end(&u->task, 1500);
	assert_non_null(strstr(u->lines,
		"\"event\":\"request\",\"method\":\"GET\",\"route\":\"/v1/"
		"{kind}/list\",\"status\":200,\"ms\":1,\"request_id\":\"id-1\","
		"\"account\":\"ann\"}"));
	assert_int_equal(
		u->metrics.sum_us[api_route_number(u->task.route)], 1500);
	u->context.metrics = NULL;
	api_end(&u->task, 1500);
}

static void
api_end_is_quiet_about_a_probe_that_went_well(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/ping");

	assert_int_equal(api_unit_begin(u), API_SEND);
	api_end(&u->task, 1500);
	assert_non_null(strstr(u->lines, "\"level\":\"debug\""));
	assert_null(strstr(u->lines, "\"level\":\"info\""));
	u->task.response.status = 503;
	api_end(&u->task, 1500);
	assert_non_null(strstr(u->lines, "\"level\":\"warn\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_begin_spends_no_query_on_a_bad_token),
		UNIT_TEST(api_begin_refuses_two_tokens),
		UNIT_TEST(api_begin_asks_for_session_and_list_at_once),
		UNIT_TEST(api_on_reply_shows_no_rows_to_an_unknown_token),
		UNIT_TEST(api_on_reply_tells_a_stranger_nothing_of_the_request),
		UNIT_TEST(api_on_reply_parses_no_body_of_a_small_role),
		UNIT_TEST(api_on_reply_notes_the_use_of_a_token_aside),
		UNIT_TEST(api_on_reply_says_what_a_failure_means),
		UNIT_TEST(api_on_reply_says_what_a_refusing_state_allows),
		UNIT_TEST(api_on_error_answers_what_the_shell_could_not_do),
		UNIT_TEST(api_logout_ends_the_token_that_was_sent),
		UNIT_TEST(api_end_logs_the_template_and_counts),
		UNIT_TEST(api_end_is_quiet_about_a_probe_that_went_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
