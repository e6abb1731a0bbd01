/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pool.h"

#include "db/db_conn.h"

#include <assert.h>
#include <stdlib.h>

struct lane {
	struct db_tickets waiting;
	unsigned n_waiting;
	unsigned depth; /* in flight on one connection */
	unsigned first; /* slot */
};

struct db_pool {
	struct db_config config;
	struct db_hooks hooks;
	struct lane lanes[DB_LANES];
	unsigned n_conns;
	uint64_t now_ms;
	bool is_wake_due;
	uint64_t wake_ms;       /* when the last NOTIFY was sent */
	struct db_ticket *wake; /* in flight */
	struct db_conn conns[DB_SLOTS_MAX];
};

static const struct db_call wake_call = {DB_QUERY_notify_wake, NULL};

static void
add_conns(struct db_pool *p, enum db_lane lane, unsigned count, unsigned depth)
{
	assert(count > 0 && depth > 0 && p->n_conns + count <= DB_SLOTS_MAX);
	TAILQ_INIT(&p->lanes[lane].waiting);
	p->lanes[lane].depth = depth;
	p->lanes[lane].first = p->n_conns;
	for (unsigned i = 0; i < count; i++) {
		struct db_conn *c = &p->conns[p->n_conns];

		c->config = &p->config;
		c->hooks = &p->hooks;
		c->lane = lane;
		c->slot = p->n_conns++;
		TAILQ_INIT(&c->flying);
	}
}

struct db_pool *
db_pool_new(const struct db_config *config, const struct db_hooks *hooks)
{
	struct db_pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->config = *config;
	p->hooks = *hooks;
	add_conns(p, DB_READ, config->reads, config->read_depth);
	add_conns(p, DB_WRITE, config->writes, config->write_depth);
	add_conns(p, DB_BELL, 1, 1);
	return p;
}

/* The connected one with the fewest requests in flight; NULL if none is. */
static struct db_conn *
pick(struct db_pool *p, enum db_lane lane)
{
	struct db_conn *best = NULL;

	for (unsigned i = 0; i < p->n_conns; i++) {
		struct db_conn *c = &p->conns[i];

		if (c->lane == lane && c->state == CONN_READY &&
			!c->is_broken &&
			(best == NULL || c->n_flying < best->n_flying))
			best = c;
	}
	return best;
}

/* Whether it was tried to connect for ${t}, and nothing came of it: what began
 * before it was there says nothing of the server now. The first connection is
 * tried for all lanes. */
static bool
is_in_vain(
	const struct db_pool *p, enum db_lane lane, const struct db_ticket *t)
{
	const struct db_conn *first = &p->conns[0];
	bool has_failed =
		first->state == CONN_DOWN && first->failed_ms > t->since_ms;

	for (unsigned i = 0; i < p->n_conns; i++) {
		const struct db_conn *c = &p->conns[i];

		if (c->lane != lane)
			continue;
		if (c->state != CONN_DOWN)
			return false;
		has_failed = has_failed || c->failed_ms > t->since_ms;
	}
	return has_failed;
}

static struct db_ticket *
next_waiting(struct lane *l)
{
	struct db_ticket *t = TAILQ_FIRST(&l->waiting);

	TAILQ_REMOVE(&l->waiting, t, link);
	l->n_waiting--;
	return t;
}

/* Send what waits, or end it if there is no connection to be had. */
static void
pump(struct db_pool *p, enum db_lane lane)
{
	struct lane *l = &p->lanes[lane];
	struct db_conn *c;

	while (l->n_waiting > 0) {
		c = pick(p, lane);
		if (c != NULL && c->n_flying < l->depth)
			db_conn_send(c, next_waiting(l));
		else if (c == NULL &&
			 is_in_vain(p, lane, TAILQ_FIRST(&l->waiting)))
			db_ticket_end(next_waiting(l), DB_UNSENT);
		else
			break;
	}
}

static void
pump_all(struct db_pool *p)
{
	for (unsigned i = 0; i < DB_LANES; i++)
		pump(p, (enum db_lane)i);
}

/* Who waited as long as a statement may take is told so: with a lock that
 * nobody gives up, all before him would be given up first. */
static void
expire(struct db_pool *p, enum db_lane lane)
{
	struct lane *l = &p->lanes[lane];
	unsigned limit_ms = pick(p, lane) != NULL ? p->config.statement_ms
						  : p->config.patience_ms;

	while (l->n_waiting > 0 &&
		p->now_ms - TAILQ_FIRST(&l->waiting)->since_ms > limit_ms)
		db_ticket_end(next_waiting(l), DB_UNSENT);
}

static void
check(const struct db_request *request)
{
	assert(request->n_calls > 0 && request->n_calls <= DB_CALLS_MAX);
	for (unsigned i = 0; i < request->n_calls; i++)
		assert(db_query_row(request->calls[i].query)->lane ==
			request->lane);
}

static int
admit(struct db_pool *p, const struct db_request *request, struct err *e)
{
	if (p->lanes[request->lane].n_waiting < p->config.waiting_max)
		return 0;
	if (pick(p, request->lane) == NULL)
		return err_set(e, ERR_UNAVAILABLE, "", "the database is away");
	return err_set(e, ERR_TOO_MANY, "", "too many requests wait");
}

