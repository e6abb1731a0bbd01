/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_guess.h"

#include "api/api_answer.h"

/* One address serves many people behind a proxy, so it may fail more often. */
#define ADDRESS_FACTOR 10

void
api_count_login(struct api_task *task, enum api_login_result result)
{
	if (task->context->metrics != NULL)
		atomic_fetch_add_explicit(
			&task->context->metrics->logins[result], 1,
			memory_order_relaxed);
}

static enum api_want
refuse_locked(struct api_task *task)
{
	unsigned window_s = task->context->config->login_window;

	api_count_login(task, API_LOGIN_LOCKED);
	api_retry_after(task, window_s);
	return api_refuse_text(task, ERR_TOO_MANY, "",
		"too many wrong passwords; try again in %u s at the latest",
		window_s);
}

int64_t
api_guess_address_limit(const struct config *config)
{
	return (int64_t)config->login_failures * ADDRESS_FACTOR;
}

enum api_want
api_guess_not_stored(struct api_task *task, const struct err *e)
{
	return e->code == ERR_TOO_MANY ? refuse_locked(task)
				       : api_refuse(task, e);
}

static enum api_want
on_noted(struct api_task *task, const struct db_reply *reply)
{
	(void)reply;
	api_count_login(task, API_LOGIN_REFUSED);
	return task->progress->guess->on_wrong(task);
}

static enum api_want
note_wrong(struct api_task *task)
{
	const struct api_guess *guess = task->progress->guess;
	const struct config *config = task->context->config;
	struct arena *arena = task->request.arena;
	const struct db_value values[] = {
		db_text(guess->account),
		db_text(task->request.address),
		db_text(task->request_id),
		db_int(arena, config->login_failures),
		db_int(arena, api_guess_address_limit(config)),
		db_int(arena, config->login_window),
	};

	api_call(task, DB_QUERY_login_fail, values);
	task->progress->on_failure = api_guess_not_stored;
	return api_write(task, on_noted);
}

static enum api_want
on_verified(struct api_task *task)
{
	const struct api_guess *guess = task->progress->guess;

	if (guess->is_locked)
		return refuse_locked(task);
	if (!task->password.is_right)
		return note_wrong(task);
	return guess->on_right(task);
}

static enum api_want
on_busy(struct api_task *task, const struct err *e)
{
	if (e->code == ERR_TOO_MANY)
		api_count_login(task, API_LOGIN_BUSY);
	return api_refuse(task, e);
}

static bool
is_locked(const struct api_task *task, const struct db_reply *reply)
{
	const struct config *config = task->context->config;

	return db_column_int(reply, 0, 0, 1, 0) >= config->login_failures ||
	       db_column_int(reply, 0, 0, 2, 0) >=
		       api_guess_address_limit(config);
}

/* A locked account is verified against nobody's hash, so that it costs the
 * same and says nothing about the password. */
static enum api_want
on_account(struct api_task *task, const struct db_reply *reply)
{
	struct api_guess *guess = task->progress->guess;

	guess->hash = db_column(task->request.arena, reply, 0, 0, 0);
	guess->is_locked = is_locked(task, reply);
	return api_verify(task, guess->is_locked ? NULL : guess->hash,
		guess->password, on_verified);
}

static enum api_want
look(struct api_task *task, api_on_rows *next)
{
	struct arena *arena = task->request.arena;
	const struct db_value values[] = {
		db_text(task->progress->guess->account),
		db_text(task->request.address),
		db_int(arena, task->context->config->login_window),
	};

	api_call(task, DB_QUERY_login_account, values);
	return api_read(task, next);
}

enum api_want
api_guess_begin(struct api_task *task, struct api_guess *guess)
{
	task->progress->guess = guess;
	task->progress->on_failure = on_busy;
	return look(task, on_account);
}

static enum api_want
on_account_again(struct api_task *task, const struct db_reply *reply)
{
	if (is_locked(task, reply))
		return refuse_locked(task);
	return task->progress->guess->on_unlocked(task);
}

enum api_want
api_guess_look_again(struct api_task *task)
{
	return look(task, on_account_again);
}
