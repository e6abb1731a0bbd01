/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_link.h"

#include "db/db_sync.h"

#include <assert.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* The server's own timeout comes first; beyond that it is silent. */
#define GRACE_MS 3000U

struct db_link {
	struct db_link_config config;
	struct pg_conn *pg;       /* NULL: not connected */
	struct pg_result *result; /* of the last run */
	bool is_deaf_before;      /* nobody listened until now */
};

struct db_link *
db_link_new(const struct db_link_config *config)
{
	struct db_link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		abort();
	link->config = *config;
	return link;
}

void
db_link_clear(struct db_link *link)
{
	PQclear(link->result);
	link->result = NULL;
}

static void
hang_up(struct db_link *link)
{
	PQfinish(link->pg);
	link->pg = NULL;
}

void
db_link_free(struct db_link *link)
{
	if (link == NULL)
		return;
	db_link_clear(link);
	hang_up(link);
	free(link);
}

/* Of something that goes with connecting: an ERROR is as bad as silence. */
static int
await_good(
	struct pg_conn *pg, bool is_sent, uint64_t deadline_ms, struct err *e)
{
	struct pg_result *result = NULL;
	int rc = 0;

	if (!is_sent)
		return db_sync_failed(PQerrorMessage(pg), e);
	if (db_sync_result(pg, deadline_ms, &result, e) != 0)
		return -1;
	if (!db_session_is_good(result))
		rc = db_sync_failed(PQresultErrorMessage(result), e);
	PQclear(result);
	return rc;
}

static int
set_up(struct db_link *link, uint64_t deadline_ms, struct err *e)
{
	const char *channel = link->config.listen;
	struct pg_conn *pg = link->pg;

	for (unsigned i = 0; i < DB_QUERY_COUNT; i++) {
		enum db_query query = (enum db_query)i;

		if (db_query_row(query)->lane != link->config.lane)
			continue;
		if (await_good(pg, db_session_send_prepare(pg, query),
			    deadline_ms, e) != 0)
			return -1;
	}
	if (channel == NULL)
		return 0;
	return await_good(
		pg, db_session_send_listen(pg, channel), deadline_ms, e);
}

int
db_link_ensure(struct db_link *link, struct err *e)
{
	const struct db_session session = {link->config.conninfo,
		link->config.app_name, link->config.lane,
		link->config.statement_ms};
	uint64_t deadline_ms = db_sync_deadline(link->config.connect_ms);

	if (link->pg != NULL)
		return 0;
	if (db_sync_open(&session, deadline_ms, &link->pg, e) != 0)
		return -1;
	if (set_up(link, deadline_ms, e) != 0) {
		hang_up(link);
		return -1;
	}
	link->is_deaf_before = link->config.listen != NULL;
	return 0;
}

static int
run(struct db_link *link, const struct db_call *call, struct err *e)
{
	uint64_t deadline_ms =
		db_sync_deadline(link->config.statement_ms + GRACE_MS);

	if (!db_session_send_call(link->pg, call))
		return db_sync_failed(PQerrorMessage(link->pg), e);
	return db_sync_result(link->pg, deadline_ms, &link->result, e);
}

/* What may be done the next time, by class: a lost race for a lock, want of
 * room, an object in use, somebody who stopped it, the machine; and a standby,
 * which only reads. */
static bool
is_passing(const char *sqlstate)
{
	static const char *const begins[] = {
		"40", "53", "55", "57", "58", "25006"};

	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		if (strncmp(sqlstate, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

/* What was refused has no rows; nobody is to take that for an answer. */
static int
refused(const struct pg_result *result, struct err *e)
{
	struct db_reply reply;

	db_session_refuse(&reply, result);
	if (strncmp(reply.sqlstate, "RO", 2) == 0)
		return err_set(e, ERR_CONFLICT, "", "%s", reply.message);
	return err_set(e,
		is_passing(reply.sqlstate) ? ERR_UNAVAILABLE : ERR_INTERNAL, "",
		"the database refused: %s", reply.message);
}

int
db_link_run(struct db_link *link, const struct db_call *call,
	struct db_reply *out, struct err *e)
{
	assert(db_query_row(call->query)->lane == link->config.lane);
	db_link_clear(link);
	if (db_link_ensure(link, e) != 0)
		return -1;
	if (run(link, call, e) != 0) {
		hang_up(link);
		return -1;
	}
	if (!db_session_is_good(link->result)) {
		(void)refused(link->result, e);
		db_link_clear(link);
		return -1;
	}
	*out = (struct db_reply){.outcome = DB_DONE,
		.sqlstate = "",
		.message = "",
		.n_results = 1,
		.results = &link->result};
	return 0;
}

static bool
take_notifies(struct db_link *link)
{
	bool is_notified = link->is_deaf_before;
	PGnotify *note;

	link->is_deaf_before = false;
	while ((note = PQnotifies(link->pg)) != NULL) {
		is_notified = true;
		PQfreemem(note);
	}
	return is_notified;
}

int
db_link_wait(
	struct db_link *link, int wake_fd, unsigned timeout_ms, struct err *e)
{
	uint64_t deadline_ms = db_sync_deadline(timeout_ms);

	if (db_link_ensure(link, e) != 0)
		return -1;
	while (!take_notifies(link)) {
		if (db_sync_wait(link->pg, POLLIN, wake_fd, deadline_ms) == 0)
			return 0;
		if (PQconsumeInput(link->pg) == 0) {
			(void)db_sync_failed(PQerrorMessage(link->pg), e);
			hang_up(link);
			return -1;
		}
	}
	return 1;
}
