/* SPDX-License-Identifier: Apache-2.0 */
/* POST /v1/{kind}/create: check all of it, seal what is secret, store it. */
#include "api/api_fields.h"
#include "api/api_headers.h"
#include "api/api_routes.h"
#include "api/api_wait.h"
#include "state/state.h"

#include <string.h>

/* --- what is stored --------------------------------------------------------
 */

/* What a secret is bound to: nobody can move it to another place. */
static const char *
place_of(struct arena *arena, const struct kind_intake *intake,
	const char *pointer)
{
	return arena_format(arena, "%s/%s/%s%s", intake->kind->name,
		intake->identity.namespace, intake->identity.name, pointer);
}

struct sealed {
	const char **pointers;
	struct bytes *values;
	struct bytes *digests;
	size_t count;
};

static void
seal(struct api_task *task, const struct kind_intake *intake,
	struct sealed *out)
{
	const struct auth_keys *keys = task->context->keys;
	struct arena *arena = task->request.arena;
	size_t count = intake->n_secrets;
	struct auth_plain *plains = arena_array(arena, count, sizeof(*plains));

	out->count = count;
	out->pointers = arena_array(arena, count, sizeof(*out->pointers));
	out->values = arena_array(arena, count, sizeof(*out->values));
	out->digests = arena_array(arena, count, sizeof(*out->digests));
	for (size_t i = 0; i < count; i++) {
		const struct kind_secret *secret = &intake->secrets[i];
		unsigned char *digest = arena_alloc(arena, AUTH_DIGEST_BYTES);
		const char *place = place_of(arena, intake, secret->pointer);

		auth_digest_keyed(keys, place, secret->value, digest);
		plains[i] = (struct auth_plain){place, secret->value};
		out->pointers[i] = secret->pointer;
		out->digests[i] =
			(struct bytes){(const char *)digest, AUTH_DIGEST_BYTES};
	}
	auth_seal(arena, keys, plains, count, out->values);
}

/* Equal for equal specs with equal secrets, whatever the layout posted. */
static struct bytes
digest_of(struct arena *arena, const struct kind_intake *intake,
	const struct sealed *sealed)
{
	size_t n = 1 + 2 * sealed->count;
	struct bytes *parts = arena_array(arena, n, sizeof(*parts));
	unsigned char *digest = arena_alloc(arena, AUTH_DIGEST_BYTES);

	parts[0] = intake->canonical;
	for (size_t i = 0; i < sealed->count; i++) {
		const char *pointer = sealed->pointers[i];

		parts[1 + 2 * i] = (struct bytes){pointer, strlen(pointer)};
		parts[2 + 2 * i] = sealed->digests[i];
	}
	auth_digest(parts, n, digest);
	return (struct bytes){(const char *)digest, AUTH_DIGEST_BYTES};
}

/* The states in which a new spec is refused, as the state table says. */
static struct db_value
refusing_states(struct arena *arena)
{
	const char *states[STATE_COUNT];
	size_t n = 0;

	for (unsigned i = 0; i < STATE_COUNT; i++)
		if (state_answer((enum state)i, EVENT_SPEC) == ANSWER_REFUSE)
			states[n++] = state_text((enum state)i);
	return db_texts(arena, states, n);
}

static void
names_values(struct arena *arena, const struct kind_names *names,
	struct db_value out[2])
{
	const char **types = arena_array(arena, names->count, sizeof(*types));
	const char **texts = arena_array(arena, names->count, sizeof(*texts));

	for (size_t i = 0; i < names->count; i++) {
		types[i] = names->items[i].type;
		texts[i] = names->items[i].name;
	}
	out[0] = db_texts(arena, types, names->count);
	out[1] = db_texts(arena, texts, names->count);
}

/* --- the answer ------------------------------------------------------------
 */

