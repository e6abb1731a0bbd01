/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_clock.h"
#include "apply/apply_watch.h"

#include <poll.h>

#define TICK_MS 100

struct clock_state {
	struct apply_app *app;
	struct db_link *link;
	struct arena *arena; /* of one tick */
	int64_t beat_ms;     /* of the last one */
};

static int
run_call(struct clock_state *c, const struct db_call *call,
	struct db_reply *reply)
{
	struct err e;

	return db_link_run(c->link, call, reply, &e);
}

/* Claims that are not confirmed here grow old, and their helms end. */
static void
beat(struct clock_state *c)
{
	int64_t held[APPLY_WORKERS_MAX], confirmed[APPLY_WORKERS_MAX];
	size_t count = apply_claims_list(c->app->claims, held);
	int64_t asked_ms = apply_clock_ms();
	struct db_call call = db_call_make(c->arena, DB_QUERY_apply_heartbeat,
		(struct db_value[]){db_text(c->app->node),
			db_text(c->app->setup->version),
			db_ints(c->arena, held, count),
			db_int(c->arena, APPLY_LEASE_S)});
	struct db_reply reply;
	size_t rows = 0;

	if (run_call(c, &call, &reply) == 0) {
		rows = db_rows(&reply, 0);
		for (size_t i = 0; i < rows; i++)
			confirmed[i] = db_column_int(&reply, 0, i, 0, 0);
	}
	db_link_clear(c->link);
	apply_claims_confirm(c->app->claims, confirmed, rows, asked_ms);
}

/* Other appliers make and remove namespaces, too. One that a worker of ours put
 * to use meanwhile is in the next list, and a watch that opens again tells. */
static void
watch_namespaces(struct clock_state *c)
{
	struct db_call call = {.query = DB_QUERY_apply_namespaces};
	struct db_reply reply;

	if (run_call(c, &call, &reply) == 0) {
		size_t count = db_rows(&reply, 0);
		const char **names =
			arena_array(c->arena, count + 1, sizeof(char *));

		for (size_t i = 0; i < count; i++)
			names[i] = db_column(c->arena, &reply, 0, i, 0);
		apply_watch_only(c->app, names, count);
	}
	db_link_clear(c->link);
}

static void
write_counts(struct clock_state *c)
{
	struct apply_count *counts;
	size_t n = apply_counts_take(c->app->counts, c->arena, &counts);
	const char **names = arena_array(c->arena, n + 1, sizeof(char *));
	const char **labels = arena_array(c->arena, n + 1, sizeof(char *));
	int64_t *values = arena_array(c->arena, n + 1, sizeof(*values));
	struct db_reply reply;
	struct db_call call;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		names[i] = counts[i].name;
		labels[i] = counts[i].labels;
		values[i] = counts[i].value;
	}
	call = db_call_make(c->arena, DB_QUERY_apply_count,
		(struct db_value[]){db_texts(c->arena, names, n),
			db_texts(c->arena, labels, n),
			db_ints(c->arena, values, n)});
	if (run_call(c, &call, &reply) == -1) {
		for (size_t i = 0; i < n; i++)
			apply_counts_add(
				c->app->counts, names[i], labels[i], values[i]);
	}
	db_link_clear(c->link);
}

static void
tell_nudges(struct clock_state *c)
{
	struct apply_nudge *nudges;
	size_t n = apply_nudges_take(c->app->nudges, c->arena, &nudges);
	int64_t moved = 0;

	for (size_t i = 0; i < n; i++) {
		struct db_call call = db_call_make(c->arena,
			DB_QUERY_apply_nudge,
			(struct db_value[]){db_text(nudges[i].namespace),
				db_text(nudges[i].release)});
		struct db_reply reply;

		/* One that is lost costs at most observe_interval. */
		if (run_call(c, &call, &reply) == 0)
			moved += db_column_int(&reply, 0, 0, 0, 0);
		db_link_clear(c->link);
	}
	if (moved > 0)
		apply_wake(c->app);
}

static void
tick(struct clock_state *c)
{
	int64_t now_ms = apply_clock_ms();

	c->arena = arena_new();
	if (now_ms - c->beat_ms >= APPLY_BEAT_MS) {
		c->beat_ms = now_ms;
		beat(c);
		watch_namespaces(c);
		write_counts(c);
	}
	tell_nudges(c);
	arena_free(c->arena);
}

void
apply_clock_run(struct apply_app *app)
{
	struct clock_state c = {.app = app,
		.link = apply_link_new(app, NULL),
		.beat_ms = apply_clock_ms() - APPLY_BEAT_MS};
	struct pollfd p = {.fd = app->over_fd, .events = POLLIN};

	do
		tick(&c);
	while (poll(&p, 1, TICK_MS) == 0);
	atomic_store(&app->is_over, true);
	apply_wake(app);
	db_link_free(c.link);
}
