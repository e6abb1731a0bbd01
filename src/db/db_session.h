/* SPDX-License-Identifier: Apache-2.0 */
/* What all connections to PostgreSQL have in common. Private to room db. */
#ifndef DB_SESSION_H
#define DB_SESSION_H

#include "db/db_query.h"

struct pg_conn; /* libpq's PGconn */

struct db_session {
	const char *conninfo;
	const char *app_name;
	enum db_lane lane; /* DB_READ: its transactions cannot write */
	unsigned statement_ms;
};

/** Begin to connect; never NULL, PQstatus tells. Notices are swallowed. */
struct pg_conn *db_session_start(const struct db_session *session);

/* Senders: false if the connection broke; the answer comes later. */
bool db_session_send_prepare(struct pg_conn *pg, enum db_query query);
bool db_session_send_listen(struct pg_conn *pg, const char *channel);
bool db_session_send_call(struct pg_conn *pg, const struct db_call *call);

bool db_session_is_good(const struct pg_result *result);

/**
 * Whether error ${result} proves that its transaction left nothing.  ERROR
 * does; FATAL, or an error that libpq made up, may come after the commit.
 */
bool db_session_is_refusal(const struct pg_result *result);

/** Make ${reply} say so; it borrows from ${error}. */
void db_session_refuse(struct db_reply *reply, const struct pg_result *error);

#endif