static enum api_want
answer(struct api_task *task)
{
	const struct db_operation *operation =
		&task->progress->waiting->items[0];
	const struct db_operation *taken = api_wait_taken(task);
	int status = api_wait_status(task);
	struct api_json body;
	struct json *j;

	if (taken != NULL)
		return api_refuse_text(
			task, ERR_CONFLICT, "", "%s", taken->error);
	j = api_json_open(task, &body);
	json_object_open(j);
	api_wait_result(task, j);
	json_key(j, "operation");
	api_operation_write(operation, j);
	json_object_close(j);
	api_header(task, "location",
		arena_format(task->request.arena, "/v2/operations/%s",
			operation->id));
	return api_json_send(task, status, &body);
}

static enum api_want
on_stored(struct api_task *task, const struct db_reply *reply)
{
	const struct kind_intake *intake = task->progress->own;
	struct api_waiting *w = task->progress->waiting;
	struct db_accepted accepted;

	db_put_got(task->request.arena, reply, 0, 0, &accepted);
	w->is_accepted = strcmp(accepted.outcome, "unchanged") != 0;
	*w->items = (struct db_operation){
		.id = accepted.operation,
		.component = accepted.component,
		.kind = intake->kind->name,
		.namespace = intake->identity.namespace,
		.name = intake->identity.name,
		.state = accepted.operation_state,
		.component_state = accepted.state,
	};
	if (accepted.is_watched && strcmp(accepted.outcome, "created") == 0)
		api_wait_glance(task);
	return api_wait_begin(task);
}

static enum api_want
store(struct api_task *task, const struct kind_intake *intake)
{
	struct arena *arena = task->request.arena;
	struct db_value values[18];
	struct sealed sealed;

	seal(task, intake, &sealed);
	api_acting(task, AUTH_CHANGE, values);
	values[4] = db_text(api_uuid(task));
	values[5] = db_text(api_uuid(task));
	values[6] = db_text(intake->kind->name);
	values[7] = db_text(intake->identity.namespace);
	values[8] = db_text(intake->identity.name);
	values[9] = db_text(intake->identity.posted_namespace);
	values[10] = db_text(arena_copy(
		arena, intake->canonical.data, intake->canonical.len));
	values[11] = db_bytea(digest_of(arena, intake, &sealed));
	values[12] = db_texts(arena, sealed.pointers, sealed.count);
	values[13] = db_byteas(arena, sealed.values, sealed.count);
	values[14] = db_byteas(arena, sealed.digests, sealed.count);
	names_values(arena, &intake->names, &values[15]);
	values[17] = refusing_states(arena);
	api_call(task, DB_QUERY_component_put, values);
	return api_write_waking(task, on_stored);
}

/* --- intake ----------------------------------------------------------------
 */

/* All that is wrong, so that it is cured in one round. */
static int
take(struct api_task *task, struct kind_intake *out, struct err_list *errors)
{
	struct arena *arena = task->request.arena;
	struct text_form params;
	struct bytes yaml;
	struct err e;

	(void)api_field_params(task, &params, errors);
	if (api_wait_read(task, &e) != 0)
		err_list_add(errors, &e);
	if (api_field_yaml(task, &yaml, &e) != 0) {
		err_list_add(errors, &e);
		return -1;
	}
	(void)kind_intake(
		arena, task->progress->target.kind, yaml, &params, out, errors);
	return errors->total == 0 ? 0 : -1;
}

enum api_want
api_component_put(struct api_task *task)
{
	struct arena *arena = task->request.arena;
	struct err_list errors;
	struct kind_intake *intake = arena_alloc(arena, sizeof(*intake));
	struct api_waiting *w = arena_alloc(arena, sizeof(*w));

	w->count = 1;
	w->items = arena_alloc(arena, sizeof(*w->items));
	w->answer = answer;
	task->progress->waiting = w;
	task->progress->own = intake;
	err_list_init(&errors);
	if (take(task, intake, &errors) != 0)
		return api_refuse_all(task, &errors);
	return store(task, intake);
}
