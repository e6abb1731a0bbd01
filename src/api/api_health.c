/* SPDX-License-Identifier: Apache-2.0 */
/* What probes ask, without a token: /ping, /livez, /readyz, /version. */
#include "api/api_answer.h"
#include "api/api_routes.h"
#include "db/db_link.h"

#include <string.h>

#define TEXT_TYPE "text/plain; charset=utf-8"

/* Six heartbeats of an applier. */
#define APPLIER_SILENT_MS 30000

static enum api_want
send_text(struct api_task *task, const char *text)
{
	return api_send(
		task, 200, TEXT_TYPE, (struct bytes){text, strlen(text)});
}

enum api_want
api_ping(struct api_task *task)
{
	return send_text(task, "pong");
}

enum api_want
api_livez(struct api_task *task)
{
	return send_text(task, "ok\n");
}

enum api_want
api_version(struct api_task *task)
{
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	json_object_open(j);
	json_member_text(j, "version", task->context->version);
	json_object_close(j);
	return api_json_send(task, 200, &body);
}

/* --- readiness --------------------------------------------------------------
 */

struct check {
	const char *name;
	bool is_good;
	const char *otherwise;
};

static bool
is_verbose(const struct api_request *request)
{
	static const char word[] = "verbose";

	return request->query.len >= strlen(word) &&
	       memcmp(request->query.data, word, strlen(word)) == 0;
}

static enum api_want
answer_ready(struct api_task *task, const struct check *checks, size_t count)
{
	struct buf text;

	if (!is_verbose(&task->request))
		return send_text(task, "ok\n");
	buf_init(&text, task->request.arena);
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%s ok\n", checks[i].name);
	buf_text(&text, "ready\n");
	return send_text(task, buf_string(&text));
}

static enum api_want
answer_checks(struct api_task *task, const struct check *checks, size_t count)
{
	struct err_list errors;
	struct err e;

	err_list_init(&errors);
	for (size_t i = 0; i < count; i++) {
		if (checks[i].is_good)
			continue;
		(void)err_set(&e, ERR_UNAVAILABLE, checks[i].name, "%s",
			checks[i].otherwise);
		err_list_add(&errors, &e);
	}
	if (errors.total > 0)
		return api_refuse_all(task, &errors);
	return answer_ready(task, checks, count);
}

static enum api_want
on_ready(struct api_task *task, const struct db_reply *reply)
{
	int64_t applier_ms = db_column_int(reply, 0, 0, 1, INT64_MAX);
	const struct check checks[] = {
		{"database", true, ""},
		{"schema",
			db_column_int(reply, 0, 0, 0, 0) == db_schema_version(),
			"the schema is of another version of roasterd"},
		{"applier", applier_ms <= APPLIER_SILENT_MS,
			"no applier gave a sign of life lately: requests are "
			"accepted, but nothing is done about them"},
		{"draining", !task->context->is_draining,
			"the server is being stopped"},
	};

	return answer_checks(task, checks, COUNT_OF(checks));
}

static enum api_want
on_no_database(struct api_task *task, const struct err *e)
{
	const struct check checks[] = {
		{"database", false, "the database does not answer"},
		{"draining", !task->context->is_draining,
			"the server is being stopped"},
	};

	(void)e;
	return answer_checks(task, checks, COUNT_OF(checks));
}

enum api_want
api_readyz(struct api_task *task)
{
	task->progress->on_failure = on_no_database;
	api_call(task, DB_QUERY_ready, NULL);
	return api_read(task, on_ready);
}
