/* SPDX-License-Identifier: Apache-2.0 */
/* What accepted operations answer, at once or when they ended. */
#include "api_unit.h"
#include "base/base_text.h"

static const char plain[] = "apiVersion: trino-operator.cloudchef-labs.com/v1\n"
			    "kind: TrinoCluster\n"
			    "metadata: {name: etl}\n"
			    "spec:\n"
			    "  namespace: ns\n"
			    "  image: {repository: trinodb/trino, tag: '476'}\n"
			    "  coordinator: {}\n"
			    "  worker: {}\n";

/* The row of component_put. */
static enum api_want
accept(struct api_unit *u, const char *outcome, const char *operation_state)
{
	api_unit_rows(u, 7, 1,
		(const char *const[]){outcome, "component-1", "operation-1",
			operation_state, "Pending", "1", "t"});
	return api_unit_reply(u);
}

/* The row of operation_get. */
static enum api_want
operation(struct api_unit *u, const char *state_text, const char *error,
	const char *component_state)
{
	API_UNIT_CALLS(u, DB_QUERY_operation_get);
	api_unit_rows(u, 18, 1,
		(const char *const[]){u->task.query.calls[0].values[0].data,
			"component-1", "trino", "ns", "etl", "create", "1",
			state_text, error, "ann", "id-1", "1", NULL, NULL,
			component_state, "why", "", "f"});
	return api_unit_reply(u);
}

/* The same of one that nobody looked at yet, or that was found taken. */
static enum api_want
new_operation(struct api_unit *u, const char *state_text, const char *error,
	const char *error_code, const char *is_pending)
{
	API_UNIT_CALLS(u, DB_QUERY_operation_get);
	api_unit_rows(u, 18, 1,
		(const char *const[]){"operation-1", "component-1", "trino",
			"ns", "etl", "create", "1", state_text, error, "ann",
			"id-1", "1", NULL, NULL, NULL, NULL, error_code,
			is_pending});
	return api_unit_reply(u);
}

static struct api_unit *
posted(struct arena *arena, const char *query)
{
	struct api_unit *u = api_unit_open(arena, "POST", "/v1/trino/create");

	api_unit_form(u, arena_format(arena, "yaml=%s",
				 text_base64_encode(arena, unit_bytes(plain))));
	u->request.query = unit_bytes(query);
	assert_int_equal(api_unit_begin(u), API_QUERY);
	api_unit_session(u, "operator");
	assert_int_equal(api_unit_reply(u), API_QUERY);
	return u;
}

/* Nothing is asked for if there is nobody who could have changed it. */
static void
api_component_put_answers_at_once_without_applier(void **state)
{
	struct api_unit *u = posted(*state, "");

	api_unit_rows(u, 7, 1,
		(const char *const[]){"created", "component-1", "operation-1",
			"queued", "Pending", "1", "f"});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	api_unit_has(u, "\"state\":\"Pending\"");
	assert_string_equal(
		api_unit_header(u, "location"), "/v2/operations/operation-1");
}

