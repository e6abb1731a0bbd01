/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_row.h"
#include "db_fake.h"

/* That the order of the columns is that of the queries is held by the tests in
 * tests/sql; here each column has a value of its own, so that none is lost or
 * taken twice. */

static void
db_component_listed_takes_each_column(void **state)
{
	static const char *const cells[] = {"id", "trino", "ns", "etl",
		"posted", "Running", "why", "1", "2", "3"};
	struct db_component c;
	struct fake f;

	(void)state;
	memset(&c, 0xff, sizeof(c));
	fake_open(&f, 10, 1, cells);
	db_component_listed(&f.reply, 0, 0, &c);
	assert_string_equal(c.id, "id");
	assert_string_equal(c.kind, "trino");
	assert_string_equal(c.namespace, "ns");
	assert_string_equal(c.name, "etl");
	assert_string_equal(c.posted_namespace, "posted");
	assert_string_equal(c.state, "Running");
	assert_string_equal(c.message, "why");
	assert_int_equal(c.ready, 1);
	assert_int_equal(c.wanted, 2);
	assert_int_equal(c.generation, 3);
	assert_null(c.desired);
	assert_null(c.operation);
	assert_int_equal(c.good_generation, 0);
	/* Not copied: a page would be twice in memory. */
	assert_ptr_equal(c.name, db_column_view(&f.reply, 0, 0, 3));
	fake_close(&f);
}

static void
db_component_got_takes_each_column(void **state)
{
	static const char *const cells[] = {"id", "trino", "ns", "etl",
		"posted", "running", "Updating", "why", "1", "2", "9", "8", "7",
		NULL, "4", "5000000000", "6000000000", "op", "update",
		"queued"};
	struct db_component c;
	struct fake f;

	memset(&c, 0xff, sizeof(c));
	fake_open(&f, 20, 1, cells);
	db_component_got(*state, &f.reply, 0, 0, &c);
	fake_close(&f);
	assert_string_equal(c.desired, "running");
	assert_string_equal(c.state, "Updating");
	assert_int_equal(c.generation, 9);
	assert_int_equal(c.observed_generation, 8);
	assert_int_equal(c.good_generation, 7);
	assert_int_equal(c.failed_generation, 0);
	assert_int_equal(c.stage, 4);
	assert_true(c.created_ms == INT64_C(5000000000));
	assert_true(c.observed_ms == INT64_C(6000000000));
	assert_string_equal(c.operation, "op");
	assert_string_equal(c.operation_action, "update");
	assert_string_equal(c.operation_state, "queued");
}

static void
db_operation_got_takes_each_column(void **state)
{
	static const char *const cells[] = {"op", "id", "trino", "ns", "etl",
		"create", "3", "running", "", "ann", "r1", "5000000000",
		"6000000000", NULL, NULL, NULL, "conflict", "t"};
	struct db_operation o;
	struct fake f;

	memset(&o, 0xff, sizeof(o));
	fake_open(&f, 18, 1, cells);
	db_operation_got(*state, &f.reply, 0, 0, &o);
	fake_close(&f);
	assert_string_equal(o.id, "op");
	assert_string_equal(o.component, "id");
	assert_string_equal(o.action, "create");
	assert_int_equal(o.generation, 3);
	assert_string_equal(o.state, "running");
	assert_string_equal(o.asked_by, "ann");
	assert_string_equal(o.request_id, "r1");
	assert_true(o.queued_ms == INT64_C(5000000000));
	assert_true(o.started_ms == INT64_C(6000000000));
	assert_true(o.ended_ms == 0);
	assert_null(o.component_state);
	assert_null(o.message);
	assert_string_equal(o.error_code, "conflict");
	assert_true(o.is_pending);
}

