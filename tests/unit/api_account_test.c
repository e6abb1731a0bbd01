/* SPDX-License-Identifier: Apache-2.0 */
#include "api_unit.h"

#define PASSWORD "/v1/users/update/password"

/* Past the door: what comes next. */
static enum api_want
enter(struct api_unit *u, const char *role, const char *fields)
{
	api_unit_form(u, fields);
	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_session);
	api_unit_session(u, role);
	return api_unit_reply(u);
}

static enum api_want
hashed(struct api_unit *u, const char *hash)
{
	assert_false(u->task.password.is_verify);
	(void)snprintf(u->task.password.result, sizeof(u->task.password.result),
		"%s", hash);
	return api_on_password(&u->task);
}

static void
done(struct api_unit *u)
{
	api_unit_rows(u, 1, 1, (const char *const[]){""});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	assert_string_equal(api_unit_body(u), "{\"result\":\"SUCCESS\"}");
}

static void
api_account_create_hashes_and_stores(void **state)
{
	static const char *const roles[][2] = {{"", "operator"},
		{"&role=viewer", "viewer"}, {"&role=admin", "admin"}};

	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct api_unit *u =
			api_unit_open(*state, "POST", "/v1/users/create");
		const char *fields = arena_format(
			*state, "user=BOB&password=secret%s", roles[i][0]);

		assert_int_equal(enter(u, "admin", fields), API_PASSWORD);
		assert_string_equal(u->task.password.password.data, "secret");
		assert_int_equal(hashed(u, "$h"), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_account_create);
		assert_int_equal(u->task.query.calls[0].values[0].bytes, 32);
		api_unit_value(u, 0, 1, "{\"admin\"}");
		api_unit_value(u, 0, 2, "192.0.2.1");
		api_unit_value(u, 0, 3, "id-1");
		api_unit_value(u, 0, 4, "bob");
		api_unit_value(u, 0, 5, "$h");
		api_unit_value(u, 0, 6, roles[i][1]);
		done(u);
	}
}

static void
api_account_create_names_all_that_is_wrong(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/users/create");

	assert_int_equal(
		enter(u, "admin", "user=-&password=x&role=king"), API_SEND);
	assert_int_equal(u->task.response.status, 400);
	api_unit_has(u, "\"pointer\":\"/user\"");
	api_unit_has(u, "\"pointer\":\"/password\"");
	api_unit_has(u, "\"pointer\":\"/role\"");
}

static void
api_account_create_passes_on_that_it_exists(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/users/create");

	enter(u, "admin", "user=bob&password=secret");
	hashed(u, "$h");
	api_unit_fail(u, DB_REFUSED, "RO409", "user bob exists already");
	assert_int_equal(u->task.response.status, 409);
	api_unit_has(u, "\"code\":\"conflict\"");
}

static void
api_account_delete_takes_a_name(void **state)
{
	struct api_unit *u =
		api_unit_open(*state, "DELETE", "/v1/users/delete");

	assert_int_equal(enter(u, "admin", "user=Bob"), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_account_delete);
	api_unit_value(u, 0, 1, "{\"admin\"}");
	api_unit_value(u, 0, 4, "bob");
	done(u);
	u = api_unit_open(*state, "DELETE", "/v1/users/delete");
	assert_int_equal(enter(u, "admin", "user=!"), API_SEND);
	assert_int_equal(u->task.response.status, 400);
}

static void
api_account_list_shows_names_and_roles(void **state)
{
	static const char *const rows[] = {"admin", "admin", "1795252812345",
		"ann", "viewer", "1795252812346"};
	struct api_unit *u = api_unit_open(*state, "GET", "/v1/users/list");

	api_unit_begin(u);
	API_UNIT_CALLS(u, DB_QUERY_session, DB_QUERY_account_list);
	api_unit_session(u, "admin");
	api_unit_rows(u, 3, 2, rows);
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_string_equal(api_unit_body(u),
		"[{\"user\":\"admin\",\"role\":\"admin\",\"created_at\":"
		"\"2026-11-21T09:20:12.345Z\"},{\"user\":\"ann\",\"role\":"
		"\"viewer\",\"created_at\":\"2026-11-21T09:20:12.346Z\"}]");
}

/* --- passwords: the asking user is "ann" -----------------------------------
 */

