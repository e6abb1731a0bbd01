/* SPDX-License-Identifier: Apache-2.0 */
/* One blocking connection: the applier's threads, migrate, first start. */
#ifndef DB_LINK_H
#define DB_LINK_H

#include "base/base_err.h"
#include "db/db_query.h"

struct db_link;

struct db_link_config {
	const char *conninfo;
	const char *app_name;
	const char *listen; /* channel; NULL: none */
	enum db_lane lane;  /* DB_APPLY or DB_OWNER: what is prepared */
	unsigned statement_ms;
	unsigned connect_ms;
};

/** A link that is not connected yet; strings of ${config} must outlive it. */
struct db_link *db_link_new(const struct db_link_config *config);
void db_link_free(struct db_link *link);

/** Connect and prepare unless it is connected. -1 with UNAVAILABLE. Not to be
 * called in a tight loop: the caller paces. */
int db_link_ensure(struct db_link *link, struct err *e);

/**
 * Run one statement in a transaction of its own and wait for the commit;
 * connects if it must, never repeats.  0 if PostgreSQL did it: ${out} has its
 * rows, to be cleared by db_link_clear.  -1, and ${out} is not to be read, with
 * UNAVAILABLE if the connection went (a write may or may not be stored) or it
 * was refused by what passes, as a lock or its time; with CONFLICT if it was a
 * refusal of class RO; else with INTERNAL.
 */
int db_link_run(struct db_link *link, const struct db_call *call,
	struct db_reply *out, struct err *e);
void db_link_clear(struct db_link *link);

/**
 * Wait at most ${timeout_ms} for a NOTIFY, or until fd ${wake_fd} (-1: none)
 * is readable. 1: notified (all pending ones are taken), 0: time or wake_fd,
 * -1 with UNAVAILABLE.
 */
int db_link_wait(
	struct db_link *link, int wake_fd, unsigned timeout_ms, struct err *e);

/* --- schema ------------------------------------------------------------------
 */

/** Number of the newest migration this binary has. */
int db_schema_version(void);

/**
 * Bring the schema to db_schema_version(), each step one transaction, under an
 * advisory lock so that two may start together. ${done}: steps run. -1:
 * UNAVAILABLE, or CONFLICT if the database is newer than this binary, or
 * INTERNAL with the step's name and PostgreSQL's message.  Runs as the owner;
 * makes the schema "roaster".
 */
int db_migrate(const char *conninfo, unsigned *done, struct err *e);

/** Make the login roles roaster_api and roaster_apply if they are missing:
 * for the embedded database only. */
int db_roles(const char *conninfo, struct err *e);

#endif
