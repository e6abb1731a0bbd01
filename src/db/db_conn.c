/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_conn.h"

#include "db/db_session.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#define BACKOFF_MIN_MS 100U
#define BACKOFF_SHIFT_MAX 4U /* 1500 ms: who comes back is soon found */

/* libpq's messages have several lines; the first says it. */
static void
tell(struct db_conn *c, const char *event, const char *why)
{
	char line[256];

	(void)snprintf(
		line, sizeof(line), "%.*s", (int)strcspn(why, "\n"), why);
	c->hooks->log(c->hooks->cookie, event, c->slot, line);
}

static void
watch(struct db_conn *c, unsigned wants)
{
	/* While connecting libpq may have swapped the socket. */
	if (wants == c->wants && c->state != CONN_CONNECTING)
		return;
	c->wants = wants;
	c->hooks->watch(c->hooks->cookie, c->slot, PQsocket(c->pg), wants);
}

static bool
flush(struct db_conn *c)
{
	int rest = PQflush(c->pg);

	if (rest < 0)
		return false;
	watch(c, DB_WANTS_READ | (rest == 1 ? DB_WANTS_WRITE : 0U));
	return true;
}

static enum db_outcome
failure_of(const struct db_conn *c, const struct db_ticket *t)
{
	if (t->error != NULL && db_session_is_refusal(t->error))
		return DB_REFUSED;
	return c->lane == DB_WRITE ? DB_UNKNOWN : DB_UNAVAILABLE;
}

static void
push(struct db_conn *c, struct db_ticket *t)
{
	t->is_sent = true;
	t->since_ms = c->now_ms;
	TAILQ_INSERT_TAIL(&c->flying, t, link);
	if (c->n_flying++ == 0)
		c->since_ms = c->now_ms;
}

static struct db_ticket *
pop(struct db_conn *c)
{
	struct db_ticket *t = TAILQ_FIRST(&c->flying);

	TAILQ_REMOVE(&c->flying, t, link);
	c->n_flying--;
	return t;
}

void
db_conn_lost(struct db_conn *c, const char *why)
{
	if (c->pg == NULL)
		return;
	tell(c, "lost", why);
	PQfinish(c->pg);
	c->pg = NULL;
	if (c->state != CONN_READY) {
		c->failed_ms = c->opened_ms;
		if (c->attempts < BACKOFF_SHIFT_MAX)
			c->attempts++;
	}
	c->state = CONN_DOWN;
	c->since_ms = c->now_ms;
	c->wants = 0;
	c->is_broken = false;
	c->hooks->watch(c->hooks->cookie, c->slot, -1, 0);
	while (c->n_flying > 0) {
		struct db_ticket *t = pop(c);

		db_ticket_end(t, failure_of(c, t));
	}
}

void
db_conn_send(struct db_conn *c, struct db_ticket *t)
{
	bool is_sent = !c->is_broken;

	push(c, t);
	for (unsigned i = 0; i < t->request.n_calls; i++)
		is_sent = is_sent &&
			  db_session_send_call(c->pg, &t->request.calls[i]);
	is_sent = is_sent && PQpipelineSync(c->pg) == 1 && flush(c);
	if (!is_sent) {
		/* Not here: the caller does not expect callbacks. */
		c->is_broken = true;
		c->hooks->turn(c->hooks->cookie, 0);
	}
}

static void
end_preparing(struct db_conn *c, const struct db_ticket *t)
{
	if (t->error != NULL) {
		tell(c, "refused", PQresultErrorMessage(t->error));
		c->is_broken = true;
		return;
	}
	c->state = CONN_READY;
	c->attempts = 0;
	tell(c, "ready", "");
	if (c->lane == DB_BELL)
		c->hooks->notified(c->hooks->cookie, NULL);
}

/* The Sync of the oldest ticket came back: its transaction is over. */
static void
end_oldest(struct db_conn *c)
{
	struct db_ticket *t = pop(c);

	if (c->state == CONN_PREPARING)
		end_preparing(c, t);
	if (t->error == NULL && t->request.is_wake)
		c->is_wake_due = true;
	db_ticket_end(t, t->error == NULL ? DB_DONE : failure_of(c, t));
}

static void
take(struct db_conn *c, PGresult *result)
{
	struct db_ticket *t = TAILQ_FIRST(&c->flying);
	ExecStatusType status = PQresultStatus(result);
	bool is_good = db_session_is_good(result);

	if (status == PGRES_PIPELINE_SYNC) {
		PQclear(result);
		end_oldest(c);
	} else if (is_good && t->n_results < t->request.n_calls) {
		t->results[t->n_results++] = result;
	} else if (!is_good && status != PGRES_PIPELINE_ABORTED &&
		   t->error == NULL) {
		/* Also one that comes after all rows: of the commit. */
		t->error = result;
	} else {
		PQclear(result);
	}
}

