/* SPDX-License-Identifier: Apache-2.0 */
/* The fields beside the document: a database that comes with the metastore. */
#include "kind_hive_unit.h"

#define CLASS "mysql_storage_class"
#define SIZE "mysql_storage_size"
#define NO_SIZE " is not a whole number of Gi (1..65536)"
#define NO_CLASS                                                          \
	" is no name of an object: take lower-case letters, digits, '-' " \
	"and '.', with letters or digits at the ends"

static const struct {
	struct sent sent;
	const char *path;
	const char *message;
} refused[] = {
	{{"standard", NULL}, SIZE,
		"is missing, but mysql_storage_class is given: send both for "
		"a MySQL server that comes with the metastore, or none"},
	{{"standard", ""}, SIZE,
		"is missing, but mysql_storage_class is given: send both for "
		"a MySQL server that comes with the metastore, or none"},
	{{NULL, "5"}, CLASS,
		"is missing, but mysql_storage_size is given: send both for a "
		"MySQL server that comes with the metastore, or none"},
	{{"", "5"}, CLASS,
		"is missing, but mysql_storage_size is given: send both for a "
		"MySQL server that comes with the metastore, or none"},
	{{"standard", "-1"}, SIZE, "\"-1\"" NO_SIZE},
	{{"standard", "0"}, SIZE, "\"0\"" NO_SIZE},
	{{"standard", "1.5"}, SIZE, "\"1.5\"" NO_SIZE},
	{{"standard", "5Gi"}, SIZE, "\"5Gi\"" NO_SIZE},
	{{"standard", "1Gi; rm"}, SIZE, "\"1Gi; rm\"" NO_SIZE},
	{{"standard", " 5"}, SIZE, "\" 5\"" NO_SIZE},
	{{"standard", "05"}, SIZE, "\"05\"" NO_SIZE},
	{{"standard", "65537"}, SIZE, "\"65537\"" NO_SIZE},
	{{"standard", "123456789012345678901234567890"}, SIZE,
		"\"123456789012345678901234567890\"" NO_SIZE},
	{{"stan\ndard", "5"}, CLASS, "\"stan?dard\"" NO_CLASS},
	{{"Standard", "5"}, CLASS, "\"Standard\"" NO_CLASS},
	{{"a: b", "5"}, CLASS, "\"a: b\"" NO_CLASS},
	{{"-", "5"}, CLASS, "\"-\"" NO_CLASS},
};

static void
wrong_fields_are_refused_by_name(void **state)
{
	struct bytes yaml = read_file(*state, FOLDER "/sample.yaml");

	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct err_list errors = {0};
		struct kind_intake intake;
		const struct err *e = &errors.items[0];

		assert_int_equal(take_in(*state, yaml, &refused[i].sent,
					 &intake, &errors),
			-1);
		assert_int_equal(errors.total, 1);
		assert_int_equal(e->line, 0);
		assert_string_equal(e->path, refused[i].path);
		assert_string_equal(e->message, refused[i].message);
	}
}

static void
both_fields_can_be_wrong(void **state)
{
	static const struct sent sent = {"A", "B"};
	struct err_list errors = {0};
	struct kind_intake intake;

	assert_int_equal(
		take_in(*state, read_file(*state, FOLDER "/sample.yaml"), &sent,
			&intake, &errors),
		-1);
	assert_int_equal(errors.total, 2);
	assert_string_equal(errors.items[0].path, CLASS);
	assert_string_equal(errors.items[1].path, SIZE);
}

static void
assert_volume(const struct sent *sent, const char *wanted)
{
	struct run run = run_file("sample", sent);

	assert_non_null(strstr(run.plan.releases[0].values.data, wanted));
	arena_free(run.arena);
}

static void
right_fields_become_the_volume(void **state)
{
	static const struct sent least = {"a", "1"};
	static const struct sent most = {"fast.example.com", "65536"};

	(void)state;
	assert_volume(&least, "{\"storageClass\":\"a\",\"size\":\"1Gi\"}");
	assert_volume(&most, "{\"storageClass\":\"fast.example.com\","
			     "\"size\":\"65536Gi\"}");
}

static void
empty_fields_are_none(void **state)
{
	static const struct sent empty = {"", ""};
	struct run run = run_file("minimal", &empty);

	(void)state;
	assert_int_equal(run.plan.n_releases, 1);
	assert_null(strstr(run.intake.canonical.data, "\"database\""));
	arena_free(run.arena);
}

static void
fields_are_documented(void **state)
{
	(void)state;
	assert_int_equal(hive()->n_params, 2);
	assert_string_equal(hive()->params[0].name, CLASS);
	assert_string_equal(hive()->params[1].name, SIZE);
	for (size_t i = 0; i < 2; i++) {
		assert_false(hive()->params[i].is_base64);
		assert_false(hive()->params[i].is_secret);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(wrong_fields_are_refused_by_name),
		UNIT_TEST(both_fields_can_be_wrong),
		UNIT_TEST(right_fields_become_the_volume),
		UNIT_TEST(empty_fields_are_none),
		UNIT_TEST(fields_are_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
