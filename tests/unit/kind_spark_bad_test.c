/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What intake says about each file of tests/golden/spark_thrift_server/bad:
 * the lines of problems.tsv there that begin with its name (without .yaml), in
 * that order. They are NAME, LINE:COLUMN, PATH and the message.
 */
#include "kind_spark_unit.h"

#include <dirent.h>

#define BAD FOLDER "/bad"

static const char *
line_of(struct arena *arena, const char *name, const struct err *got)
{
	return arena_format(arena, "%s\t%u:%u\t%s\t%s\n", name, got->line,
		got->column, got->path, got->message);
}

/* The next line of ${table} about ${name}; NULL if there is none. */
static const char *
next_line(const char *table, const char *name)
{
	size_t len = strlen(name);

	while (table != NULL &&
		(strncmp(table, name, len) != 0 || table[len] != '\t')) {
		table = strchr(table, '\n');
		if (table != NULL)
			table++;
	}
	return table;
}

static void
assert_problem(struct arena *arena, const char *wanted, const char *name,
	const struct err *got)
{
	const char *line = line_of(arena, name, got);

	if (wanted == NULL || strncmp(wanted, line, strlen(line)) != 0)
		fail_msg("not in %s/problems.tsv at that place: %s", BAD, line);
	assert_int_equal(got->code, ERR_INVALID);
	/* what stands for a credential in these files */
	assert_null(strstr(got->message, "hunter2"));
}

static void
check_file(struct arena *arena, const char *table, const char *name)
{
	struct err_list errors = {0};
	struct kind_intake intake;
	struct bytes yaml =
		read_file(arena, arena_format(arena, BAD "/%s.yaml", name));

	if (take_in(arena, yaml, NULL, &intake, &errors) != -1)
		fail_msg("%s is taken", name);
	assert_int_equal(errors.total, errors.count);
	for (unsigned i = 0; i < errors.count; i++) {
		table = next_line(table, name);
		assert_problem(arena, table, name, &errors.items[i]);
		table = strchr(table, '\n') + 1;
	}
	if (next_line(table, name) != NULL)
		fail_msg("%s: only %u problems", name, errors.count);
}

static void
each_bad_file_is_refused_where_it_is_wrong(void **state)
{
	const char *table = read_file(*state, BAD "/problems.tsv").data;
	DIR *folder = opendir(BAD);
	const struct dirent *entry;
	unsigned n = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		char name[256];

		(void)snprintf(name, sizeof(name), "%s", entry->d_name);
		if (strstr(name, ".yaml") == NULL)
			continue;
		*strstr(name, ".yaml") = '\0';
		check_file(*state, table, name);
		n++;
	}
	assert_int_equal(n, 113);
	(void)closedir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(each_bad_file_is_refused_where_it_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
