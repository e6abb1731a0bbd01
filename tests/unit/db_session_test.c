/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_session.h"
#include "unit.h"

#include <libpq-fe.h>
#include <string.h>

/* What PostgreSQL would be told, were one there. */
static char *
options_of(struct arena *arena, enum db_lane lane)
{
	const struct db_session session = {
		"host=/nowhere dbname=d", "test", lane, 5000};
	PGconn *pg = db_session_start(&session);
	PQconninfoOption *all = PQconninfo(pg);
	char *found = NULL;

	assert_non_null(all);
	for (const PQconninfoOption *o = all; o->keyword != NULL; o++)
		if (strcmp(o->keyword, "options") == 0)
			found = arena_text(arena, o->val);
	PQconninfoFree(all);
	PQfinish(pg);
	assert_non_null(found);
	return found;
}

static void
db_session_start_reads_with_one_plan(void **state)
{
	const char *read = options_of(*state, DB_READ);
	const char *write = options_of(*state, DB_WRITE);

	assert_non_null(strstr(read, "plan_cache_mode=force_generic_plan"));
	assert_non_null(strstr(read, "default_transaction_read_only=on"));
	assert_non_null(strstr(read, "enable_material=off"));
	assert_null(strstr(write, "force_generic_plan"));
	assert_non_null(strstr(write, "default_transaction_read_only=off"));
}

static void
db_session_start_bounds_statements_and_locks(void **state)
{
	const char *options = options_of(*state, DB_APPLY);

	assert_non_null(strstr(options, "-c statement_timeout=5000 "));
	assert_non_null(strstr(options, "-c lock_timeout=2500 "));
	assert_non_null(strstr(options, "-c search_path=roaster,pg_temp "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(db_session_start_reads_with_one_plan),
		UNIT_TEST(db_session_start_bounds_statements_and_locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
