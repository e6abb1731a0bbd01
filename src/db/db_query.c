/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_query.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

/* A file that has no row, or a row that has no file, does not compile. */
#define QUERY(name, text) static const char sql_##name[] = text;
#include "sql.inc"
#undef QUERY

static const struct db_query_row rows[DB_QUERY_COUNT] = {
#define X(name, lane, n_values) {#name, sql_##name, lane, n_values},
	DB_QUERIES(X)
#undef X
};

const struct db_query_row *
db_query_row(enum db_query query)
{
	return &rows[query];
}

static const PGresult *
result_of(const struct db_reply *reply, unsigned call)
{
	assert(call < reply->n_results);
	return reply->results[call];
}

size_t
db_rows(const struct db_reply *reply, unsigned call)
{
	return (size_t)PQntuples(result_of(reply, call));
}

const char *
db_column_view(const struct db_reply *reply, unsigned call, size_t row,
	unsigned column)
{
	const PGresult *result = result_of(reply, call);
	const char *text;

	assert(row < (size_t)PQntuples(result));
	assert(column < (unsigned)PQnfields(result));
	text = PQgetvalue(result, (int)row, (int)column);
	if (text[0] == '\0' && PQgetisnull(result, (int)row, (int)column) == 1)
		return NULL;
	return text;
}

char *
db_column(struct arena *arena, const struct db_reply *reply, unsigned call,
	size_t row, unsigned column)
{
	return arena_text(arena, db_column_view(reply, call, row, column));
}

int64_t
db_column_int(const struct db_reply *reply, unsigned call, size_t row,
	unsigned column, int64_t otherwise)
{
	const char *text = db_column_view(reply, call, row, column);

	return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

bool
db_column_bool(const struct db_reply *reply, unsigned call, size_t row,
	unsigned column)
{
	const char *text = db_column_view(reply, call, row, column);

	return text != NULL && text[0] == 't';
}

struct bytes
db_column_bytea(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, unsigned column)
{
	const char *text = db_column_view(reply, call, row, column);
	struct bytes out = {NULL, 0};
	unsigned char *data;

	if (text == NULL)
		return out;
	data = PQunescapeBytea((const unsigned char *)text, &out.len);
	if (data == NULL)
		abort();
	out.data = arena_copy(arena, (const char *)data, out.len);
	PQfreemem(data);
	return out;
}
