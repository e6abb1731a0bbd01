/* SPDX-License-Identifier: Apache-2.0 */
/* What a statement that did not succeed means to the client. */
#include "api/api_task.h"

#include <stdlib.h>
#include <string.h>

/* SQLSTATEs, or classes of them, that another try may cure (PostgreSQL manual,
 * appendix A), the narrower ones first. */
static const struct passing {
	const char *sqlstate, *what;
} passing[] = {
	{"40", "the database was too busy"}, /* deadlock, serialization */
	{"53100", "the disk of the database is full"},
	{"53200", "the database has too little memory"},
	{"53", "the database was too busy"},    /* connections */
	{"55P03", "the database was too busy"}, /* lock timeout */
	{"57P", "the database is stopping or starting"},
	{"57", "the database was too busy"}, /* statement timeout */
	{"25006", "the database is a standby, which only reads"},
};

static const struct passing *
find_passing(const char *sqlstate)
{
	for (size_t i = 0; i < COUNT_OF(passing); i++)
		if (strncmp(sqlstate, passing[i].sqlstate,
			    strlen(passing[i].sqlstate)) == 0)
			return &passing[i];
	return NULL;
}

/* The code whose HTTP status stands in "RO409". */
static enum err_code
code_of(const char *sqlstate)
{
	int status = atoi(sqlstate + 2);

	for (unsigned i = 0; i < ERR_CODE_COUNT; i++)
		if (err_status((enum err_code)i) == status)
			return (enum err_code)i;
	return ERR_INTERNAL;
}

static void
count_and_log(struct api_task *task, const struct db_reply *reply)
{
	static const char *const outcomes[] = {
		[DB_DONE] = "done",
		[DB_REFUSED] = "refused",
		[DB_UNAVAILABLE] = "unavailable",
		[DB_UNKNOWN] = "unknown",
	};

	if (task->context->metrics != NULL)
		atomic_fetch_add_explicit(&task->context->metrics->db_errors, 1,
			memory_order_relaxed);
	/* That the database is away is said once, by who lost it. */
	LOG_EVENT(task->context->log,
		reply->outcome == DB_UNAVAILABLE ? LOG_LEVEL_WARN
						 : LOG_LEVEL_ERROR,
		"api_statement_failed",
		LOG_TEXT("outcome", outcomes[reply->outcome]),
		LOG_TEXT("sqlstate", reply->sqlstate),
		LOG_TEXT("request_id", task->request_id));
}

/* What class RO says of a refusal: the state of a component, if it is that. */
static void
note_state(struct api_task *task, const char *detail)
{
	enum state *state = arena_alloc(task->request.arena, sizeof(*state));

	if (detail != NULL && state_parse(detail, state) == 0)
		task->progress->refusing = state;
}

static void
refused_error(const struct db_reply *reply, struct err *e)
{
	const struct passing *why = find_passing(reply->sqlstate);

	if (why != NULL)
		(void)err_set(e, ERR_UNAVAILABLE, "",
			"%s; nothing was stored, try again", why->what);
	else
		(void)err_set(e, ERR_INTERNAL, "",
			"something went wrong here and nothing was stored; the "
			"server's log has more under this request_id");
}

void
api_reply_error(
	struct api_task *task, const struct db_reply *reply, struct err *e)
{
	if (reply->outcome == DB_REFUSED &&
		strncmp(reply->sqlstate, "RO", 2) == 0) {
		(void)err_set(
			e, code_of(reply->sqlstate), "", "%s", reply->message);
		note_state(task, reply->detail);
		return;
	}
	/* That the database is away is no failure of a statement. */
	if (reply->outcome != DB_UNSENT)
		count_and_log(task, reply);
	if (reply->outcome == DB_REFUSED)
		refused_error(reply, e);
	else if (reply->outcome == DB_UNKNOWN)
		(void)err_set(e, ERR_UNAVAILABLE, "",
			"the connection to the database was lost while this "
			"was being stored: whether it was is not known; look "
			"at the list before you send it again");
	else
		(void)err_set(e, ERR_UNAVAILABLE, "",
			"the database does not answer; nothing was stored, try "
			"again");
}