static void
drain(struct db_conn *c)
{
	unsigned nulls = 0; /* one ends a statement, two: nothing more */

	while (c->n_flying > 0 && nulls < 2 && PQisBusy(c->pg) == 0) {
		PGresult *result = PQgetResult(c->pg);

		nulls = result == NULL ? nulls + 1 : 0;
		if (result != NULL)
			take(c, result);
	}
}

static void
ring(struct db_conn *c)
{
	PGnotify *note;

	while ((note = PQnotifies(c->pg)) != NULL) {
		c->hooks->notified(c->hooks->cookie, note->extra);
		PQfreemem(note);
	}
}

static bool
send_statements(struct db_conn *c)
{
	bool is_sent = true;

	for (unsigned i = 0; i < DB_QUERY_COUNT; i++) {
		if (db_query_row((enum db_query)i)->lane == c->lane)
			is_sent = is_sent && db_session_send_prepare(
						     c->pg, (enum db_query)i);
	}
	if (c->lane == DB_BELL && c->config->listen != NULL)
		is_sent = is_sent &&
			  db_session_send_listen(c->pg, c->config->listen);
	return is_sent && PQpipelineSync(c->pg) == 1;
}

/* Connected: prepare everything in one transaction, as a ticket of our own. */
static void
prepare(struct db_conn *c)
{
	c->state = CONN_PREPARING;
	push(c, db_ticket_new());
	if (PQsetnonblocking(c->pg, 1) != 0 ||
		PQenterPipelineMode(c->pg) != 1 || !send_statements(c) ||
		!flush(c))
		db_conn_lost(c, PQerrorMessage(c->pg));
}

static void
connect_step(struct db_conn *c, PostgresPollingStatusType step)
{
	if (step == PGRES_POLLING_OK)
		prepare(c);
	else if (step == PGRES_POLLING_FAILED)
		db_conn_lost(c, PQerrorMessage(c->pg));
	else
		watch(c, step == PGRES_POLLING_READING ? DB_WANTS_READ
						       : DB_WANTS_WRITE);
}

static void
on_notice(void *cookie, const PGresult *notice)
{
	tell(cookie, "notice", PQresultErrorMessage(notice));
}

static void
open_conn(struct db_conn *c)
{
	const struct db_session session = {c->config->conninfo,
		c->config->app_name, c->lane, c->config->statement_ms};
	const uint64_t began_ms = c->hooks->clock_ms(c->hooks->cookie);

	c->state = CONN_CONNECTING;
	c->opened_ms = c->now_ms;
	c->pg = db_session_start(&session);
	/* To look up its name may have taken long: time counts from now. */
	c->now_ms += c->hooks->clock_ms(c->hooks->cookie) - began_ms;
	c->since_ms = c->now_ms;
	(void)PQsetNoticeReceiver(c->pg, on_notice, c);
	connect_step(c, PQstatus(c->pg) == CONNECTION_BAD
				? PGRES_POLLING_FAILED
				: PGRES_POLLING_WRITING);
}

void
db_conn_on_ready(struct db_conn *c)
{
	bool is_alive;

	if (c->state == CONN_CONNECTING)
		connect_step(c, PQconnectPoll(c->pg));
	if (c->state < CONN_PREPARING)
		return;
	c->since_ms = c->now_ms;
	is_alive = PQconsumeInput(c->pg) == 1;
	drain(c); /* also of a dead one: Syncs that arrived are commits */
	ring(c);
	if (!is_alive || c->is_broken || PQstatus(c->pg) != CONNECTION_OK ||
		!flush(c))
		db_conn_lost(c, PQerrorMessage(c->pg));
}

/* Reads are many on one connection. If each of them waits for a lock, answers
 * keep coming and the last one would wait for the sum of all. */
static bool
is_stuck(const struct db_conn *c)
{
	const struct db_ticket *oldest = TAILQ_FIRST(&c->flying);
	uint64_t since_ms = c->since_ms;

	if (c->state != CONN_READY || oldest == NULL)
		return false;
	if (c->lane == DB_READ)
		since_ms = oldest->since_ms;
	return c->now_ms - since_ms > c->config->silence_ms;
}

void
db_conn_tick(struct db_conn *c, bool is_wanted)
{
	uint64_t age_ms = c->now_ms - c->since_ms;
	unsigned wait_ms = (BACKOFF_MIN_MS << c->attempts) - BACKOFF_MIN_MS;

	if (is_wanted && wait_ms > BACKOFF_MIN_MS)
		wait_ms = BACKOFF_MIN_MS;
	if (c->state == CONN_DOWN && age_ms >= wait_ms)
		open_conn(c);
	else if (c->is_broken)
		db_conn_lost(c, PQerrorMessage(c->pg));
	else if (is_stuck(c))
		db_conn_lost(c, "no answer in time");
	else if ((c->state == CONN_CONNECTING || c->state == CONN_PREPARING) &&
		 age_ms > c->config->connect_ms)
		db_conn_lost(c, "no connection in time");
}
