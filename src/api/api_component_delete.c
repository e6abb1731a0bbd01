/* SPDX-License-Identifier: Apache-2.0 */
/* DELETE /v1/{kind}/delete: one, those of a namespace, or all of the kind. */
#include "api/api_fields.h"
#include "api/api_routes.h"
#include "api/api_wait.h"

#include <string.h>

static void
write_location(struct api_task *task)
{
	const struct api_waiting *w = task->progress->waiting;

	if (w->count == 1)
		api_header(task, "location",
			arena_format(task->request.arena, "/v2/operations/%s",
				w->items[0].id));
}

static enum api_want
answer(struct api_task *task)
{
	const struct api_waiting *w = task->progress->waiting;
	int status = api_wait_status(task);
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	json_object_open(j);
	api_wait_result(task, j);
	json_key(j, "operations");
	json_array_open(j);
	for (size_t i = 0; i < w->count; i++)
		api_operation_write(&w->items[i], j);
	json_array_close(j);
	json_object_close(j);
	write_location(task);
	return api_json_send(task, status, &body);
}

static void
take_row(struct api_task *task, const struct db_reply *reply, size_t row)
{
	struct api_waiting *w = task->progress->waiting;
	struct db_accepted accepted;

	db_deletion_got(task->request.arena, reply, 0, row, &accepted);
	if (strcmp(accepted.outcome, "accepted") == 0)
		w->is_accepted = true;
	w->items[row] = (struct db_operation){
		.id = accepted.operation,
		.component = accepted.component,
		.kind = task->progress->target.kind->name,
		.namespace = accepted.namespace,
		.name = accepted.name,
		.state = accepted.operation_state,
		.component_state = accepted.state,
	};
}

static enum api_want
on_asked(struct api_task *task, const struct db_reply *reply)
{
	struct api_waiting *w = task->progress->waiting;

	w->count = db_rows(reply, 0);
	w->items =
		arena_array(task->request.arena, w->count, sizeof(*w->items));
	for (size_t i = 0; i < w->count; i++)
		take_row(task, reply, i);
	return api_wait_begin(task);
}

/* A name that no component can have is a slip of the pen: say so rather than
 * that there is none. NULL is "any". */
static int
check_name(const struct api_task *task, const char *field, const char **out,
	struct err *e)
{
	*out = api_field_text(task, field);
	if (*out == NULL || text_is_dns_subdomain(*out))
		return 0;
	return err_set(e, ERR_INVALID, field,
		"must be a name of lower-case letters, digits, '-' and '.'; "
		"leave the field out for all");
}

struct wish {
	const char *namespace, *name;
	bool has_data;
};

static int
read_wish(struct api_task *task, struct wish *out, struct err *e)
{
	if (check_name(task, "namespace", &out->namespace, e) != 0 ||
		check_name(task, "name", &out->name, e) != 0 ||
		api_field_bool(task, "delete_data", &out->has_data, e) != 0 ||
		api_wait_read(task, e) != 0)
		return -1;
	return 0;
}

enum api_want
api_component_delete(struct api_task *task)
{
	struct api_waiting *w = arena_alloc(task->request.arena, sizeof(*w));
	struct wish wish = {.has_data = false};
	struct db_value values[API_ACTING + 4];
	struct err e;

	w->answer = answer;
	task->progress->waiting = w;
	if (read_wish(task, &wish, &e) != 0)
		return api_refuse(task, &e);
	api_acting(task, AUTH_CHANGE, values);
	values[4] = db_text(task->progress->target.kind->name);
	values[5] = db_text(wish.namespace);
	values[6] = db_text(wish.name);
	values[7] = db_bool(wish.has_data);
	api_call(task, DB_QUERY_component_delete, values);
	return api_write_waking(task, on_asked);
}