static void
api_component_put_answers_at_once_without_wait(void **state)
{
	struct api_unit *u = posted(*state, "");

	assert_int_equal(accept(u, "created", "queued"), API_QUERY);
	assert_int_equal(operation(u, "queued", "", "Pending"), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	assert_string_equal(api_unit_body(u),
		"{\"result\":\"SUCCESS\",\"changed\":true,\"operation\":{"
		"\"id\":\"operation-1\",\"state\":\"queued\",\"component\":{"
		"\"id\":\"component-1\",\"kind\":\"trino\",\"namespace\":"
		"\"ns\",\"name\":\"etl\",\"state\":\"Pending\"}}}");
	assert_string_equal(
		api_unit_header(u, "location"), "/v2/operations/operation-1");
	assert_string_equal(api_unit_header(u, "retry-after"), "2");
	u = posted(*state, "");
	assert_int_equal(accept(u, "unchanged", "running"), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	api_unit_has(u, "\"result\":\"SUCCESS\",\"changed\":false");
	assert_null(api_unit_header(u, "retry-after"));
	/* How it ended is told to those who waited for it. */
	u = posted(*state, "");
	assert_int_equal(accept(u, "unchanged", "failed"), API_SEND);
	api_unit_has(u, "\"result\":\"SUCCESS\"");
}

static void
api_component_put_holds_a_new_one_until_looked_at(void **state)
{
	struct api_unit *u = posted(*state, "");

	assert_int_equal(accept(u, "created", "queued"), API_QUERY);
	assert_int_equal(new_operation(u, "queued", "", "", "t"), API_WAIT);
	assert_true(u->task.wait.until_ms == API_UNIT_NOW_MS + 3000);
	assert_int_equal(api_on_wake(&u->task, API_UNIT_NOW_MS + 1), API_QUERY);
	assert_int_equal(new_operation(u, "running", "", "", "f"), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	api_unit_has(u, "\"result\":\"SUCCESS\"");
	u = posted(*state, "");
	accept(u, "created", "queued");
	new_operation(u, "queued", "", "", "t");
	assert_int_equal(api_on_deadline(&u->task), API_QUERY);
	assert_int_equal(new_operation(u, "queued", "", "", "t"), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	/* An update is somebody's already. */
	u = posted(*state, "");
	assert_int_equal(accept(u, "updated", "queued"), API_SEND);
}

static void
api_component_put_refuses_what_the_applier_found_taken(void **state)
{
	static const char *const queries[] = {"", "wait=60"};

	for (size_t i = 0; i < COUNT_OF(queries); i++) {
		struct api_unit *u = posted(*state, queries[i]);

		accept(u, "created", "queued");
		new_operation(u, "queued", "", "", "t");
		assert_int_equal(
			api_on_wake(&u->task, API_UNIT_NOW_MS + 1), API_QUERY);
		assert_int_equal(
			new_operation(u, "failed", "release etl is theirs",
				"conflict", "f"),
			API_SEND);
		assert_int_equal(u->task.response.status, 409);
		api_unit_has(u, "\"detail\":\"release etl is theirs\"");
		assert_null(api_unit_header(u, "location"));
	}
}

static void
api_component_put_waits_until_the_operation_ended(void **state)
{
	static const struct {
		const char *state, *error, *shown;
	} ends[] = {
		{"succeeded", "",
			"{\"result\":\"SUCCESS\",\"changed\":true,\"o"},
		{"failed", "no image",
			"\"FAILED\",\"changed\":true,\"cause\":\"no image\","},
		{"superseded", "", "\"result\":\"SUPERSEDED\""},
		{"cancelled", "", "\"result\":\"CANCELLED\""},
	};

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct api_unit *u = posted(*state, "wait=60");

		assert_int_equal(accept(u, "created", "queued"), API_QUERY);
		assert_int_equal(
			operation(u, "queued", "", "Pending"), API_WAIT);
		assert_string_equal(u->task.wait.component, "component-1");
		assert_true(u->task.wait.until_ms == API_UNIT_NOW_MS + 60000);
		assert_int_equal(
			api_on_wake(&u->task, API_UNIT_NOW_MS + 1), API_QUERY);
		assert_int_equal(
			operation(u, "running", "", "Starting"), API_WAIT);
		assert_int_equal(
			api_on_wake(&u->task, API_UNIT_NOW_MS + 2), API_QUERY);
		assert_int_equal(
			operation(u, ends[i].state, ends[i].error, "Running"),
			API_SEND);
		assert_int_equal(u->task.response.status, 200);
		api_unit_has(u, ends[i].shown);
		api_unit_has(u, "\"state\":\"Running\"");
	}
}

static void
api_on_deadline_asks_once_more_and_answers(void **state)
{
	struct api_unit *u = posted(*state, "wait=1");

	accept(u, "created", "queued");
	operation(u, "queued", "", "Pending");
	assert_int_equal(api_on_deadline(&u->task), API_QUERY);
	assert_int_equal(operation(u, "running", "", "Starting"), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	u = posted(*state, "wait=1");
	accept(u, "created", "queued");
	operation(u, "queued", "", "Pending");
	assert_int_equal(
		api_on_wake(&u->task, API_UNIT_NOW_MS + 1000), API_QUERY);
	assert_int_equal(operation(u, "running", "", "Starting"), API_SEND);
	assert_int_equal(u->task.response.status, 202);
}

/* It is stored: that the database went away since is no failure of it. */
static void
api_on_wake_answers_what_is_known_without_database(void **state)
{
	struct api_unit *u = posted(*state, "wait=60");

	accept(u, "created", "queued");
	operation(u, "queued", "", "Pending");
	api_on_wake(&u->task, API_UNIT_NOW_MS + 1);
	assert_int_equal(api_unit_fail(u, DB_UNAVAILABLE, "", ""), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	api_unit_has(u, "SUCCESS");
	u = posted(*state, "wait=60");
	accept(u, "created", "queued");
	api_unit_rows(u, 16, 0, NULL);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 202);
}

static void
api_component_put_is_honest_about_a_lost_connection(void **state)
{
	struct api_unit *u = posted(*state, "");

	assert_int_equal(api_unit_fail(u, DB_UNKNOWN, "", ""), API_SEND);
	assert_int_equal(u->task.response.status, 503);
	api_unit_has(u, "whether it was is not known");
}

/* --- delete --------------------------------------------------------------- */

static enum api_want
ask_delete(struct api_unit *u, const char *fields)
{
	api_unit_form(u, fields);
	api_unit_begin(u);
	api_unit_session(u, "operator");
	return api_unit_reply(u);
}

static void
api_component_delete_takes_what_narrows_it(void **state)
{
	static const struct {
		const char *fields, *namespace, *name, *data;
	} cases[] = {
		{"", NULL, NULL, "false"},
		{"name=etl", NULL, "etl", "false"},
		{"namespace=ns&name=etl&delete_data=true", "ns", "etl", "true"},
	};
	static const char *const bad[] = {"name=", "name=..%2Fx", "namespace=A",
		"delete_data=1", "wait=x"};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_unit *u =
			api_unit_open(*state, "DELETE", "/v1/trino/delete");

		assert_int_equal(ask_delete(u, cases[i].fields), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_component_delete);
		assert_true(u->task.query.is_wake);
		api_unit_value(u, 0, 4, "trino");
		api_unit_value(u, 0, 5, cases[i].namespace);
		api_unit_value(u, 0, 6, cases[i].name);
		api_unit_value(u, 0, 7, cases[i].data);
		api_unit_rows(u, 8, 0, NULL);
		assert_int_equal(api_unit_reply(u), API_SEND);
		assert_string_equal(api_unit_body(u),
			"{\"result\":\"SUCCESS\",\"changed\":false,"
			"\"operations\":[]}");
		assert_int_equal(u->task.response.status, 200);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct api_unit *u =
			api_unit_open(*state, "DELETE", "/v1/trino/delete");

		assert_int_equal(ask_delete(u, bad[i]), API_SEND);
		assert_int_equal(u->task.response.status, 400);
	}
}

static const char *const two_deletes[] = {"accepted", "c1", "o1", "queued",
	"Running", "1", "ns1", "one", "unchanged", "c2", "o2", "running",
	"Deleting", "1", "ns2", "two"};

static void
api_component_delete_answers_with_all_operations(void **state)
{
	struct api_unit *u =
		api_unit_open(*state, "DELETE", "/v1/trino/delete");

	ask_delete(u, "");
	api_unit_rows(u, 8, 2, two_deletes);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 202);
	assert_null(api_unit_header(u, "location"));
	api_unit_has(u, "\"operations\":[{\"id\":\"o1\",\"state\":\"queued\","
			"\"component\":{\"id\":\"c1\",\"kind\":\"trino\","
			"\"namespace\":\"ns1\",\"name\":\"one\",\"state\":"
			"\"Running\"}},{\"id\":\"o2\"");
	u = api_unit_open(*state, "DELETE", "/v1/trino/delete");
	ask_delete(u, "name=one");
	api_unit_rows(u, 8, 1, two_deletes);
	api_unit_reply(u);
	assert_string_equal(
		api_unit_header(u, "location"), "/v2/operations/o1");
}

static void
api_component_delete_waits_for_all(void **state)
{
	struct api_unit *u =
		api_unit_open(*state, "DELETE", "/v1/trino/delete");

	ask_delete(u, "wait=60");
	api_unit_rows(u, 8, 2, two_deletes);
	assert_int_equal(api_unit_reply(u), API_QUERY);
	api_unit_value(u, 0, 0, "o1");
	assert_int_equal(operation(u, "running", "", "Deleting"), API_WAIT);
	api_on_wake(&u->task, API_UNIT_NOW_MS + 1);
	assert_int_equal(operation(u, "succeeded", "", NULL), API_QUERY);
	api_unit_value(u, 0, 0, "o2");
	assert_int_equal(operation(u, "failed", "stuck", "Deleting"), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	api_unit_has(u, "\"result\":\"FAILED\",\"changed\":true,\"cause\":"
			"\"stuck\"");
	api_unit_has(u, "\"state\":null");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_component_put_answers_at_once_without_applier),
		UNIT_TEST(api_component_put_answers_at_once_without_wait),
		UNIT_TEST(api_component_put_holds_a_new_one_until_looked_at),
		UNIT_TEST(
			api_component_put_refuses_what_the_applier_found_taken),
		UNIT_TEST(api_component_put_waits_until_the_operation_ended),
		UNIT_TEST(api_on_deadline_asks_once_more_and_answers),
		UNIT_TEST(api_on_wake_answers_what_is_known_without_database),
		UNIT_TEST(api_component_put_is_honest_about_a_lost_connection),
		UNIT_TEST(api_component_delete_takes_what_narrows_it),
		UNIT_TEST(api_component_delete_answers_with_all_operations),
		UNIT_TEST(api_component_delete_waits_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