static void
db_put_got_takes_each_column(void **state)
{
	static const char *const cells[] = {
		"created", "id", "op", "queued", "Running", "4", "t"};
	struct db_accepted a;
	struct fake f;

	fake_open(&f, 7, 1, cells);
	db_put_got(*state, &f.reply, 0, 0, &a);
	fake_close(&f);
	assert_string_equal(a.outcome, "created");
	assert_string_equal(a.component, "id");
	assert_string_equal(a.operation, "op");
	assert_string_equal(a.operation_state, "queued");
	assert_string_equal(a.state, "Running");
	assert_int_equal(a.generation, 4);
	assert_true(a.is_watched);
	assert_null(a.namespace);
	assert_null(a.name);
}

static void
db_deletion_got_takes_each_column(void **state)
{
	static const char *const cells[] = {
		"accepted", "id", "op", "queued", "Running", "4", "ns", "etl"};
	struct db_accepted a;
	struct fake f;

	fake_open(&f, 8, 1, cells);
	db_deletion_got(*state, &f.reply, 0, 0, &a);
	fake_close(&f);
	assert_string_equal(a.outcome, "accepted");
	assert_string_equal(a.component, "id");
	assert_string_equal(a.operation, "op");
	assert_int_equal(a.generation, 4);
	assert_string_equal(a.namespace, "ns");
	assert_string_equal(a.name, "etl");
	assert_false(a.is_watched);
}

static void
db_claim_got_takes_each_column(void **state)
{
	static const char *const cells[] = {"id", "trino", "ns", "etl",
		"running", "t", "12", "Updating", "why", "1", "2", "11", "10",
		NULL, "9", "t", "3", "4", "5000000000", "6000000000", "q",
		"update", "r", "no image"};
	struct db_claim c;
	struct fake f;

	memset(&c, 0xff, sizeof(c));
	fake_open(&f, 24, 1, cells);
	db_claim_got(*state, &f.reply, 0, 0, &c);
	fake_close(&f);
	assert_string_equal(c.desired, "running");
	assert_true(c.delete_data);
	assert_int_equal(c.generation, 12);
	assert_string_equal(c.state, "Updating");
	assert_int_equal(c.ready, 1);
	assert_int_equal(c.wanted, 2);
	assert_int_equal(c.observed_generation, 11);
	assert_int_equal(c.good_generation, 10);
	assert_int_equal(c.failed_generation, 0);
	assert_int_equal(c.run_generation, 9);
	assert_true(c.is_applied);
	assert_int_equal(c.stage, 3);
	assert_int_equal(c.attempts, 4);
	assert_true(c.phase_ms == INT64_C(5000000000));
	assert_true(c.fence == INT64_C(6000000000));
	assert_string_equal(c.queued, "q");
	assert_string_equal(c.queued_action, "update");
	assert_string_equal(c.running, "r");
	assert_string_equal(c.failure, "no image");
}

static void
db_secret_got_unescapes_the_sealed_bytes(void **state)
{
	static const char *const cells[] = {
		"/a", "\\x0a00", "cd", "/b", "\\x0b", "ef"};
	struct db_secret s;
	struct fake f;

	fake_open(&f, 3, 2, cells);
	db_secret_got(*state, &f.reply, 0, 1, &s);
	assert_string_equal(s.pointer, "/b");
	assert_int_equal(s.sealed.len, 1);
	assert_string_equal(s.digest, "ef");
	db_secret_got(*state, &f.reply, 0, 0, &s);
	assert_int_equal(s.sealed.len, 2);
	assert_memory_equal(s.sealed.data, "\n\0", 2);
	fake_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(db_component_listed_takes_each_column),
		UNIT_TEST(db_component_got_takes_each_column),
		UNIT_TEST(db_operation_got_takes_each_column),
		UNIT_TEST(db_put_got_takes_each_column),
		UNIT_TEST(db_deletion_got_takes_each_column),
		UNIT_TEST(db_claim_got_takes_each_column),
		UNIT_TEST(db_secret_got_unescapes_the_sealed_bytes),
	};

	return cmocka_run_group_tests_name("db_row", tests, NULL, NULL);
}