struct db_ticket *
db_submit(struct db_pool *p, const struct db_request *request, struct err *e)
{
	struct lane *l;
	struct db_ticket *t;
	struct db_conn *c;

	check(request);
	if (admit(p, request, e) != 0)
		return NULL;
	l = &p->lanes[request->lane];
	c = pick(p, request->lane);
	t = db_ticket_new();
	t->pool = p;
	t->since_ms = p->now_ms;
	t->request = *request;
	if (c != NULL && l->n_waiting == 0 && c->n_flying < l->depth) {
		db_conn_send(c, t);
	} else {
		TAILQ_INSERT_TAIL(&l->waiting, t, link);
		l->n_waiting++;
	}
	return t;
}

void
db_drop(struct db_ticket *t)
{
	struct lane *l;

	if (t == NULL)
		return;
	t->request.done = NULL;
	if (t->is_sent)
		return;
	l = &t->pool->lanes[t->request.lane];
	TAILQ_REMOVE(&l->waiting, t, link);
	l->n_waiting--;
	free(t);
}

static void
wake_done(void *cookie, const struct db_reply *reply)
{
	struct db_pool *p = cookie;

	/* A lost one is not repeated: listeners poll as a safety net. */
	(void)reply;
	p->wake = NULL;
}

/* The NOTIFY that is due: after the commits, in a transaction of its own (in
 * theirs it would serialise them), on a connection that is never busy. */
static void
send_wake(struct db_pool *p, uint64_t now_ms)
{
	const struct db_request wake = {.lane = DB_BELL,
		.n_calls = 1,
		.calls = &wake_call,
		.done = wake_done,
		.cookie = p};
	struct err e;

	if (!p->is_wake_due || p->wake != NULL || pick(p, DB_BELL) == NULL)
		return; /* the bell's next on_ready asks again */
	if (now_ms - p->wake_ms < p->config.wake_gap_ms) {
		p->hooks.turn(p->hooks.cookie,
			p->config.wake_gap_ms -
				(unsigned)(now_ms - p->wake_ms));
		return;
	}
	p->wake_ms = now_ms;
	p->wake = db_submit(p, &wake, &e);
	p->is_wake_due = p->wake == NULL;
}

static void
ask_wake(struct db_pool *p, struct db_conn *c)
{
	p->is_wake_due = p->is_wake_due || c->is_wake_due;
	c->is_wake_due = false;
	if (p->is_wake_due && p->wake == NULL)
		p->hooks.turn(p->hooks.cookie, 0);
}

/* One that is back shows that the others need not wait any longer. */
static void
hurry_others(struct db_pool *p)
{
	for (unsigned i = 0; i < p->n_conns; i++) {
		struct db_conn *c = &p->conns[i];

		if (c->state != CONN_DOWN)
			continue;
		c->attempts = 0;
		c->now_ms = p->now_ms;
		db_conn_tick(c, false);
	}
}

static bool
is_away(const struct db_pool *p)
{
	for (unsigned i = 0; i < p->n_conns; i++)
		if (p->conns[i].state == CONN_READY)
			return false;
	return true;
}

static bool
has_waiting(const struct db_pool *p)
{
	for (unsigned i = 0; i < DB_LANES; i++)
		if (p->lanes[i].n_waiting > 0)
			return true;
	return false;
}

/* While the server is away only the first connection is tried: looking up a
 * name stops the process, and once is enough to know. */
static void
tick_conns(struct db_pool *p)
{
	const bool was_away = is_away(p);
	const bool is_any_wanted = was_away && has_waiting(p);

	for (unsigned i = 0; i < p->n_conns; i++) {
		struct db_conn *c = &p->conns[i];
		const struct lane *l = &p->lanes[c->lane];
		bool is_wanted = l->n_waiting > 0 && l->first == i;

		c->now_ms = p->now_ms;
		if (was_away && i > 0 && c->state == CONN_DOWN)
			continue;
		db_conn_tick(c, is_wanted || (i == 0 && is_any_wanted));
	}
}

void
db_pool_on_ready(struct db_pool *p, unsigned slot, uint64_t now_ms)
{
	struct db_conn *c = &p->conns[slot];
	bool was_ready = c->state == CONN_READY;

	p->now_ms = now_ms;
	c->now_ms = now_ms;
	db_conn_on_ready(c);
	if (!was_ready && c->state == CONN_READY)
		hurry_others(p);
	pump(p, c->lane);
	ask_wake(p, c);
}

void
db_pool_tick(struct db_pool *p, uint64_t now_ms)
{
	p->now_ms = now_ms;
	tick_conns(p);
	pump_all(p);
	for (unsigned i = 0; i < DB_LANES; i++)
		expire(p, (enum db_lane)i);
}

void
db_pool_turn(struct db_pool *p, uint64_t now_ms)
{
	p->now_ms = now_ms;
	for (unsigned i = 0; i < p->n_conns; i++) {
		p->conns[i].now_ms = now_ms;
		if (p->conns[i].is_broken)
			db_conn_tick(&p->conns[i], false);
	}
	pump_all(p);
	send_wake(p, now_ms);
}

void
db_pool_free(struct db_pool *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < p->n_conns; i++)
		db_conn_lost(&p->conns[i], "closing");
	for (unsigned i = 0; i < DB_LANES; i++)
		while (p->lanes[i].n_waiting > 0)
			db_ticket_end(next_waiting(&p->lanes[i]), DB_UNSENT);
	free(p);
}
