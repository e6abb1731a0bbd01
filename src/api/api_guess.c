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

enum api_want
api_guess_refuse_locked(struct api_task *task)
{
	unsigned window_s = task->context->config->login_window;

	api_count_login(task, API_LOGIN_LOCKED);
	api_retry_after(task, window_s);
	return api_refuse_text(task, ERR_TOO_MANY, "",
		"too many wrong passwords; try again in %u s at the latest",
		window_s);
}

static enum api_want
on_noted(struct api_task *task, const struct db_reply *reply)
{
	(void)reply;
	return task->progress->guess->on_wrong(task);
}

static enum api_want
note_wrong(struct api_task *task)
{
	const struct api_guess *guess = task->progress->guess;
	struct arena *arena = task->request.arena;
	const struct db_value values[] = {
		db_text(guess->account),
		db_text(task->request.address),
		db_text(task->request_id),
		db_int(arena, task->context->config->login_window),
	};

	api_count_login(task, API_LOGIN_REFUSED);
	api_call(task, DB_QUERY_login_fail, values);
	return api_write(task, on_noted);
}

static enum api_want
on_verified(struct api_task *task)
{
	const struct api_guess *guess = task->progress->guess;

	if (guess->is_locked)
		return api_guess_refuse_locked(task);
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

/* A locked account is verified against nobody's hash, so that it costs the
 * same and says nothing about the password. */
static enum api_want
on_account(struct api_task *task, const struct db_reply *reply)
{
	const struct config *config = task->context->config;
	struct api_guess *guess = task->progress->guess;
	int64_t limit = config->login_failures;

	guess->hash = db_column(task->request.arena, reply, 0, 0, 0);
	guess->is_locked =
		db_column_int(reply, 0, 0, 1, 0) >= limit ||
		db_column_int(reply, 0, 0, 2, 0) >= limit * ADDRESS_FACTOR;
	return api_verify(task, guess->is_locked ? NULL : guess->hash,
		guess->password, on_verified);
}

enum api_want
api_guess_begin(struct api_task *task, struct api_guess *guess)
{
	struct arena *arena = task->request.arena;
	const struct db_value values[] = {
		db_text(guess->account),
		db_text(task->request.address),
		db_int(arena, task->context->config->login_window),
	};

	task->progress->guess = guess;
	task->progress->on_failure = on_busy;
	api_call(task, DB_QUERY_login_account, values);
	return api_read(task, on_account);
}
