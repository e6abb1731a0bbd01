/* SPDX-License-Identifier: Apache-2.0 */
/* Replies without a server: libpq lets anybody fill a PGresult. */
#ifndef DB_FAKE_H
#define DB_FAKE_H

#include "db/db_query.h"
#include "unit.h"

#include <libpq-fe.h>
#include <stdlib.h>

#define FAKE_COLUMNS_MAX 24

struct fake {
	struct pg_result *result;
	struct db_reply reply;
};

/* ${cells}: row by row, ${columns} each; NULL is SQL NULL. */
static inline void
fake_open(struct fake *f, int columns, size_t rows, const char *const *cells)
{
	static char name[] = "x";
	PGresAttDesc attributes[FAKE_COLUMNS_MAX];

	memset(attributes, 0, sizeof(attributes));
	for (int i = 0; i < columns; i++)
		attributes[i].name = name;
	f->result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	assert_int_equal(PQsetResultAttrs(f->result, columns, attributes), 1);
	for (int i = 0; i < columns * (int)rows; i++) {
		char *cell = cells[i] == NULL ? NULL : strdup(cells[i]);

		assert_int_equal(
			PQsetvalue(f->result, i / columns, i % columns, cell,
				cell == NULL ? -1 : (int)strlen(cell)),
			1);
		free(cell);
	}
	f->reply = (struct db_reply){
		.outcome = DB_DONE, .n_results = 1, .results = &f->result};
}

static inline void
fake_close(struct fake *f)
{
	PQclear(f->result);
}

#endif
