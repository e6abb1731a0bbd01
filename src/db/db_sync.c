/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sync.h"

#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>

static uint64_t
monotonic_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

uint64_t
db_sync_deadline(unsigned delay_ms)
{
	return monotonic_ms() + delay_ms;
}

static int
rest_of(uint64_t deadline_ms)
{
	uint64_t now_ms = monotonic_ms();

	if (now_ms >= deadline_ms)
		return 0;
	return deadline_ms - now_ms > INT_MAX ? INT_MAX
					      : (int)(deadline_ms - now_ms);
}

int
db_sync_failed(const char *why, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "", "the database is away: %.*s",
		(int)strcspn(why, "\n"), why);
}

int
db_sync_wait(
	struct pg_conn *pg, short events, int other_fd, uint64_t deadline_ms)
{
	struct pollfd fds[] = {
		{.fd = PQsocket(pg), .events = events},
		{.fd = other_fd, .events = POLLIN}, /* poll skips -1 */
	};
	int rest_ms;

	do {
		rest_ms = rest_of(deadline_ms);
		if (poll(fds, 2, rest_ms) > 0)
			return fds[0].revents != 0;
	} while (rest_ms > 0); /* a signal, or woken a little early */
	return 0;
}

static PostgresPollingStatusType
connect_steps(struct pg_conn *pg, uint64_t deadline_ms)
{
	PostgresPollingStatusType step = PQstatus(pg) == CONNECTION_BAD
						 ? PGRES_POLLING_FAILED
						 : PGRES_POLLING_WRITING;
	short events;

	while (step == PGRES_POLLING_READING || step == PGRES_POLLING_WRITING) {
		events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		if (db_sync_wait(pg, events, -1, deadline_ms) == 0)
			break;
		step = PQconnectPoll(pg);
	}
	return step;
}

int
db_sync_open(const struct db_session *session, uint64_t deadline_ms,
	struct pg_conn **out, struct err *e)
{
	struct pg_conn *pg = db_session_start(session);
	PostgresPollingStatusType step = connect_steps(pg, deadline_ms);

	if (step == PGRES_POLLING_OK && PQsetnonblocking(pg, 1) == 0) {
		*out = pg;
		return 0;
	}
	(void)db_sync_failed(step == PGRES_POLLING_FAILED
				     ? PQerrorMessage(pg)
				     : "no connection in time",
		e);
	PQfinish(pg);
	return -1;
}

/* Until PQgetResult would not block. */
static int
fetch(struct pg_conn *pg, uint64_t deadline_ms, struct err *e)
{
	int rest;
	short events;

	while ((rest = PQflush(pg)) == 1 || PQisBusy(pg) == 1) {
		events = rest == 1 ? POLLIN | POLLOUT : POLLIN;
		if (db_sync_wait(pg, events, -1, deadline_ms) == 0)
			return db_sync_failed("no answer in time", e);
		/* What arrived before the end is still to be taken. */
		if (PQconsumeInput(pg) == 0 && PQisBusy(pg) == 1)
			break;
	}
	return PQisBusy(pg) == 1 ? db_sync_failed(PQerrorMessage(pg), e) : 0;
}

/* The first error wins, else the last result. */
static void
keep(struct pg_result **best, struct pg_result *next)
{
	if (*best != NULL && !db_session_is_good(*best)) {
		PQclear(next);
		return;
	}
	PQclear(*best);
	*best = next;
}

static int
collect(struct pg_conn *pg, uint64_t deadline_ms, struct pg_result **best,
	struct err *e)
{
	struct pg_result *next;

	do {
		if (fetch(pg, deadline_ms, e) != 0)
			return -1;
		next = PQgetResult(pg);
		if (next != NULL)
			keep(best, next);
	} while (next != NULL);
	if (*best == NULL)
		return db_sync_failed(PQerrorMessage(pg), e);
	if (!db_session_is_good(*best) && !db_session_is_refusal(*best))
		return db_sync_failed(PQresultErrorMessage(*best), e);
	return 0;
}

int
db_sync_result(struct pg_conn *pg, uint64_t deadline_ms, struct pg_result **out,
	struct err *e)
{
	struct pg_result *best = NULL;

	if (collect(pg, deadline_ms, &best, e) != 0) {
		PQclear(best);
		return -1;
	}
	*out = best;
	return 0;
}
