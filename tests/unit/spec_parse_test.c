/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec.h"
#include "spec_sample.h"
#include "unit_doc.h"

#include <stdio.h>

static int
parse(struct arena *arena, const char *yaml, struct sample *out,
	struct err_list *errors)
{
	const struct doc_node *node = unit_yaml(arena, unit_bytes(yaml));

	memset(errors, 0, sizeof(*errors));
	return spec_parse(arena, &sample_table, node, "spec", out, errors);
}

static void
parse_well(struct arena *arena, const char *yaml, struct sample *out)
{
	struct err_list errors;

	memset(out, 0xa5, sizeof(*out));
	if (parse(arena, yaml, out, &errors) != 0)
		fail_msg("%s: %s", errors.items[0].path,
			errors.items[0].message);
	assert_int_equal(errors.total, 0);
}

static void
spec_parse_fills_scalars(void **state)
{
	struct sample s;

	parse_well(*state,
		"name: trino\n"
		"tag: 384\n"
		"label: x\n"
		"replicas: \"5\"\n"
		"seed: 9223372036854775807\n"
		"on: False\n"
		"memory: 1.5\n"
		"policy: Never\n"
		"old: 7\n",
		&s);
	assert_string_equal(s.name, "trino");
	assert_string_equal(s.tag, "384");
	assert_string_equal(s.label, "x");
	assert_int_equal(s.replicas, 5);
	assert_true(s.seed == INT64_MAX && s.has_seed);
	assert_false(s.is_on);
	assert_string_equal(s.memory, "1.5");
	assert_string_equal(s.policy, "Never");
	assert_string_equal(s.old, "7");
}

static void
spec_parse_fills_structs_lists_and_maps(void **state)
{
	struct sample s;
	const struct sample_file *files;

	parse_well(*state,
		"name: trino\n"
		"scaler: {least: 3}\n"
		"pool: {most: 8}\n"
		"files:\n"
		"- {name: a, value: b}\n"
		"- name: c\n"
		"  secret: true\n"
		"args: [x, 2, '']\n"
		"labels: {z: 1, a: b, none: ~}\n"
		"affinity: {k: [v]}\n",
		&s);
	assert_true(s.has_scaler);
	assert_int_equal(s.scaler.least, 3);
	assert_int_equal(s.scaler.most, 9);
	assert_int_equal(s.pool.least, 1);
	assert_int_equal(s.pool.most, 8);
	assert_int_equal(s.files.count, 2);
	files = s.files.items;
	assert_string_equal(files[0].name, "a");
	assert_string_equal(files[0].value, "b");
	assert_false(files[0].is_secret);
	assert_string_equal(files[1].value, "");
	assert_true(files[1].is_secret);
	assert_int_equal(s.args.count, 3);
	assert_string_equal(s.args.items[1], "2");
	assert_string_equal(s.args.items[2], "");
	assert_int_equal(s.labels.count, 2);
	assert_string_equal(s.labels.pairs[0].key, "a");
	assert_string_equal(s.labels.pairs[1].value, "1");
	assert_int_equal(doc_get(s.affinity, "k")->count, 1);
}

static void
expect_defaults(const struct sample *s)
{
	assert_string_equal(s->name, "x");
	assert_null(s->tag);
	assert_int_equal(s->replicas, 2);
	assert_false(s->has_seed);
	assert_int_equal(s->seed, 0);
	assert_true(s->is_on);
	assert_null(s->memory);
	assert_string_equal(s->policy, "Always");
	assert_false(s->has_scaler);
	assert_int_equal(s->scaler.least, 0);
	assert_int_equal(s->scaler.most, 9);
	assert_int_equal(s->pool.most, 4);
	assert_int_equal(s->files.count, 0);
	assert_null(s->files.items);
	assert_int_equal(s->args.count, 0);
	assert_int_equal(s->labels.count, 0);
	assert_null(s->labels.pairs);
	assert_null(s->affinity);
}

