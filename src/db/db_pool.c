/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pool.h"

#include "db/db_conn.h"

#include <assert.h>
#include <stdlib.h>

/* A first connection takes some 10 ms; one that takes longer is no reason to
 * keep a client waiting. */
#define OPENING_MS 1000U

struct lane {
	struct db_tickets waiting;
	unsigned n_waiting;
	unsigned depth; /* in flight on one connection */
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

/* Whether a connection that never failed is being opened: requests that come
 * before it is ready wait for it. */
static bool
is_opening(const struct db_pool *p, enum db_lane lane)
{
	for (unsigned i = 0; i < p->n_conns; i++) {
		const struct db_conn *c = &p->conns[i];

		if (c->lane == lane && c->attempts == 0 &&
			(c->state == CONN_CONNECTING ||
				c->state == CONN_PREPARING) &&
			c->now_ms - c->since_ms < OPENING_MS)
			return true;
	}
	return false;
}

static struct db_ticket *
next_waiting(struct lane *l)
{
	struct db_ticket *t = TAILQ_FIRST(&l->waiting);

	TAILQ_REMOVE(&l->waiting, t, link);
	l->n_waiting--;
	return t;
}

/* Send what waits, or end it if no connection is left and none comes. */
static void
pump(struct db_pool *p, enum db_lane lane)
{
	struct lane *l = &p->lanes[lane];
	struct db_conn *c;

	while (l->n_waiting > 0) {
		c = pick(p, lane);
		if (c != NULL && c->n_flying < l->depth)
			db_conn_send(c, next_waiting(l));
		else if (c == NULL && !is_opening(p, lane))
			db_ticket_end(next_waiting(l), DB_UNAVAILABLE);
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

/* Who waited for a connection as long as a statement may take is told so: with
 * a lock that nobody gives up, all before him would be given up first. */
static void
expire(struct db_pool *p, enum db_lane lane)
{
	struct lane *l = &p->lanes[lane];

	while (l->n_waiting > 0 &&
		p->now_ms - TAILQ_FIRST(&l->waiting)->since_ms >
			p->config.statement_ms)
		db_ticket_end(next_waiting(l), DB_UNAVAILABLE);
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
	if (pick(p, request->lane) == NULL && !is_opening(p, request->lane))
		return err_set(e, ERR_UNAVAILABLE, "", "the database is away");
	if (p->lanes[request->lane].n_waiting >= p->config.waiting_max)
		return err_set(e, ERR_TOO_MANY, "", "too many requests wait");
	return 0;
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

void
db_pool_on_ready(struct db_pool *p, unsigned slot, uint64_t now_ms)
{
	struct db_conn *c = &p->conns[slot];

	p->now_ms = now_ms;
	c->now_ms = now_ms;
	db_conn_on_ready(c);
	pump(p, c->lane);
	ask_wake(p, c);
}

void
db_pool_tick(struct db_pool *p, uint64_t now_ms)
{
	p->now_ms = now_ms;
	for (unsigned i = 0; i < p->n_conns; i++) {
		p->conns[i].now_ms = now_ms;
		db_conn_tick(&p->conns[i]);
	}
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
			db_conn_tick(&p->conns[i]);
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
	pump_all(p);
	free(p);
}
