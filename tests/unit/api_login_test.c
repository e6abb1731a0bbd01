/* SPDX-License-Identifier: Apache-2.0 */
#include "api_unit.h"

#define HASH "$argon2id$of-ann"

static struct api_unit *
open_login(struct arena *arena, const char *fields)
{
	struct api_unit *u = api_unit_open(arena, "POST", "/v1/login");

	u->request.authorization = NULL;
	u->request.n_authorizations = 0;
	api_unit_form(u, fields);
	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_login_account);
	assert_int_equal(u->task.query.lane, DB_READ);
	return u;
}

static enum api_want
reply_account(struct api_unit *u, const char *hash, const char *by_account,
	const char *by_address)
{
	api_unit_rows(
		u, 3, 1, (const char *const[]){hash, by_account, by_address});
	return api_unit_reply(u);
}

static enum api_want
verified(struct api_unit *u, bool is_right)
{
	assert_true(u->task.password.is_verify);
	u->task.password.is_right = is_right;
	return api_on_password(&u->task);
}

static void
api_login_issues_a_token(void **state)
{
	struct api_unit *u = open_login(*state, "user=+Ann+&password=secret");

	api_unit_value(u, 0, 0, "ann");
	api_unit_value(u, 0, 1, "192.0.2.1");
	api_unit_value(u, 0, 2, "900");
	assert_int_equal(reply_account(u, HASH, "4", "49"), API_PASSWORD);
	assert_string_equal(u->task.password.hash, HASH);
	assert_string_equal(u->task.password.password.data, "secret");
	assert_int_equal(verified(u, true), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_login_succeed);
	assert_int_equal(u->task.query.lane, DB_WRITE);
	api_unit_value(u, 0, 0, "ann");
	api_unit_value(u, 0, 1, HASH);
	api_unit_value(u, 0, 5, "36000");
	api_unit_value(u, 0, 6, "5");
	api_unit_value(u, 0, 7, "50");
	api_unit_value(u, 0, 8, "900");
	api_unit_rows(u, 2, 1, (const char *const[]){"1795288812345", "admin"});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_memory_equal(api_unit_body(u),
		"{\"expiration\":\"2026-11-21T19:20:12.345Z\",\"token\":"
		"\"roaster_",
		58);
	api_unit_has(u, "\",\"token_type\":\"Bearer\",\"expires_in\":36000}");
	assert_int_equal(u->metrics.logins[API_LOGIN_ACCEPTED], 1);
	api_end(&u->task, 1);
	assert_non_null(strstr(u->lines, "\"account\":\"ann\""));
	assert_null(strstr(u->lines, "roaster_"));
}

/* The body of a refused login for ${fields}; it costs one verification. */
static const char *
refused_body(struct arena *arena, const char *fields, const char *hash)
{
	struct api_unit *u = open_login(arena, fields);

	assert_int_equal(reply_account(u, hash, "0", "0"), API_PASSWORD);
	assert_int_equal(verified(u, false), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_login_fail);
	api_unit_rows(u, 1, 1, (const char *const[]){""});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(u->task.response.status, 401);
	assert_int_equal(u->metrics.logins[API_LOGIN_REFUSED], 1);
	return api_unit_body(u);
}

static void
api_login_answers_unknown_users_as_wrong_passwords(void **state)
{
	const char *wrong = refused_body(*state, "user=ann&password=x", HASH);

	assert_string_equal(
		refused_body(*state, "user=nobody&password=x", NULL), wrong);
	assert_string_equal(
		refused_body(*state, "user=no+name&password=x", NULL), wrong);
}

/* What is no name is kept as nobody's: one that no account can have. */
static void
api_login_takes_what_is_no_name_for_nobody(void **state)
{
	struct api_unit *u = open_login(*state, "user=%c3%a9&password=x");

	api_unit_value(u, 0, 0, "");
}

static void
api_login_locks_by_account_and_by_address(void **state)
{
	static const char *const cases[][2] = {
		{"5", "5"}, {"0", "50"}, {"6", "500"}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_unit *u =
			open_login(*state, "user=ann&password=secret");

		assert_int_equal(
			reply_account(u, HASH, cases[i][0], cases[i][1]),
			API_PASSWORD);
		assert_null(u->task.password.hash); /* as costly, no answer */
		assert_int_equal(verified(u, false), API_SEND);
		assert_int_equal(u->task.response.status, 429);
		assert_string_equal(api_unit_header(u, "retry-after"), "900");
		assert_int_equal(u->metrics.logins[API_LOGIN_LOCKED], 1);
		assert_int_equal(u->metrics.logins[API_LOGIN_REFUSED], 0);
	}
}

