/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_conn.h"
#include "db/db_session.h"

#include <libpq-fe.h>
#include <stdlib.h>

struct db_ticket *
db_ticket_new(void)
{
	struct db_ticket *t = calloc(1, sizeof(*t));

	if (t == NULL)
		abort();
	return t;
}

void
db_ticket_end(struct db_ticket *t, enum db_outcome outcome)
{
	struct db_reply reply = {.outcome = outcome,
		.sqlstate = "",
		.message = "the connection to the database was lost"};

	if (outcome == DB_REFUSED) {
		db_session_refuse(&reply, t->error);
	} else if (outcome == DB_DONE) {
		reply.message = "";
		reply.n_results = t->n_results;
		reply.results = t->results;
	}
	if (t->request.done != NULL)
		t->request.done(t->request.cookie, &reply);
	for (unsigned i = 0; i < t->n_results; i++)
		PQclear(t->results[i]);
	PQclear(t->error);
	free(t);
}
