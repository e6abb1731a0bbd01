/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_row.h"

/* Reads the columns of one row from left to right, so that a decoder is the
 * list of columns as the query's header has it. */
struct cursor {
	struct arena *arena; /* NULL: texts are borrowed from the reply */
	const struct db_reply *reply;
	unsigned call;
	size_t row;
	unsigned column;
};

static const char *
text(struct cursor *at)
{
	const char *view =
		db_column_view(at->reply, at->call, at->row, at->column++);

	return at->arena == NULL ? view : arena_text(at->arena, view);
}

static int64_t
number(struct cursor *at)
{
	return db_column_int(at->reply, at->call, at->row, at->column++, 0);
}

static int
small(struct cursor *at)
{
	return (int)number(at);
}

static bool
truth(struct cursor *at)
{
	return db_column_bool(at->reply, at->call, at->row, at->column++);
}

static struct bytes
binary(struct cursor *at)
{
	return db_column_bytea(
		at->arena, at->reply, at->call, at->row, at->column++);
}

static void
take_identity(struct cursor *at, struct db_component *out)
{
	out->id = text(at);
	out->kind = text(at);
	out->namespace = text(at);
	out->name = text(at);
	out->posted_namespace = text(at);
}

static void
take_state(struct cursor *at, struct db_component *out)
{
	out->state = text(at);
	out->message = text(at);
	out->ready = small(at);
	out->wanted = small(at);
	out->generation = small(at);
}

void
db_component_listed(const struct db_reply *reply, unsigned call, size_t row,
	struct db_component *out)
{
	struct cursor at = {NULL, reply, call, row, 0};

	*out = (struct db_component){.id = NULL};
	take_identity(&at, out);
	take_state(&at, out);
}

void
db_component_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_component *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	take_identity(&at, out);
	out->desired = text(&at);
	take_state(&at, out);
	out->observed_generation = small(&at);
	out->good_generation = small(&at);
	out->failed_generation = small(&at);
	out->stage = small(&at);
	out->created_ms = number(&at);
	out->observed_ms = number(&at);
	out->operation = text(&at);
	out->operation_action = text(&at);
	out->operation_state = text(&at);
}

void
db_operation_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_operation *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	out->id = text(&at);
	out->component = text(&at);
	out->kind = text(&at);
	out->namespace = text(&at);
	out->name = text(&at);
	out->action = text(&at);
	out->generation = small(&at);
	out->state = text(&at);
	out->error = text(&at);
	out->asked_by = text(&at);
	out->request_id = text(&at);
	out->queued_ms = number(&at);
	out->started_ms = number(&at);
	out->ended_ms = number(&at);
	out->component_state = text(&at);
	out->message = text(&at);
	out->error_code = text(&at);
	out->is_pending = truth(&at);
}

static void
take_accepted(struct cursor *at, struct db_accepted *out)
{
	*out = (struct db_accepted){.outcome = text(at)};
	out->component = text(at);
	out->operation = text(at);
	out->operation_state = text(at);
	out->state = text(at);
	out->generation = small(at);
}

void
db_put_got(struct arena *arena, const struct db_reply *reply, unsigned call,
	size_t row, struct db_accepted *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	take_accepted(&at, out);
	out->is_watched = truth(&at);
}

void
db_deletion_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_accepted *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	take_accepted(&at, out);
	out->namespace = text(&at);
	out->name = text(&at);
}

void
db_claim_got(struct arena *arena, const struct db_reply *reply, unsigned call,
	size_t row, struct db_claim *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	out->component = text(&at);
	out->kind = text(&at);
	out->namespace = text(&at);
	out->name = text(&at);
	out->desired = text(&at);
	out->delete_data = truth(&at);
	out->generation = small(&at);
	out->state = text(&at);
	out->message = text(&at);
	out->ready = small(&at);
	out->wanted = small(&at);
	out->observed_generation = small(&at);
	out->good_generation = small(&at);
	out->failed_generation = small(&at);
	out->run_generation = small(&at);
	out->is_applied = truth(&at);
	out->stage = small(&at);
	out->attempts = small(&at);
	out->phase_ms = number(&at);
	out->fence = number(&at);
	out->queued = text(&at);
	out->queued_action = text(&at);
	out->running = text(&at);
	out->failure = text(&at);
}

void
db_secret_got(struct arena *arena, const struct db_reply *reply, unsigned call,
	size_t row, struct db_secret *out)
{
	struct cursor at = {arena, reply, call, row, 0};

	out->pointer = text(&at);
	out->sealed = binary(&at);
	out->digest = text(&at);
}
