/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_wait.h"

#include "api/api_fields.h"
#include "api/api_headers.h"

#include <string.h>

/* Many times what a look takes; a cluster that does not answer for longer does
 * not keep a client waiting. */
#define GLANCE_MS 3000

#define POLL_AGAIN_S 2U /* what Retry-After tells clients who do not wait */

int
api_wait_read(struct api_task *task, struct err *e)
{
	const char *text = api_field_text(task, "wait");
	uint64_t seconds = api_prefer_wait(task->request.prefer);

	if (text != NULL && text_to_uint(text, API_WAIT_MAX_S, &seconds) != 0)
		return err_set(e, ERR_INVALID, "wait",
			"must be a number of seconds from 0 to %u",
			API_WAIT_MAX_S);
	if (seconds > 0)
		task->progress->waiting->until_ms =
			task->request.now_ms + (int64_t)seconds * 1000;
	return 0;
}

bool
api_operation_is_ended(const struct db_operation *operation)
{
	return strcmp(operation->state, "queued") != 0 &&
	       strcmp(operation->state, "running") != 0;
}

static struct db_operation *
first_open(struct api_waiting *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (!api_operation_is_ended(&w->items[i]))
			return &w->items[i];
	return NULL;
}

static enum api_want ask(struct api_task *task);

static enum api_want
on_operation(struct api_task *task, const struct db_reply *reply)
{
	struct api_waiting *w = task->progress->waiting;
	struct db_operation *open = first_open(w);

	if (open == NULL || db_rows(reply, 0) == 0)
		return w->answer(task); /* pruned: what is known is all */
	db_operation_got(task->request.arena, reply, 0, 0, open);
	if (api_operation_is_ended(open))
		return ask(task);
	if (w->is_over || (w->is_glance && !open->is_pending))
		return w->answer(task);
	task->wait = (struct api_wait){open->component, w->until_ms};
	return API_WAIT;
}

/* It is stored, so a database that went away meanwhile is no failure. */
static enum api_want
on_failure(struct api_task *task, const struct err *e)
{
	(void)e;
	return task->progress->waiting->answer(task);
}

static enum api_want
ask(struct api_task *task)
{
	const struct db_operation *open = first_open(task->progress->waiting);
	struct db_value id;

	if (open == NULL)
		return task->progress->waiting->answer(task);
	id = db_text(open->id);
	api_call(task, DB_QUERY_operation_get, &id);
	task->progress->on_failure = on_failure;
	return api_read(task, on_operation);
}

void
api_wait_glance(struct api_task *task)
{
	struct api_waiting *w = task->progress->waiting;

	if (w->until_ms != 0)
		return;
	w->is_glance = true;
	w->until_ms = task->request.now_ms + GLANCE_MS;
}

const struct db_operation *
api_wait_taken(const struct api_task *task)
{
	const struct api_waiting *w = task->progress->waiting;

	for (size_t i = 0; i < w->count; i++)
		if (w->items[i].error_code != NULL &&
			strcmp(w->items[i].error_code, "conflict") == 0)
			return &w->items[i];
	return NULL;
}

enum api_want
api_wait_begin(struct api_task *task)
{
	struct api_waiting *w = task->progress->waiting;

	return w->until_ms == 0 ? w->answer(task) : ask(task);
}

enum api_want
api_on_wake(struct api_task *task, int64_t now_ms)
{
	struct api_waiting *w = task->progress->waiting;

	w->is_over = now_ms >= w->until_ms;
	return ask(task);
}

/* A wake may have been missed: the last word is the database's. */
enum api_want
api_on_deadline(struct api_task *task)
{
	task->progress->waiting->is_over = true;
	return ask(task);
}

int
api_wait_status(struct api_task *task)
{
	struct api_waiting *w = task->progress->waiting;

	if (!w->is_accepted || first_open(w) == NULL)
		return 200;
	api_retry_after(task, POLL_AGAIN_S);
	return 202;
}

/* How the first operation that did not succeed ended; NULL: all did, or it is
 * not known yet. */
static const struct db_operation *
first_failed(const struct api_waiting *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (api_operation_is_ended(&w->items[i]) &&
			strcmp(w->items[i].state, "succeeded") != 0)
			return &w->items[i];
	return NULL;
}

void
api_wait_result(const struct api_task *task, struct json *j)
{
	const struct api_waiting *w = task->progress->waiting;
	const struct db_operation *failed =
		w->until_ms == 0 || w->is_glance ? NULL : first_failed(w);
	const char *result = "SUCCESS";

	if (failed != NULL && strcmp(failed->state, "failed") == 0)
		result = "FAILED";
	else if (failed != NULL && strcmp(failed->state, "superseded") == 0)
		result = "SUPERSEDED";
	else if (failed != NULL)
		result = "CANCELLED";
	json_member_text(j, "result", result);
	json_member_bool(j, "changed", w->is_accepted);
	if (failed != NULL && failed->error != NULL && failed->error[0] != '\0')
		json_member_text(j, "cause", failed->error);
}

void
api_operation_write(const struct db_operation *operation, struct json *j)
{
	json_object_open(j);
	json_member_text(j, "id", operation->id);
	json_member_text(j, "state", operation->state);
	json_key(j, "component");
	json_object_open(j);
	json_member_text(j, "id", operation->component);
	json_member_text(j, "kind", operation->kind);
	json_member_text(j, "namespace", operation->namespace);
	json_member_text(j, "name", operation->name);
	json_member_text(j, "state", operation->component_state);
	json_object_close(j);
	json_object_close(j);
}