static struct api_unit *
open_locked_meanwhile(struct arena *arena, bool is_right)
{
	struct api_unit *u = open_login(arena, "user=ann&password=x");

	reply_account(u, HASH, "4", "4");
	assert_int_equal(verified(u, is_right), API_QUERY);
	assert_int_equal(
		api_unit_fail(u, DB_REFUSED, "RO429", "any"), API_SEND);
	assert_int_equal(u->task.response.status, 429);
	assert_string_equal(api_unit_header(u, "retry-after"), "900");
	assert_int_equal(u->metrics.logins[API_LOGIN_LOCKED], 1);
	assert_int_equal(u->metrics.logins[API_LOGIN_REFUSED], 0);
	return u;
}

static void
api_login_locked_meanwhile_tells_no_password(void **state)
{
	struct api_unit *right = open_locked_meanwhile(*state, true);
	struct api_unit *wrong = open_locked_meanwhile(*state, false);

	API_UNIT_CALLS(right, DB_QUERY_login_succeed);
	API_UNIT_CALLS(wrong, DB_QUERY_login_fail);
	api_unit_value(wrong, 0, 3, "5");
	api_unit_value(wrong, 0, 4, "50");
	api_unit_value(wrong, 0, 5, "900");
	assert_string_equal(api_unit_body(right), api_unit_body(wrong));
}

/* Meanwhile another one changed the password, or locked the account. */
static void
api_login_is_refused_by_the_database_as_well(void **state)
{
	static const struct {
		const char *sqlstate;
		int status;
		enum api_login_result result;
	} cases[] = {
		{"RO401", 401, API_LOGIN_REFUSED},
		{"RO429", 429, API_LOGIN_LOCKED},
		{"XX000", 500, API_LOGIN_RESULTS},
	};
	const char *wrong = refused_body(*state, "user=ann&password=x", HASH);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_unit *u = open_login(*state, "user=ann&password=x");

		reply_account(u, HASH, "0", "0");
		verified(u, true);
		assert_int_equal(api_unit_fail(u, DB_REFUSED, cases[i].sqlstate,
					 "any text"),
			API_SEND);
		assert_int_equal(u->task.response.status, cases[i].status);
		if (cases[i].result < API_LOGIN_RESULTS)
			assert_int_equal(u->metrics.logins[cases[i].result], 1);
		if (cases[i].status == 401)
			assert_string_equal(api_unit_body(u), wrong);
	}
}

static void
api_login_says_429_when_too_many_passwords_wait(void **state)
{
	struct api_unit *u = open_login(*state, "user=ann&password=x");
	struct err e;

	reply_account(u, HASH, "0", "0");
	err_set(&e, ERR_TOO_MANY, "", "too many at once");
	assert_int_equal(api_on_error(&u->task, &e), API_SEND);
	assert_int_equal(u->task.response.status, 429);
	assert_string_equal(api_unit_header(u, "retry-after"), "1");
	assert_int_equal(u->metrics.logins[API_LOGIN_BUSY], 1);
	u->context.metrics = NULL;
	u->task.response.n_headers = 0;
	api_on_error(&u->task, &e);
}

static void
api_login_says_503_when_the_database_is_away(void **state)
{
	struct api_unit *u = open_login(*state, "user=ann&password=x");

	assert_int_equal(api_unit_fail(u, DB_UNAVAILABLE, "", ""), API_SEND);
	assert_int_equal(u->task.response.status, 503);
	assert_int_equal(u->metrics.logins[API_LOGIN_BUSY], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_login_issues_a_token),
		UNIT_TEST(api_login_answers_unknown_users_as_wrong_passwords),
		UNIT_TEST(api_login_takes_what_is_no_name_for_nobody),
		UNIT_TEST(api_login_locks_by_account_and_by_address),
		UNIT_TEST(api_login_locked_meanwhile_tells_no_password),
		UNIT_TEST(api_login_is_refused_by_the_database_as_well),
		UNIT_TEST(api_login_says_429_when_too_many_passwords_wait),
		UNIT_TEST(api_login_says_503_when_the_database_is_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
