/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v2/operations/{id} */
#include "api/api_routes.h"
#include "api/api_wait.h"
#include "base/base_time.h"

/* What is no id is not asked for: PostgreSQL would refuse the whole call. */
int
api_operation_get_plan(struct api_task *task, struct err *e)
{
	const char *id = task->progress->target.id;
	const struct db_value value = db_text(id);

	if (!uuid_is_valid(id))
		return err_set(
			e, ERR_NOT_FOUND, "", "there is no such operation");
	api_call(task, DB_QUERY_operation_get, &value);
	return 0;
}

static void
write_component(const struct db_operation *o, struct json *j)
{
	json_key(j, "component");
	json_object_open(j);
	json_member_text(j, "id", o->component);
	json_member_text(j, "kind", o->kind);
	json_member_text(j, "namespace", o->namespace);
	json_member_text(j, "name", o->name);
	json_member_text(j, "state", o->component_state);
	json_member_text(j, "message", o->message);
	json_object_close(j);
}

static void
write_times(struct arena *arena, const struct db_operation *o, struct json *j)
{
	json_member_text(j, "queued_at", api_time(arena, o->queued_ms));
	json_member_text(j, "started_at", api_time(arena, o->started_ms));
	json_member_text(j, "ended_at", api_time(arena, o->ended_ms));
}

enum api_want
api_operation_get_answer(struct api_task *task, const struct db_reply *reply)
{
	struct db_operation operation;
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	if (db_rows(reply, 1) == 0)
		return api_refuse_text(
			task, ERR_NOT_FOUND, "", "there is no such operation");
	db_operation_got(task->request.arena, reply, 1, 0, &operation);
	json_object_open(j);
	json_member_text(j, "id", operation.id);
	json_member_text(j, "action", operation.action);
	json_member_text(j, "state", operation.state);
	json_member_text(j, "error", operation.error);
	json_member_text(j, "error_code", operation.error_code);
	json_member_int(j, "generation", operation.generation);
	write_component(&operation, j);
	json_member_text(j, "asked_by", operation.asked_by);
	json_member_text(j, "request_id", operation.request_id);
	write_times(task->request.arena, &operation, j);
	json_object_close(j);
	if (!api_operation_is_ended(&operation))
		api_retry_after(task, 2);
	return api_json_send(task, 200, &body);
}