static void
spec_parse_fills_defaults_for_absent_and_null_keys(void **state)
{
	struct sample s;

	parse_well(*state, "name: x", &s);
	expect_defaults(&s);
	parse_well(*state,
		"{name: x, tag: ~, label: null, replicas: ~, seed: null, "
		"on: ~, memory: ~, policy: , scaler: Null, pool: NULL, "
		"files: ~, args: ~, labels: ~, affinity: ~, old: ~}",
		&s);
	expect_defaults(&s);
	parse_well(*state, "{name: x, files: [], labels: {a: ~}}", &s);
	expect_defaults(&s);
}

static const struct bad_case {
	const char *yaml;
	unsigned line, column;
	const char *path, *message;
} bad_cases[] = {
	{"tag: xx", 1, 1, "spec.name", "is missing"},
	{"name: ''", 1, 7, "spec.name", "is empty: give it a value"},
	{"name: 123456789012345678901", 1, 7, "spec.name",
		"is longer than 20 bytes"},
	{"name: x\ntag: 1", 2, 6, "spec.tag", "is shorter than 2 bytes"},
	{"name: x\nlabel: X", 2, 8, "spec.label",
		"\"X\" does not start with a lower-case letter"},
	{"name: [x]", 1, 7, "spec.name",
		"this is a list (- item), but text is needed"},
	{"name: {x: y}", 1, 7, "spec.name",
		"this is a mapping (key: value), but text is needed"},
	{"name: x\nreplicas: many", 2, 11, "spec.replicas",
		"\"many\" is not a whole number (0..1000)"},
	{"name: x\nreplicas: -1", 2, 11, "spec.replicas",
		"\"-1\" is not a whole number (0..1000)"},
	{"name: x\nreplicas: 1001", 2, 11, "spec.replicas",
		"1001 is outside 0..1000"},
	{"name: x\nseed: 9223372036854775808", 2, 7, "spec.seed",
		"9223372036854775808 is outside 0..9223372036854775807"},
	{"name: x\nscaler: {least: 0}", 2, 17, "spec.scaler.least",
		"0 is outside 1..100"},
	{"name: x\nscaler: {most: 1}", 2, 9, "spec.scaler.least", "is missing"},
	{"name: x\nscaler: 1", 2, 9, "spec.scaler",
		"this is text, but a mapping (key: value) is needed"},
	{"name: x\non: yes", 2, 5, "spec.on", "\"yes\" is not true or false"},
	{"name: x\nmemory: 8GB", 2, 9, "spec.memory",
		"\"8GB\" is not an amount: write it like 500m, 2, 1.5 or 8Gi"},
	{"name: x\npolicy: never", 2, 9, "spec.policy",
		"\"never\" is not one of Always, IfNotPresent, Never; did you "
		"mean \"Never\"?"},
	{"name: x\npolicy: Sometimes", 2, 9, "spec.policy",
		"\"Sometimes\" is not one of Always, IfNotPresent, Never"},
	{"name: x\nreplica: 1", 2, 1, "spec.replica",
		"unknown key; did you mean \"replicas\"?"},
	{"name: x\nfoobar: 1", 2, 1, "spec.foobar", "unknown key"},
	{"name: x\nfiles:\n- name: a\n- nam: b\n  name: c", 4, 3,
		"spec.files[1].nam", "unknown key; did you mean \"name\"?"},
	{"name: x\nfiles: {}", 2, 8, "spec.files",
		"this is a mapping (key: value), but a list (- item) is "
		"needed"},
	{"name: x\nfiles: [a]", 2, 9, "spec.files[0]",
		"this is text, but a mapping (key: value) is needed"},
	{"name: x\nfiles:\n- name: a\n-\n", 4, 2, "spec.files[1]",
		"the item is empty: remove it"},
	{"name: x\nfiles: [{name: a},{name: a},{name: a},{name: a},{name: a},"
	 "{name: a}]",
		2, 8, "spec.files", "has 6 items; at most 5 are taken"},
	{"name: x\nargs: []", 2, 7, "spec.args",
		"has 0 items; at least 1 are needed"},
	{"name: x\nargs: [[a]]", 2, 8, "spec.args[0]",
		"this is a list (- item), but text is needed"},
	{"name: x\nlabels: {a: [b]}", 2, 13, "spec.labels.a",
		"this is a list (- item), but text is needed"},
	{"[x]", 1, 1, "spec",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"~", 0, 0, "spec.name", "is missing"},
};

