/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_session.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_SIZE 384
#define LISTEN_SIZE 160 /* 63 bytes of name, each may double when quoted */

static void
on_notice(void *cookie, const PGresult *notice)
{
	(void)cookie;
	(void)notice;
}

/* What is read is looked up by keys, whatever the values are: planned once, not
 * each time, which may cost more than the reading. And rows are joined by key,
 * too: not by walking a small table for each row of another. */
#define ONE_PLAN " -c plan_cache_mode=force_generic_plan -c enable_material=off"

/* pg_temp last: nobody can put a table of his own before ours. */
static void
write_options(const struct db_session *session, char out[OPTIONS_SIZE])
{
	const bool is_read = session->lane == DB_READ;

	(void)snprintf(out, OPTIONS_SIZE,
		"-c search_path=roaster,pg_temp -c client_min_messages=warning"
		" -c statement_timeout=%u -c lock_timeout=%u"
		" -c idle_in_transaction_session_timeout=%u"
		" -c default_transaction_read_only=%s%s",
		session->statement_ms, session->statement_ms / 2,
		session->statement_ms, is_read ? "on" : "off",
		is_read ? ONE_PLAN : "");
}

/* Keepalives: one that only listens would not notice a peer that vanished. */
struct pg_conn *
db_session_start(const struct db_session *session)
{
	char options[OPTIONS_SIZE];
	const char *names[] = {"dbname", "application_name", "options",
		"client_encoding", "tcp_user_timeout", "keepalives_idle",
		"keepalives_interval", "keepalives_count", NULL};
	const char *values[] = {session->conninfo, session->app_name, options,
		"UTF8", "10000", "15", "5", "3", NULL};
	PGconn *pg;

	write_options(session, options);
	pg = PQconnectStartParams(names, values, 1);
	if (pg == NULL)
		abort();
	(void)PQsetNoticeReceiver(pg, on_notice, NULL);
	return pg;
}

bool
db_session_send_prepare(struct pg_conn *pg, enum db_query query)
{
	const struct db_query_row *row = db_query_row(query);

	return PQsendPrepare(pg, row->name, row->sql, 0, NULL) == 1;
}

/* LISTEN takes no parameter; the channel is a constant of ours, and quoted. */
bool
db_session_send_listen(struct pg_conn *pg, const char *channel)
{
	char *quoted = PQescapeIdentifier(pg, channel, strlen(channel));
	char text[LISTEN_SIZE];

	if (quoted == NULL)
		return false;
	(void)snprintf(text, sizeof(text), "LISTEN %s", quoted);
	PQfreemem(quoted);
	return PQsendQueryParams(pg, text, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

bool
db_session_send_call(struct pg_conn *pg, const struct db_call *call)
{
	const struct db_query_row *row = db_query_row(call->query);
	const char *data[DB_VALUES_MAX];
	int bytes[DB_VALUES_MAX];
	int formats[DB_VALUES_MAX];

	for (unsigned i = 0; i < row->n_values; i++) {
		data[i] = call->values[i].data;
		bytes[i] = call->values[i].bytes;
		formats[i] = call->values[i].is_binary;
	}
	return PQsendQueryPrepared(pg, row->name, (int)row->n_values, data,
		       bytes, formats, 0) == 1;
}

bool
db_session_is_good(const struct pg_result *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
	       status == PGRES_EMPTY_QUERY;
}

bool
db_session_is_refusal(const struct pg_result *result)
{
	const char *severity =
		PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	return severity != NULL && strcmp(severity, "ERROR") == 0;
}

void
db_session_refuse(struct db_reply *reply, const struct pg_result *error)
{
	reply->outcome = DB_REFUSED;
	reply->sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
	reply->message = PQresultErrorField(error, PG_DIAG_MESSAGE_PRIMARY);
	reply->detail = PQresultErrorField(error, PG_DIAG_MESSAGE_DETAIL);
	reply->n_results = 0;
	reply->results = NULL;
}
