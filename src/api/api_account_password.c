/* SPDX-License-Identifier: Apache-2.0 */
/* PUT /v1/users/update/password: an admin sets anyone's; others their own, if
 * they know the old one. */
#include "api/api_answer.h"
#include "api/api_fields.h"
#include "api/api_guess.h"
#include "api/api_routes.h"

#include <string.h>

struct change {
	struct api_guess guess; /* of the old password */
	char *name;
	struct bytes password;
	bool is_verified; /* by the old one, else by being an admin */
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
	const struct change *change = task->progress->own;
	struct db_value values[API_ACTING + 3];

	api_acting(task,
		change->is_verified ? AUTH_OWN_PASSWORD : AUTH_CHANGE_USERS,
		values);
	values[4] = db_text(change->name);
	values[5] = db_text(change->is_verified ? change->guess.hash : NULL);
	values[6] = db_text(task->password.result);
	api_call(task, DB_QUERY_account_password, values);
	return api_write(task, on_done);
}

static enum api_want
hash_new(struct api_task *task)
{
	const struct change *change = task->progress->own;

	return api_hash(task, change->password, on_hashed);
}

static enum api_want
refuse_old(struct api_task *task)
{
	return api_refuse_text(
		task, ERR_FORBIDDEN, "old_password", "is not the password");
}

static enum api_want
verify_old(struct api_task *task, struct change *change)
{
	const struct text_pair *old = api_field(task, "old_password");

	if (old == NULL)
		return api_refuse_text(task, ERR_INVALID, "old_password",
			"the field is missing; only an admin may leave it out");
	change->is_verified = true;
	change->guess.account = change->name;
	change->guess.password = old->value;
	change->guess.on_right = api_guess_look_again;
	change->guess.on_unlocked = hash_new;
	change->guess.on_wrong = refuse_old;
	return api_guess_begin(task, &change->guess);
}

/* An admin's old password is looked at only if it is sent, and is their own. */
static enum api_want
begin(struct api_task *task, struct change *change)
{
	const struct api_progress *p = task->progress;
	bool is_own = strcmp(change->name, p->account) == 0;
	bool is_admin = auth_may(p->role, AUTH_CHANGE_USERS);

	if (!is_own && !is_admin)
		return api_refuse_text(task, ERR_FORBIDDEN, "",
			"only an admin may change the password of another "
			"user");
	if (is_admin && (!is_own || api_field(task, "old_password") == NULL))
		return hash_new(task);
	return verify_old(task, change);
}

enum api_want
api_account_password(struct api_task *task)
{
	struct arena *arena = task->request.arena;
	struct change *change = arena_alloc(arena, sizeof(*change));
	struct err_list errors;
	struct err e;

	err_list_init(&errors);
	change->password = api_field_value(task, "password");
	if (auth_name(arena, api_field_value(task, "user"), &change->name,
		    &e) != 0)
		err_list_add(&errors, &e);
	if (auth_password_check(change->password, &e) != 0)
		err_list_add(&errors, &e);
	if (errors.total > 0)
		return api_refuse_all(task, &errors);
	task->progress->own = change;
	return begin(task, change);
}