static void
spec_parse_names_path_place_and_cure(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];
		struct err_list errors;
		struct sample s;

		if (parse(*state, c->yaml, &s, &errors) != -1)
			fail_msg("taken: %s", c->yaml);
		assert_int_equal(errors.total, 1);
		assert_int_equal(errors.items[0].code, ERR_INVALID);
		assert_string_equal(errors.items[0].path, c->path);
		assert_string_equal(errors.items[0].message, c->message);
		assert_int_equal(errors.items[0].line, c->line);
		assert_int_equal(errors.items[0].column, c->column);
	}
}

static void
spec_parse_collects_all_errors(void **state)
{
	struct err_list errors;
	struct sample s;

	assert_int_equal(parse(*state,
				 "{replicas: many, on: 1, x: 2, memory: [],\n"
				 "files: [{value: a}, ~, {name: [x]}]}",
				 &s, &errors),
		-1);
	assert_int_equal(errors.total, 8);
	assert_string_equal(errors.items[0].path, "spec.name");
	assert_string_equal(errors.items[4].path, "spec.files[0].name");
	assert_int_equal(errors.items[4].line, 2);
	assert_string_equal(errors.items[6].path, "spec.files[2].name");
	assert_string_equal(errors.items[7].path, "spec.x");
	/* What is right is there all the same. */
	assert_string_equal(s.policy, "Always");
}

static void
spec_parse_counts_errors_beyond_the_list(void **state)
{
	struct err_list errors;
	struct sample s;
	const struct doc_node *node = NULL;
	size_t used;
	char yaml[2000] = "name: x\nargs: [[], [], [], [], []]\n";
	size_t len = strlen(yaml);

	for (unsigned i = 0; i < 2 * ERR_LIST_MAX; i++)
		len += (size_t)snprintf(
			yaml + len, sizeof(yaml) - len, "k%u: 1\n", i);
	assert_int_equal(parse(*state, yaml, &s, &errors), -1);
	assert_int_equal(errors.count, ERR_LIST_MAX);
	assert_int_equal(errors.total, 5 + 2 * ERR_LIST_MAX);
	/* A full list makes a wrong text no less wrong, and costs nothing. */
	node = unit_yaml(*state, unit_bytes(yaml));
	used = arena_used(*state);
	errors.total = 0;
	assert_int_equal(
		spec_parse(*state, &sample_table, node, "", &s, &errors), -1);
	assert_int_equal(errors.total, 5 + 2 * ERR_LIST_MAX);
	assert_in_range(arena_used(*state) - used, 0, 512);
	assert_int_equal(
		spec_parse(*state, &sample_table, NULL, "", &s, &errors), -1);
	assert_int_equal(errors.count, ERR_LIST_MAX);
	assert_int_equal(errors.total, 6 + 2 * ERR_LIST_MAX);
}

static void
spec_parse_takes_the_document_as_root(void **state)
{
	struct err_list errors = {.count = 0};
	struct sample s;

	assert_int_equal(
		spec_parse(*state, &sample_table, NULL, "", &s, &errors), -1);
	assert_string_equal(errors.items[0].path, "name");
	assert_string_equal(errors.items[0].message, "is missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(spec_parse_fills_scalars),
		UNIT_TEST(spec_parse_fills_structs_lists_and_maps),
		UNIT_TEST(spec_parse_fills_defaults_for_absent_and_null_keys),
		UNIT_TEST(spec_parse_names_path_place_and_cure),
		UNIT_TEST(spec_parse_collects_all_errors),
		UNIT_TEST(spec_parse_counts_errors_beyond_the_list),
		UNIT_TEST(spec_parse_takes_the_document_as_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
