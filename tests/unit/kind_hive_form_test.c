/* SPDX-License-Identifier: Apache-2.0 */
/* The fields beside the document: a database that comes with the metastore. */
#include "kind_unit.h"

#define CLASS "mysql_storage_class"
#define SIZE "mysql_storage_size"
#define SAMPLE "hive_metastore/sample"
#define NO_SIZE " is not a whole number of Gi (1..65536)"
#define NO_CLASS                                                          \
	" is no name of an object: take lower-case letters, digits, '-' " \
	"and '.', with letters or digits at the ends"

static const struct {
	struct sent sent[3];
	const char *path;
	const char *message;
} refused[] = {
	{{{CLASS, "standard"}}, SIZE,
		"is missing, but mysql_storage_class is given: send both for "
		"a MySQL server that comes with the metastore, or none"},
	{{{CLASS, "standard"}, {SIZE, ""}}, SIZE,
		"is missing, but mysql_storage_class is given: send both for "
		"a MySQL server that comes with the metastore, or none"},
	{{{SIZE, "5"}}, CLASS,
		"is missing, but mysql_storage_size is given: send both for a "
		"MySQL server that comes with the metastore, or none"},
	{{{CLASS, ""}, {SIZE, "5"}}, CLASS,
		"is missing, but mysql_storage_size is given: send both for a "
		"MySQL server that comes with the metastore, or none"},
	{{{CLASS, "standard"}, {SIZE, "-1"}}, SIZE, "\"-1\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "0"}}, SIZE, "\"0\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "1.5"}}, SIZE, "\"1.5\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "5Gi"}}, SIZE, "\"5Gi\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "1Gi; rm"}}, SIZE, "\"1Gi; rm\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, " 5"}}, SIZE, "\" 5\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "05"}}, SIZE, "\"05\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "65537"}}, SIZE, "\"65537\"" NO_SIZE},
	{{{CLASS, "standard"}, {SIZE, "123456789012345678901234567890"}}, SIZE,
		"\"123456789012345678901234567890\"" NO_SIZE},
	{{{CLASS, "stan\ndard"}, {SIZE, "5"}}, CLASS, "\"stan?dard\"" NO_CLASS},
	{{{CLASS, "Standard"}, {SIZE, "5"}}, CLASS, "\"Standard\"" NO_CLASS},
	{{{CLASS, "a: b"}, {SIZE, "5"}}, CLASS, "\"a: b\"" NO_CLASS},
	{{{CLASS, "-"}, {SIZE, "5"}}, CLASS, "\"-\"" NO_CLASS},
};

static void
wrong_fields_are_refused_by_name(void **state)
{
	struct bytes yaml = yaml_of(*state, SAMPLE);

	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct err_list errors =
			refuse(*state, SAMPLE, yaml, refused[i].sent);
		const struct err *e = &errors.items[0];

		assert_int_equal(errors.total, 1);
		assert_int_equal(e->line, 0);
		assert_string_equal(e->path, refused[i].path);
		assert_string_equal(e->message, refused[i].message);
	}
}

static void
both_fields_can_be_wrong(void **state)
{
	static const struct sent sent[] = {
		{CLASS, "A"}, {SIZE, "B"}, {NULL, NULL}};
	struct err_list errors =
		refuse(*state, SAMPLE, yaml_of(*state, SAMPLE), sent);

	assert_int_equal(errors.total, 2);
	assert_string_equal(errors.items[0].path, CLASS);
	assert_string_equal(errors.items[1].path, SIZE);
}

static void
right_fields_become_the_volume(void **state)
{
	static const struct {
		struct sent sent[3];
		const char *storage;
	} cases[] = {
		{{{CLASS, "a"}, {SIZE, "1"}},
			"{\"storageClass\":\"a\",\"size\":\"1Gi\"}"},
		{{{CLASS, "fast.example.com"}, {SIZE, "65536"}},
			"{\"storageClass\":\"fast.example.com\","
			"\"size\":\"65536Gi\"}"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct run run = run_yaml(
			*state, SAMPLE, yaml_of(*state, SAMPLE), cases[i].sent);

		assert_non_null(strstr(
			run.plan.releases[0].values.data, cases[i].storage));
	}
}

static void
empty_fields_are_none(void **state)
{
	static const char document[] = "hive_metastore/minimal";
	static const struct sent empty[] = {
		{CLASS, ""}, {SIZE, ""}, {NULL, NULL}};
	struct run run =
		run_yaml(*state, document, yaml_of(*state, document), empty);

	assert_int_equal(run.plan.n_releases, 1);
	assert_null(strstr(run.intake.canonical.data, "\"database\""));
}

static void
fields_are_documented(void **state)
{
	const struct kind *hive = kind_of(*state, SAMPLE);

	assert_int_equal(hive->n_params, 2);
	assert_string_equal(hive->params[0].name, CLASS);
	assert_string_equal(hive->params[1].name, SIZE);
	for (size_t i = 0; i < 2; i++) {
		assert_false(hive->params[i].is_base64);
		assert_false(hive->params[i].is_secret);
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
