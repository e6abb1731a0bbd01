/* SPDX-License-Identifier: Apache-2.0 */
/* /v1/users but for passwords: create, list, delete. */
#include "api/api_answer.h"
#include "api/api_fields.h"
#include "api/api_routes.h"

struct account {
	char *name;
	enum auth_role role;
};

static enum api_want
on_done(struct api_task *task, const struct db_reply *reply)
{
	(void)reply;
	return api_send_success(task);
}

static enum api_want
on_hashed(struct api_task *task)
{
	const struct account *account = task->progress->own;
	struct db_value values[API_ACTING + 3];

	api_acting(task, AUTH_CHANGE_USERS, values);
	values[4] = db_text(account->name);
	values[5] = db_text(task->password.result);
	values[6] = db_text(auth_role_text(account->role));
	api_call(task, DB_QUERY_account_create, values);
	return api_write(task, on_done);
}

/* Upstream has no roles: its scripts make users who then work with components,
 * which an operator may. */
static int
read_role(const struct api_task *task, enum auth_role *out, struct err *e)
{
	const char *text = api_field_text(task, "role");

	*out = AUTH_OPERATOR;
	if (text == NULL || auth_role_parse(text, out) == 0)
		return 0;
	return err_set(
		e, ERR_INVALID, "role", "must be viewer, operator or admin");
}

enum api_want
api_account_create(struct api_task *task)
{
	struct arena *arena = task->request.arena;
	struct account *account = arena_alloc(arena, sizeof(*account));
	struct bytes password = api_field_value(task, "password");
	struct err_list errors;
	struct err e;

	err_list_init(&errors);
	if (auth_name(arena, api_field_value(task, "user"), &account->name,
		    &e) != 0)
		err_list_add(&errors, &e);
	if (auth_password_check(password, &e) != 0)
		err_list_add(&errors, &e);
	if (read_role(task, &account->role, &e) != 0)
		err_list_add(&errors, &e);
	if (errors.total > 0)
		return api_refuse_all(task, &errors);
	task->progress->own = account;
	return api_hash(task, password, on_hashed);
}

enum api_want
api_account_delete(struct api_task *task)
{
	struct db_value values[API_ACTING + 1];
	struct err e;
	char *name;

	if (auth_name(task->request.arena, api_field_value(task, "user"), &name,
		    &e) != 0)
		return api_refuse(task, &e);
	api_acting(task, AUTH_CHANGE_USERS, values);
	values[4] = db_text(name);
	api_call(task, DB_QUERY_account_delete, values);
	return api_write(task, on_done);
}

int
api_account_list_plan(struct api_task *task, struct err *e)
{
	(void)e;
	api_call(task, DB_QUERY_account_list, NULL);
	return 0;
}

enum api_want
api_account_list_answer(struct api_task *task, const struct db_reply *reply)
{
	struct arena *arena = task->request.arena;
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	json_array_open(j);
	for (size_t i = 0; i < db_rows(reply, 1); i++) {
		json_object_open(j);
		json_member_text(j, "user", db_column(arena, reply, 1, i, 0));
		json_member_text(j, "role", db_column(arena, reply, 1, i, 1));
		json_member_text(j, "created_at",
			api_time(arena, db_column_int(reply, 1, i, 2, 0)));
		json_object_close(j);
	}
	json_array_close(j);
	return api_json_send(task, 200, &body);
}
