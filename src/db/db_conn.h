/* SPDX-License-Identifier: Apache-2.0 */
/* One connection in pipeline mode. Private to room db. */
#ifndef DB_CONN_H
#define DB_CONN_H

#include "db/db_pool.h"

#include <sys/queue.h>

TAILQ_HEAD(db_tickets, db_ticket);

struct db_ticket {
	TAILQ_ENTRY(db_ticket) link;
	struct db_pool *pool;      /* NULL: preparing a connection */
	bool is_sent;              /* else it waits in its lane */
	uint64_t since_ms;         /* of that */
	struct db_request request; /* done is NULL once dropped */
	struct pg_result *error;   /* first one of the transaction */
	struct pg_result *results[DB_CALLS_MAX];
	unsigned n_results;
};

enum db_conn_state { CONN_DOWN, CONN_CONNECTING, CONN_PREPARING, CONN_READY };

struct db_conn {
	const struct db_config *config;
	const struct db_hooks *hooks;
	struct pg_conn *pg; /* NULL: down */
	enum db_conn_state state;
	enum db_lane lane;
	unsigned slot;
	unsigned wants;
	unsigned attempts; /* without success */
	unsigned n_flying;
	bool is_broken;   /* a send failed; the next turn or tick closes it */
	bool is_wake_due; /* a request that asked for it was committed */
	uint64_t now_ms;
	uint64_t since_ms; /* of the state, or of the last sign of life */
	uint64_t opened_ms;
	uint64_t failed_ms; /* when the last one began that failed; or 0 */
	struct db_tickets flying; /* sent, in the order of their Syncs */
};

/** Zeroed and empty; out of memory aborts. */
struct db_ticket *db_ticket_new(void);

/** Call done unless dropped, free ${t}, which is in no list any more. */
void db_ticket_end(struct db_ticket *t, enum db_outcome outcome);

/** Send all calls of ${t} and a Sync; ${c} must be CONN_READY. */
void db_conn_send(struct db_conn *c, struct db_ticket *t);

/** Read what is there, end the tickets whose Sync arrived. */
void db_conn_on_ready(struct db_conn *c);

/** Reconnect when it is time, or soon if somebody waits for it (${is_wanted});
 * close what is broken, late or silent. */
void db_conn_tick(struct db_conn *c, bool is_wanted);

/** Close and end all tickets in flight; db_conn_tick opens it again. */
void db_conn_lost(struct db_conn *c, const char *why);

#endif
