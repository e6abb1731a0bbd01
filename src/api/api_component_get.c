/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v2/components/{kind}/{namespace}/{name}: all that is known of one. */
#include "api/api_answer.h"
#include "api/api_routes.h"
#include "db/db_row.h"

/* Calls behind the session's. */
enum { CALL_COMPONENT = 1, CALL_ENDPOINTS, CALL_CHILDREN };

int
api_component_get_plan(struct api_task *task, struct err *e)
{
	const struct api_target *target = &task->progress->target;
	const struct db_value values[] = {
		db_text(target->kind->name),
		db_text(target->namespace),
		db_text(target->name),
	};

	(void)e;
	api_call(task, DB_QUERY_component_get, values);
	api_call(task, DB_QUERY_component_endpoints, values);
	api_call(task, DB_QUERY_component_children, values);
	return 0;
}

static void
write_number_or_null(struct json *j, const char *key, int value)
{
	json_key(j, key);
	if (value == 0)
		json_null(j);
	else
		json_int(j, value);
}

/* Who it is and how it is. "why" is "message", as the contract calls it in
 * v2. */
static void
write_component(
	struct arena *arena, const struct db_component *c, struct json *j)
{
	json_member_text(j, "id", c->id);
	json_member_text(j, "kind", c->kind);
	json_member_text(j, "namespace", c->namespace);
	json_member_text(j, "name", c->name);
	json_member_text(j, "posted_namespace", c->posted_namespace);
	json_member_text(j, "state", c->state);
	json_member_text(j, "message", c->message);
	json_member_text(j, "why", c->message);
	json_member_int(j, "ready", c->ready);
	json_member_int(j, "wanted", c->wanted);
	json_member_text(j, "desired", c->desired);
	json_member_int(j, "generation", c->generation);
	json_member_int(j, "observed_generation", c->observed_generation);
	write_number_or_null(j, "good_generation", c->good_generation);
	write_number_or_null(j, "failed_generation", c->failed_generation);
	json_member_text(j, "created_at", api_time(arena, c->created_ms));
	json_member_text(j, "observed_at", api_time(arena, c->observed_ms));
}

static void
write_endpoints(
	struct arena *arena, const struct db_reply *reply, struct json *j)
{
	json_key(j, "endpoints");
	json_array_open(j);
	for (size_t i = 0; i < db_rows(reply, CALL_ENDPOINTS); i++) {
		json_object_open(j);
		json_member_text(j, "name",
			db_column(arena, reply, CALL_ENDPOINTS, i, 0));
		json_member_text(j, "host",
			db_column(arena, reply, CALL_ENDPOINTS, i, 1));
		json_member_int(j, "port",
			db_column_int(reply, CALL_ENDPOINTS, i, 2, 0));
		json_member_text(j, "url",
			db_column(arena, reply, CALL_ENDPOINTS, i, 3));
		json_object_close(j);
	}
	json_array_close(j);
}

static void
write_children(
	struct arena *arena, const struct db_reply *reply, struct json *j)
{
	json_key(j, "children");
	json_array_open(j);
	for (size_t i = 0; i < db_rows(reply, CALL_CHILDREN); i++) {
		json_object_open(j);
		json_member_text(j, "release",
			db_column(arena, reply, CALL_CHILDREN, i, 0));
		json_member_text(j, "chart",
			db_column(arena, reply, CALL_CHILDREN, i, 1));
		json_object_close(j);
	}
	json_array_close(j);
}

/* The stage it is at, and all there are: done, current, waiting. Past the last
 * one all are done. */
static void
write_stages(const struct kind *kind, int stage, struct json *j)
{
	size_t at = stage < 0 ? 0 : (size_t)stage;

	json_member_text(
		j, "stage", at < kind->n_stages ? kind->stages[at].name : NULL);
	json_key(j, "stages");
	json_array_open(j);
	for (size_t i = 0; i < kind->n_stages; i++) {
		const char *later = i == at ? "current" : "waiting";

		json_object_open(j);
		json_member_text(j, "name", kind->stages[i].name);
		json_member_text(j, "state", i < at ? "done" : later);
		json_object_close(j);
	}
	json_array_close(j);
}

static void
write_operation(const struct db_component *c, struct json *j)
{
	json_key(j, "operation");
	if (c->operation == NULL) {
		json_null(j);
		return;
	}
	json_object_open(j);
	json_member_text(j, "id", c->operation);
	json_member_text(j, "action", c->operation_action);
	json_member_text(j, "state", c->operation_state);
	json_object_close(j);
}

enum api_want
api_component_get_answer(struct api_task *task, const struct db_reply *reply)
{
	const struct api_target *target = &task->progress->target;
	struct arena *arena = task->request.arena;
	struct db_component component;
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	if (db_rows(reply, CALL_COMPONENT) == 0)
		return api_refuse_text(task, ERR_NOT_FOUND, "",
			"there is no %s %s in namespace %s", target->kind->name,
			target->name, target->namespace);
	db_component_got(arena, reply, CALL_COMPONENT, 0, &component);
	json_object_open(j);
	write_component(arena, &component, j);
	write_stages(target->kind, component.stage, j);
	write_endpoints(arena, reply, j);
	write_children(arena, reply, j);
	write_operation(&component, j);
	json_object_close(j);
	api_header(task, "etag",
		arena_format(arena, "\"%d\"", component.generation));
	return api_json_send(task, 200, &body);
}
