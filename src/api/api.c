/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that every request goes through: begin, session, role, fields,
 * and then the route's own steps. An answer leaves at whatever step says so.
 */
#include "api/api.h"

#include "api/api_answer.h"
#include "api/api_fields.h"
#include "api/api_headers.h"

#include <string.h>

#define BUSY_RETRY_S 1U

/* --- what a step may ask for -----------------------------------------------
 */

void
api_call(struct api_task *task, enum db_query query,
	const struct db_value *values)
{
	struct api_progress *p = task->progress;

	p->calls[p->n_calls++] =
		db_call_make(task->request.arena, query, values);
}

static enum api_want
submit(struct api_task *task, enum db_lane lane, api_on_rows *next)
{
	struct api_progress *p = task->progress;

	task->query = (struct db_request){
		.lane = lane, .n_calls = p->n_calls, .calls = p->calls};
	p->n_calls = 0;
	p->on_rows = next;
	return API_QUERY;
}

enum api_want
api_read(struct api_task *task, api_on_rows *next)
{
	return submit(task, DB_READ, next);
}

enum api_want
api_write(struct api_task *task, api_on_rows *next)
{
	return submit(task, DB_WRITE, next);
}

enum api_want
api_write_waking(struct api_task *task, api_on_rows *next)
{
	enum api_want want = submit(task, DB_WRITE, next);

	task->query.is_wake = true;
	return want;
}

enum api_want
api_hash(struct api_task *task, struct bytes password, api_step *next)
{
	task->password = (struct api_password_job){.password = password};
	task->progress->on_password = next;
	return API_PASSWORD;
}

enum api_want
api_verify(struct api_task *task, const char *hash, struct bytes password,
	api_step *next)
{
	task->password = (struct api_password_job){
		.is_verify = true, .hash = hash, .password = password};
	task->progress->on_password = next;
	return API_PASSWORD;
}

void
api_acting(struct api_task *task, enum auth_action action,
	struct db_value values[API_ACTING])
{
	struct arena *arena = task->request.arena;
	const char *roles[AUTH_ROLE_COUNT];
	size_t n = 0;

	for (unsigned i = 0; i < AUTH_ROLE_COUNT; i++)
		if (auth_may((enum auth_role)i, action))
			roles[n++] = auth_role_text((enum auth_role)i);
	values[0] = db_bytea((struct bytes){
		(const char *)task->progress->token, AUTH_DIGEST_BYTES});
	values[1] = db_texts(arena, roles, n);
	values[2] = db_text(task->request.address);
	values[3] = db_text(task->request_id);
}

/* --- fields, then the route's own steps -------------------------------------
 */

static enum api_want
start(struct api_task *task)
{
	struct err_list errors;

	err_list_init(&errors);
	if (api_fields_read(task, &errors) != 0)
		return api_refuse_all(task, &errors);
	return task->route->start(task);
}

/* --- who is asking
 * ------------------------------------------------------------ */

static enum api_want
refuse_unknown_client(struct api_task *task)
{
	return api_refuse_text(task, ERR_UNAUTHENTICATED, "",
		task->progress->is_token_sent
			? "the token is not valid: it expired, was ended, or "
			  "was never issued; log in again"
			: "log in with POST /v1/login and send the token as "
			  "Authorization: Bearer <token>");
}

/* One write a minute and token, beside the answer. */
static void
note_use(struct api_task *task)
{
	struct arena *arena = task->request.arena;
	struct db_call *call = arena_alloc(arena, sizeof(*call));
	struct db_value digest = db_bytea((struct bytes){
		(const char *)task->progress->token, AUTH_DIGEST_BYTES});

	*call = db_call_make(arena, DB_QUERY_token_touch, &digest);
	task->aside = (struct db_request){
		.lane = DB_WRITE, .n_calls = 1, .calls = call};
}