static void
api_account_password_lets_an_admin_set_anyones(void **state)
{
	static const char *const users[] = {"bob", "ann"};

	for (size_t i = 0; i < COUNT_OF(users); i++) {
		struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);
		const char *fields = arena_format(
			*state, "user=%s&password=newone", users[i]);

		assert_int_equal(enter(u, "admin", fields), API_PASSWORD);
		assert_int_equal(hashed(u, "$h"), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_account_password);
		api_unit_value(u, 0, 1, "{\"admin\"}");
		api_unit_value(u, 0, 4, users[i]);
		api_unit_value(u, 0, 5, NULL);
		api_unit_value(u, 0, 6, "$h");
		done(u);
	}
}

/* The old one of somebody else is nothing an admin can know. */
static void
api_account_password_ignores_an_admins_old_one(void **state)
{
	struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);

	assert_int_equal(
		enter(u, "admin", "user=bob&password=newone&old_password=x"),
		API_PASSWORD);
	assert_false(u->task.password.is_verify);
}

static void
api_account_password_verifies_the_old_one_first(void **state)
{
	static const char *const roles[] = {"viewer", "operator", "admin"};

	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);

		assert_int_equal(enter(u, roles[i],
					 "user=ann&password=newone"
					 "&old_password=oldone"),
			API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_login_account);
		api_unit_rows(u, 3, 1, (const char *const[]){"$old", "0", "0"});
		assert_int_equal(api_unit_reply(u), API_PASSWORD);
		assert_string_equal(u->task.password.password.data, "oldone");
		u->task.password.is_right = true;
		assert_int_equal(api_on_password(&u->task), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_login_account);
		api_unit_rows(u, 3, 1, (const char *const[]){"$old", "4", "4"});
		assert_int_equal(api_unit_reply(u), API_PASSWORD);
		assert_string_equal(u->task.password.password.data, "newone");
		assert_int_equal(hashed(u, "$new"), API_QUERY);
		API_UNIT_CALLS(u, DB_QUERY_account_password);
		api_unit_value(u, 0, 1, "{\"viewer\",\"operator\",\"admin\"}");
		api_unit_value(u, 0, 5, "$old");
		api_unit_value(u, 0, 6, "$new");
		done(u);
	}
}

static void
api_account_password_counts_a_wrong_old_one(void **state)
{
	struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);

	enter(u, "viewer", "user=ann&password=newone&old_password=x");
	api_unit_rows(u, 3, 1, (const char *const[]){"$old", "0", "0"});
	api_unit_reply(u);
	u->task.password.is_right = false;
	assert_int_equal(api_on_password(&u->task), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_login_fail);
	api_unit_value(u, 0, 0, "ann");
	api_unit_rows(u, 1, 1, (const char *const[]){""});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 403);
	api_unit_has(u, "/old_password");
}

/* Before the new one is hashed: the time it takes would tell. */
static void
api_account_password_looks_again_before_hashing(void **state)
{
	struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);

	enter(u, "viewer", "user=ann&password=newone&old_password=oldone");
	api_unit_rows(u, 3, 1, (const char *const[]){"$old", "4", "4"});
	api_unit_reply(u);
	u->task.password.is_right = true;
	assert_int_equal(api_on_password(&u->task), API_QUERY);
	api_unit_rows(u, 3, 1, (const char *const[]){"$old", "5", "5"});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 429);
	assert_string_equal(api_unit_header(u, "retry-after"), "900");
}

static void
api_account_password_refuses_others_or_no_old_one(void **state)
{
	static const struct {
		const char *fields;
		int status;
	} cases[] = {
		{"user=bob&password=newone", 403},
		{"user=bob&password=newone&old_password=x", 403},
		{"user=ann&password=newone", 400},
		{"user=ann&password=x&old_password=x", 400},
		{"user=!&password=newone", 400},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_unit *u = api_unit_open(*state, "PUT", PASSWORD);

		assert_int_equal(
			enter(u, "operator", cases[i].fields), API_SEND);
		assert_int_equal(u->task.response.status, cases[i].status);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_account_create_hashes_and_stores),
		UNIT_TEST(api_account_create_names_all_that_is_wrong),
		UNIT_TEST(api_account_create_passes_on_that_it_exists),
		UNIT_TEST(api_account_delete_takes_a_name),
		UNIT_TEST(api_account_list_shows_names_and_roles),
		UNIT_TEST(api_account_password_lets_an_admin_set_anyones),
		UNIT_TEST(api_account_password_ignores_an_admins_old_one),
		UNIT_TEST(api_account_password_verifies_the_old_one_first),
		UNIT_TEST(api_account_password_counts_a_wrong_old_one),
		UNIT_TEST(api_account_password_looks_again_before_hashing),
		UNIT_TEST(api_account_password_refuses_others_or_no_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
