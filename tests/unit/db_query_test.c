/* SPDX-License-Identifier: Apache-2.0 */
#include "db_fake.h"

static void
db_query_row_has_the_text_of_the_file_of_that_name(void **state)
{
	const struct db_query_row *row = db_query_row(DB_QUERY_token_touch);

	(void)state;
	assert_string_equal(row->name, "token_touch");
	assert_int_equal(row->lane, DB_WRITE);
	assert_int_equal(row->n_values, 1);
	assert_non_null(strstr(row->sql, "SELECT token_touch($1)"));
}

static void
db_queries_take_no_more_values_than_a_call_can_hold(void **state)
{
	(void)state;
	for (int i = 0; i < DB_QUERY_COUNT; i++)
		assert_in_range(db_query_row((enum db_query)i)->n_values, 0,
			DB_VALUES_MAX);
}

static void
db_values_are_what_libpq_takes(void **state)
{
	struct db_value empty = db_bytea((struct bytes){NULL, 0});
	struct db_value binary = db_bytea(UNIT_BYTES("a\0b"));

	assert_string_equal(db_text("x").data, "x");
	assert_null(db_text(NULL).data);
	assert_null(db_null().data);
	assert_string_equal(
		db_int(*state, INT64_MIN).data, "-9223372036854775808");
	assert_string_equal(db_bool(true).data, "true");
	assert_string_equal(db_bool(false).data, "false");
	assert_true(binary.is_binary);
	assert_int_equal(binary.bytes, 3);
	assert_memory_equal(binary.data, "a\0b", 3);
	/* No bytes are not SQL NULL. */
	assert_non_null(empty.data);
	assert_int_equal(empty.bytes, 0);
}

static void
db_texts_quotes_whatever_an_item_holds(void **state)
{
	static const char *const items[] = {
		"a", "", "b\"c", "\\", "{,}", "NULL", NULL, "\xc3\xa9 \n"};

	assert_string_equal(db_texts(*state, items, COUNT_OF(items)).data,
		"{\"a\",\"\",\"b\\\"c\",\"\\\\\",\"{,}\",\"NULL\",NULL,"
		"\"\xc3\xa9 \n\"}");
	assert_string_equal(db_texts(*state, NULL, 0).data, "{}");
}

static void
db_byteas_and_ints_are_arrays_too(void **state)
{
	const struct bytes binaries[] = {
		UNIT_BYTES("\0\xff"), UNIT_BYTES("\"\\"), {NULL, 0}};
	const int64_t numbers[] = {1, -2, INT64_MAX};

	const struct bytes three = UNIT_BYTES("\0\0\0\1\0\0\0\0\0\0\0\x11"
					      "\0\0\0\3\0\0\0\1"
					      "\0\0\0\2\0\xff\0\0\0\2\"\\"
					      "\0\0\0\0");
	struct db_value v = db_byteas(*state, binaries, 3);

	assert_true(v.is_binary);
	assert_int_equal(v.bytes, three.len);
	assert_memory_equal(v.data, three.data, three.len);
	v = db_byteas(*state, NULL, 0);
	assert_true(v.is_binary);
	assert_int_equal(v.bytes, 12);
	assert_memory_equal(v.data, "\0\0\0\0\0\0\0\0\0\0\0\x11", 12);
	assert_string_equal(
		db_ints(*state, numbers, 3).data, "{1,-2,9223372036854775807}");
	assert_string_equal(db_ints(*state, NULL, 0).data, "{}");
}

static void
db_call_make_keeps_its_own_values(void **state)
{
	struct db_value values[] = {db_text("a"), db_text("b")};
	struct db_call call =
		db_call_make(*state, DB_QUERY_apply_nudge, values);

	values[0] = db_text("changed");
	assert_int_equal(call.query, DB_QUERY_apply_nudge);
	assert_string_equal(call.values[0].data, "a");
	assert_string_equal(call.values[1].data, "b");
	call = db_call_make(*state, DB_QUERY_ready, NULL);
	assert_int_equal(call.query, DB_QUERY_ready);
}

static void
db_columns_are_read_by_type(void **state)
{
	static const char *const cells[] = {"text", "-42", "t", "\\x00ff", "",
		"9007199254740993", "f", "\\x", NULL, NULL, NULL, NULL};
	struct fake f;
	struct bytes got;

	fake_open(&f, 4, 3, cells);
	assert_int_equal(db_rows(&f.reply, 0), 3);
	assert_string_equal(db_column(*state, &f.reply, 0, 0, 0), "text");
	assert_string_equal(db_column(*state, &f.reply, 0, 1, 0), "");
	assert_null(db_column(*state, &f.reply, 0, 2, 0));
	assert_int_equal(db_column_int(&f.reply, 0, 0, 1, 7), -42);
	assert_true(db_column_int(&f.reply, 0, 1, 1, 7) ==
		    INT64_C(9007199254740993));
	assert_int_equal(db_column_int(&f.reply, 0, 2, 1, 7), 7);
	assert_true(db_column_bool(&f.reply, 0, 0, 2));
	assert_false(db_column_bool(&f.reply, 0, 1, 2));
	assert_false(db_column_bool(&f.reply, 0, 2, 2));
	got = db_column_bytea(*state, &f.reply, 0, 0, 3);
	assert_int_equal(got.len, 2);
	assert_memory_equal(got.data, "\0\xff", 2);
	assert_int_equal(db_column_bytea(*state, &f.reply, 0, 1, 3).len, 0);
	assert_null(db_column_bytea(*state, &f.reply, 0, 2, 3).data);
	fake_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(db_query_row_has_the_text_of_the_file_of_that_name),
		UNIT_TEST(db_queries_take_no_more_values_than_a_call_can_hold),
		UNIT_TEST(db_values_are_what_libpq_takes),
		UNIT_TEST(db_texts_quotes_whatever_an_item_holds),
		UNIT_TEST(db_byteas_and_ints_are_arrays_too),
		UNIT_TEST(db_call_make_keeps_its_own_values),
		UNIT_TEST(db_columns_are_read_by_type),
	};

	return cmocka_run_group_tests_name("db_query", tests, NULL, NULL);
}
