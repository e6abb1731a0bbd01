/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for PostgreSQL with a deadline, so that a server that falls silent
 * cannot hang a thread. Private to room db. */
#ifndef DB_SYNC_H
#define DB_SYNC_H

#include "base/base_err.h"
#include "db/db_session.h"

/** The monotonic time ${delay_ms} from now, in milliseconds. */
uint64_t db_sync_deadline(unsigned delay_ms);

/** Connect. -1 with UNAVAILABLE. */
int db_sync_open(const struct db_session *session, uint64_t deadline_ms,
	struct pg_conn **out, struct err *e);

/** Wait for poll's ${events} on ${pg}: 1; or 0 if the time is over or
 * ${other_fd} (-1: none) is readable. */
int db_sync_wait(
	struct pg_conn *pg, short events, int other_fd, uint64_t deadline_ms);

/**
 * Wait until what was sent is over.  0 with its first error or else its last
 * result, to be cleared by the caller; -1 with UNAVAILABLE if the connection
 * is of no use any more: it broke, the time is over, or PostgreSQL ended it.
 */
int db_sync_result(struct pg_conn *pg, uint64_t deadline_ms,
	struct pg_result **out, struct err *e);

/** Fill ${e} with UNAVAILABLE and the first line of ${why}; -1. */
int db_sync_failed(const char *why, struct err *e);

#endif
