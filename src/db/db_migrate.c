/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_link.h"
#include "db/db_sync.h"
#include "fail/fail.h"

#include <libpq-fe.h>
#include <stdio.h>

#define CONNECT_MS 10000U
/* A step may rewrite a big table, or wait for one that another server runs. */
#define STEP_MS 600000U

static const struct step {
	int number;
	const char *name;
	const char *text;
} steps[] = {
#define MIGRATION(number, name, text) {number, name, text},
#include "sql.inc"
#undef MIGRATION
};

static const struct step *
newest(void)
{
	return &steps[COUNT_OF(steps) - 1];
}

int
db_schema_version(void)
{
	return newest()->number;
}

/* Wait for what was sent; ${what} it was stands in the error. */
static int
await(struct pg_conn *pg, const char *what, struct pg_result **out,
	struct err *e)
{
	struct pg_result *result = NULL;

	if (db_sync_result(pg, db_sync_deadline(STEP_MS), &result, e) != 0)
		return -1;
	if (db_session_is_good(result)) {
		*out = result;
		return 0;
	}
	(void)err_set(e, ERR_INTERNAL, "", "%s: %s", what,
		PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	PQclear(result);
	return -1;
}

/* ${sql} is a constant, of one statement or many. */
static int
execute(struct pg_conn *pg, const char *what, const char *sql, struct err *e)
{
	struct pg_result *result = NULL;

	if (PQsendQuery(pg, sql) != 1)
		return db_sync_failed(PQerrorMessage(pg), e);
	if (await(pg, what, &result, e) != 0)
		return -1;
	PQclear(result);
	return 0;
}

/* The newest step that was done, name in ${arena}; ${out} stays if none. */
static int
read_version(struct pg_conn *pg, struct arena *arena, struct step *out,
	struct err *e)
{
	struct pg_result *result = NULL;
	struct db_reply reply = {.n_results = 1, .results = &result};

	if (PQsendQuery(pg, "SELECT number, name FROM schema_version"
			    " ORDER BY number DESC LIMIT 1") != 1)
		return db_sync_failed(PQerrorMessage(pg), e);
	if (await(pg, "read the schema's version", &result, e) != 0)
		return -1;
	if (db_rows(&reply, 0) > 0) {
		out->number = (int)db_column_int(&reply, 0, 0, 0, 0);
		out->name = db_column(arena, &reply, 0, 0, 1);
	}
	PQclear(result);
	return 0;
}

/* Locked until the connection ends. IF NOT EXISTS asks for a right to make
 * schemas even where there is nothing to make. */
static int
prepare_schema(struct pg_conn *pg, struct err *e)
{
	return execute(pg, "make the schema",
		"SELECT pg_advisory_lock(8206445140917354273);"
		"DO $$ BEGIN IF to_regnamespace('roaster') IS NULL THEN"
		" CREATE SCHEMA roaster; END IF; END $$;"
		"CREATE TABLE IF NOT EXISTS roaster.schema_version ("
		" number integer PRIMARY KEY, name text NOT NULL,"
		" at timestamptz NOT NULL DEFAULT now())",
		e);
}

static int
note_version(struct pg_conn *pg, const struct step *step, struct err *e)
{
	struct pg_result *result = NULL;
	char number[12];
	const char *values[] = {number, step->name};

	(void)snprintf(number, sizeof(number), "%d", step->number);
	if (PQsendQueryParams(pg,
		    "INSERT INTO schema_version (number, name) VALUES ($1, $2)",
		    2, NULL, values, NULL, NULL, 0) != 1)
		return db_sync_failed(PQerrorMessage(pg), e);
	if (await(pg, step->name, &result, e) != 0)
		return -1;
	PQclear(result);
	return 0;
}

/* After a failure the transaction dies with the connection. */
static int
run_step(struct pg_conn *pg, const struct step *step, struct err *e)
{
	if (execute(pg, step->name,
		    "BEGIN; SET LOCAL search_path = roaster, pg_temp",
		    e) != 0 ||
		execute(pg, step->name, step->text, e) != 0 ||
		note_version(pg, step, e) != 0)
		return -1;
	return execute(pg, step->name, "COMMIT", e);
}

static int
run_steps(struct pg_conn *pg, int from, unsigned *done, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		if (steps[i].number <= from)
			continue;
		if (run_step(pg, &steps[i], e) != 0)
			return -1;
		(*done)++;
		FAILPOINT(db_step_migrated);
	}
	return 0;
}

static int
migrate(struct pg_conn *pg, struct arena *arena, unsigned *done, struct err *e)
{
	struct step have = {.number = 0};

	if (prepare_schema(pg, e) != 0 ||
		read_version(pg, arena, &have, e) != 0)
		return -1;
	if (have.number > newest()->number)
		return err_set(e, ERR_CONFLICT, "",
			"the database has schema %d (%s), this roasterd knows"
			" %d (%s) at most; use a newer roasterd",
			have.number, have.name, newest()->number,
			newest()->name);
	return run_steps(pg, have.number, done, e);
}

static int
open_owner(const char *conninfo, struct pg_conn **out, struct err *e)
{
	const struct db_session session = {
		conninfo, "roasterd migrate", DB_OWNER, STEP_MS};

	return db_sync_open(&session, db_sync_deadline(CONNECT_MS), out, e);
}

int
db_migrate(const char *conninfo, unsigned *done, struct err *e)
{
	struct pg_conn *pg = NULL;
	struct arena *arena;
	int rc;

	*done = 0;
	if (open_owner(conninfo, &pg, e) != 0)
		return -1;
	arena = arena_new();
	rc = migrate(pg, arena, done, e);
	arena_free(arena);
	PQfinish(pg);
	return rc;
}

/* Two that start together both find a role missing; one is late. */
#define MAKE_ROLE(name)                                         \
	"BEGIN CREATE ROLE " name " LOGIN;"                     \
	" EXCEPTION WHEN duplicate_object OR unique_violation " \
	"THEN NULL; END;"

int
db_roles(const char *conninfo, struct err *e)
{
	struct pg_conn *pg = NULL;
	int rc;

	if (open_owner(conninfo, &pg, e) != 0)
		return -1;
	rc = execute(pg, "make the roles",
		"DO $$ BEGIN " MAKE_ROLE("roaster_api")
			MAKE_ROLE("roaster_apply") " END $$",
		e);
	PQfinish(pg);
	return rc;
}