/* The session's row is that of call 0. */
static enum api_want
on_session(struct api_task *task, const struct db_reply *reply)
{
	struct api_progress *p = task->progress;
	struct arena *arena = task->request.arena;

	if (db_rows(reply, 0) == 0)
		return refuse_unknown_client(task);
	p->account = db_column(arena, reply, 0, 0, 0);
	if (auth_role_parse(db_column(arena, reply, 0, 0, 1), &p->role) != 0 ||
		!auth_may(p->role, task->route->action))
		return api_refuse_text(task, ERR_FORBIDDEN, "",
			"the role %s may not do this", auth_role_text(p->role));
	if (db_column_bool(reply, 0, 0, 2))
		note_use(task);
	if (p->refused != NULL)
		return api_refuse_all(task, p->refused);
	if ((task->route->flags & API_READ) != 0)
		return task->route->answer(task, reply);
	return start(task);
}

/* Reads are planned first, to cost one trip; what is wrong with them is not
 * said before the client is known. */
static void
plan(struct api_task *task)
{
	struct err_list errors;
	struct err_list *refused;
	struct err e;

	err_list_init(&errors);
	if (api_fields_read(task, &errors) == 0 &&
		task->route->plan(task, &e) != 0)
		err_list_add(&errors, &e);
	if (errors.total == 0)
		return;
	refused = arena_alloc(task->request.arena, sizeof(*refused));
	*refused = errors;
	task->progress->refused = refused;
	task->progress->n_calls = 1;
}

static enum api_want
ask_session(struct api_task *task)
{
	struct api_progress *p = task->progress;
	struct db_value digest = db_bytea(
		(struct bytes){(const char *)p->token, AUTH_DIGEST_BYTES});
	enum api_credential sent;

	if (task->request.n_authorizations > 1)
		return api_refuse_text(task, ERR_INVALID, "",
			"two Authorization headers were sent");
	sent = api_credential_read(task->request.authorization, p->token);
	p->is_token_sent = sent != API_CREDENTIAL_NONE;
	if (sent != API_CREDENTIAL_TOKEN)
		return refuse_unknown_client(task);
	api_call(task, DB_QUERY_session, &digest);
	if ((task->route->flags & API_READ) != 0)
		plan(task);
	return api_read(task, on_session);
}

/* --- the shell's side
 * --------------------------------------------------------- */

static enum api_want
refuse_route(struct api_task *task, const char *allow)
{
	if (allow == NULL)
		return api_refuse_text(task, ERR_NOT_FOUND, "",
			"there is nothing at this path");
	api_header(task, "allow", allow);
	return api_refuse_text(
		task, ERR_METHOD, "", "this path takes %s only", allow);
}

/* Probes are free: a machine that is asked too much must not look dead. */
static bool
may_ask(const struct api_task *task)
{
	const struct api_context *context = task->context;

	return context->rate == NULL ||
	       (task->route != NULL && (task->route->flags & API_FREE) != 0) ||
	       api_rate_take(context->rate, task->request.address,
		       context->config->rate_limit, task->request.now_ms);
}

enum api_want
api_begin(struct api_task *task, const struct api_context *context,
	const struct api_request *request)
{
	const char *allow;

	*task = (struct api_task){.context = context, .request = *request};
	task->progress = arena_alloc(request->arena, sizeof(*task->progress));
	api_request_id_choose(task);
	task->route = api_route_find(request->arena, request->method,
		request->path, &task->progress->target, &allow);
	if (!may_ask(task))
		return api_refuse_text(task, ERR_TOO_MANY, "",
			"more than %u requests a second came from %s",
			context->config->rate_limit, request->address);
	if (task->route == NULL)
		return refuse_route(task, allow);
	if ((task->route->flags & API_PUBLIC) != 0)
		return start(task);
	return ask_session(task);
}

enum api_want
api_on_error(struct api_task *task, const struct err *e)
{
	struct api_progress *p = task->progress;

	p->n_calls = 0;
	if (p->on_failure != NULL)
		return p->on_failure(task, e);
	return api_refuse(task, e);
}

enum api_want
api_on_reply(struct api_task *task, const struct db_reply *reply)
{
	struct err e;

	if (reply->outcome == DB_DONE)
		return task->progress->on_rows(task, reply);
	api_reply_error(task, reply, &e);
	return api_on_error(task, &e);
}

enum api_want
api_on_password(struct api_task *task)
{
	return task->progress->on_password(task);
}
