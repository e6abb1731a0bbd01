/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /v1/login and DELETE /v2/session. Whatever is wrong, a login costs one
 * hash and gets the same answer, so that nobody learns which users exist.
 */
#include "api/api_answer.h"
#include "api/api_guess.h"
#include "api/api_routes.h"

#include "api/api_fields.h"

struct login {
	struct api_guess guess;
	char token[AUTH_TOKEN_SIZE];
	unsigned char digest[AUTH_DIGEST_BYTES];
};

static enum api_want
refuse(struct api_task *task)
{
	return api_refuse_text(
		task, ERR_UNAUTHENTICATED, "", "user or password is wrong");
}

/* The password may have changed, or the account been locked, while this one
 * was being verified: the function that stores the token looks again. */
static enum api_want
on_not_stored(struct api_task *task, const struct err *e)
{
	if (e->code != ERR_UNAUTHENTICATED)
		return api_guess_not_stored(task, e);
	api_count_login(task, API_LOGIN_REFUSED);
	return refuse(task);
}

static enum api_want
on_token(struct api_task *task, const struct db_reply *reply)
{
	struct login *login = task->progress->own;
	int64_t expires_ms = db_column_int(reply, 0, 0, 0, 0);
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	task->progress->account = login->guess.account;
	api_count_login(task, API_LOGIN_ACCEPTED);
	json_object_open(j);
	json_member_text(
		j, "expiration", api_time(task->request.arena, expires_ms));
	json_member_text(j, "token", login->token);
	json_member_text(j, "token_type", "Bearer");
	json_member_int(j, "expires_in", task->context->config->token_ttl);
	json_object_close(j);
	return api_json_send(task, 200, &body);
}

static enum api_want
on_right(struct api_task *task)
{
	const struct config *config = task->context->config;
	struct arena *arena = task->request.arena;
	struct login *login = task->progress->own;
	const struct db_value values[] = {
		db_text(login->guess.account),
		db_text(login->guess.hash),
		db_text(task->request.address),
		db_text(task->request_id),
		db_bytea((struct bytes){
			(const char *)login->digest, AUTH_DIGEST_BYTES}),
		db_int(arena, config->token_ttl),
		db_int(arena, config->login_failures),
		db_int(arena, api_guess_address_limit(config)),
		db_int(arena, config->login_window),
	};

	auth_token_new(login->token, login->digest);
	api_call(task, DB_QUERY_login_succeed, values);
	task->progress->on_failure = on_not_stored;
	return api_write(task, on_token);
}

enum api_want
api_login(struct api_task *task)
{
	struct login *login = arena_alloc(task->request.arena, sizeof(*login));
	struct api_guess *guess = &login->guess;
	struct err e;

	/* What is no name is nobody's: "" can never be an account. */
	if (auth_name(task->request.arena, api_field_value(task, "user"),
		    &guess->account, &e) != 0)
		guess->account = arena_text(task->request.arena, "");
	guess->password = api_field_value(task, "password");
	guess->on_right = on_right;
	guess->on_wrong = refuse;
	task->progress->own = login;
	return api_guess_begin(task, guess);
}

static enum api_want
on_logged_out(struct api_task *task, const struct db_reply *reply)
{
	(void)reply;
	return api_send_success(task);
}

enum api_want
api_logout(struct api_task *task)
{
	struct db_value acting[API_ACTING];

	api_acting(task, AUTH_OWN_SESSION, acting);
	api_call(task, DB_QUERY_logout,
		(const struct db_value[]){acting[0], acting[2], acting[3]});
	return api_write(task, on_logged_out);
}
