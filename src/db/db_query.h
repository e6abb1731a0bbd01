/* SPDX-License-Identifier: Apache-2.0 */
/* The statements: one file each in sql/queries, embedded at build time. */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include "base/base_arena.h"
#include "base/base_bytes.h"

#include <stdbool.h>
#include <stdint.h>

/* A lane is a set of connections with the same job. Reads never queue behind
 * writes; the bell (LISTEN, NOTIFY) never queues behind either. DB_APPLY
 * statements run on the applier's own connections only, DB_OWNER ones on that
 * of migrate and first start. */
enum db_lane {
	DB_READ,
	DB_WRITE,
	DB_BELL,
	DB_LANES,
	DB_APPLY = DB_LANES,
	DB_OWNER
};

#define DB_VALUES_MAX 18

/* clang-format off */
/* name of the file in sql/queries, lane, number of parameters */
#define DB_QUERIES(X)                          \
	X(session,                DB_READ,  1)  \
	X(login_account,          DB_READ,  3)  \
	X(account_list,           DB_READ,  0)  \
	X(account_hash,           DB_READ,  1)  \
	X(component_list,         DB_READ,  4)  \
	X(component_list_kind,    DB_READ,  5)  \
	X(component_list_namespace, DB_READ, 5) \
	X(component_list_both,    DB_READ,  6)  \
	X(component_get,          DB_READ,  3)  \
	X(component_endpoints,    DB_READ,  3)  \
	X(component_children,     DB_READ,  3)  \
	X(operation_get,          DB_READ,  1)  \
	X(ready,                  DB_READ,  0)  \
	X(metrics_components,     DB_READ,  0)  \
	X(metrics_operations,     DB_READ,  0)  \
	X(metrics_counters,       DB_READ,  0)  \
	X(token_touch,            DB_WRITE, 1)  \
	X(login_succeed,          DB_WRITE, 9)  \
	X(login_fail,             DB_WRITE, 6)  \
	X(logout,                 DB_WRITE, 3)  \
	X(account_create,         DB_WRITE, 7)  \
	X(account_password,       DB_WRITE, 7)  \
	X(account_delete,         DB_WRITE, 5)  \
	X(component_put,          DB_WRITE, 18) \
	X(component_delete,       DB_WRITE, 8)  \
	X(notify_wake,            DB_BELL,  0)  \
	X(notify_event,           DB_APPLY, 1)  \
	X(apply_claim,            DB_APPLY, 3)  \
	X(apply_record,           DB_APPLY, 13) \
	X(apply_go_on,            DB_APPLY, 13) \
	X(apply_give_back,        DB_APPLY, 2)  \
	X(apply_ended,            DB_APPLY, 1)  \
	X(apply_unseen,           DB_APPLY, 2)  \
	X(apply_heartbeat,        DB_APPLY, 4)  \
	X(apply_reclaim,          DB_APPLY, 1)  \
	X(apply_nudge,            DB_APPLY, 2)  \
	X(apply_spec,             DB_APPLY, 2)  \
	X(apply_secrets,          DB_APPLY, 2)  \
	X(apply_describe,         DB_APPLY, 8)  \
	X(apply_log,              DB_APPLY, 4)  \
	X(apply_count,            DB_APPLY, 3)  \
	X(apply_fact,             DB_APPLY, 2)  \
	X(apply_cluster,          DB_APPLY, 1)  \
	X(apply_namespace,        DB_APPLY, 2)  \
	X(apply_namespace_get,    DB_APPLY, 1)  \
	X(apply_namespace_forget, DB_APPLY, 1)  \
	X(apply_namespaces,       DB_APPLY, 0)  \
	X(admin_ensure,           DB_OWNER, 1)  \
	X(account_reset,          DB_OWNER, 2)
/* clang-format on */

enum db_query {
#define X(name, lane, n_values) DB_QUERY_##name,
	DB_QUERIES(X)
#undef X
		DB_QUERY_COUNT
};

struct db_query_row {
	const char *name;
	const char *sql; /* the file's text */
	enum db_lane lane;
	unsigned n_values; /* at most DB_VALUES_MAX */
};

/** The row of ${query}. */
const struct db_query_row *db_query_row(enum db_query query);

/* One parameter. Text must end in NUL; binary is any bytes (bytea). */
struct db_value {
	const char *data; /* NULL: SQL NULL */
	int bytes;        /* of a binary one */
	bool is_binary;
};

struct db_call {
	enum db_query query;
	const struct db_value *values; /* as many as the statement has */
};

/* Makers of values; memory in ${arena}, texts are borrowed. */
struct db_value db_text(const char *text); /* NULL: SQL NULL */
struct db_value db_int(struct arena *arena, int64_t value);
struct db_value db_bool(bool value);
struct db_value db_bytea(struct bytes value); /* borrowed */
struct db_value db_null(void);

/** A PostgreSQL array of ${count} texts (quoted as array_in wants it). */
struct db_value db_texts(
	struct arena *arena, const char *const *items, size_t count);
struct db_value db_byteas(
	struct arena *arena, const struct bytes *items, size_t count);
struct db_value db_ints(
	struct arena *arena, const int64_t *items, size_t count);

/** A call of ${query} with its values copied into ${arena}. */
struct db_call db_call_make(struct arena *arena, enum db_query query,
	const struct db_value *values);

/* --- replies -------------------------------------------------------------- */

enum db_outcome {
	DB_DONE,    /* committed; the results are there */
	DB_REFUSED, /* PostgreSQL said ERROR; the transaction left nothing */
	DB_UNAVAILABLE, /* the connection went; nothing was stored */
	DB_UNKNOWN,     /* it went with a write in flight: stored or not */
	DB_UNSENT,      /* no connection had room for it in time */
};

struct pg_result; /* libpq's PGresult; opaque outside of room db */

struct db_reply {
	enum db_outcome outcome;
	const char *sqlstate; /* of DB_REFUSED, else "" */
	const char *message;  /* primary message; of class RO: for the user */
	const char *detail;   /* of DB_REFUSED; NULL: none */
	unsigned n_results;   /* the request's n_calls if DB_DONE, else 0 */
	struct pg_result *const *results;
};

/** Number of rows that call ${call} of ${reply} returned. */
size_t db_rows(const struct db_reply *reply, unsigned call);

/** Column ${column} (from 0, order as in the query's header) of a row as text,
 * borrowed from ${reply}; NULL for SQL NULL. */
const char *db_column_view(const struct db_reply *reply, unsigned call,
	size_t row, unsigned column);

/** The same, copied into ${arena}. */
char *db_column(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, unsigned column);

/** The same as a number or truth; ${otherwise} for SQL NULL. */
int64_t db_column_int(const struct db_reply *reply, unsigned call, size_t row,
	unsigned column, int64_t otherwise);
bool db_column_bool(const struct db_reply *reply, unsigned call, size_t row,
	unsigned column);

/** A bytea column. */
struct bytes db_column_bytea(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, unsigned column);

#endif
