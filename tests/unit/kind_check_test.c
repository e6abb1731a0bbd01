/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken; what is refused is in tests/golden/trino/bad. */
#include "kinds/kind_check.h"
#include "unit_doc.h"

#include <stdio.h>

struct text_case {
	const char *(*check)(const char *text);
	const char *text;
	bool is_right;
};

static const struct text_case text_cases[] = {
	{kind_check_release, "a", true},
	{kind_check_release, "trino-etl-2", true},
	{kind_check_release, "-etl", false},
	{kind_check_release, "a.b", false},
	{kind_check_namespace, "kube-system", true},
	{kind_check_target, "kubes", true},
	{kind_check_target, "default", true},
	{kind_check_target, "kube-public", false},
	{kind_check_object, "registry.example.com", true},
	{kind_check_object, "a..b", false},
	{kind_check_image, "trino", true},
	{kind_check_image, "trinodb/trino", true},
	{kind_check_image, "a/b_c/d.e-f", true},
	{kind_check_image, "Registry.example.com:5000/trinodb/trino", true},
	{kind_check_image, "127.0.0.1:5000/x", true},
	{kind_check_image, "/trino", false},
	{kind_check_image, "trino/", false},
	{kind_check_image, "a/b:1/c", false},
	{kind_check_image, "trino:", false},
	{kind_check_image, "tri\nno", false},
	{kind_check_image, "a b/c", false},
	{kind_check_image, "trino-", false},
	{kind_check_image, "", false},
	{kind_check_tag, "_a.B-1", true},
	{kind_check_tag, ".1", false},
	{kind_check_tag, "a/b", false},
	{kind_check_tag, "", false},
	{kind_check_file_name, "...", true},
	{kind_check_file_name, "a.b_c-d", true},
	{kind_check_file_name, "a\nb", false},
	{kind_check_folder, "/etc", true},
	{kind_check_folder, "/etc/..trino/.x/...", true},
	{kind_check_folder, "/etc/..", false},
	{kind_check_folder, "/./etc", false},
	{kind_check_folder, "", false},
};

static void
texts_are_checked(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(text_cases); i++) {
		const char *cause = text_cases[i].check(text_cases[i].text);

		if ((cause == NULL) != text_cases[i].is_right)
			fail_msg("case %zu, \"%s\": %s", i, text_cases[i].text,
				cause == NULL ? "taken" : cause);
	}
}

static unsigned
count_label_errors(const char *yaml)
{
	struct arena *arena = arena_new();
	const struct doc_node *node = unit_yaml(arena, unit_bytes(yaml));
	struct err_list errors = {0};

	kind_check_labels(node, "x", &errors);
	kind_check_quantities(doc_get(node, "quantities"), "x", &errors);
	arena_free(arena);
	return errors.total;
}

static void
labels_and_quantities_are_checked_in_mappings(void **cookie)
{
	(void)cookie;
	assert_int_equal(count_label_errors("a: b\n"), 0);
	assert_int_equal(count_label_errors("a.b-c_D/e: 1.2_3-X\n"), 1);
	assert_int_equal(count_label_errors("a.b-c/e_F.g: 1.2_3-X\n"), 0);
	assert_int_equal(count_label_errors("a:\nb: ''\nc: [x]\n"), 0);
	assert_int_equal(count_label_errors("a: -b\nc: b-\n"), 2);
	assert_int_equal(count_label_errors("- a\n"), 0);
	assert_int_equal(
		count_label_errors("quantities: {cpu: 1, memory: 1Gb}\n"), 1);
	assert_int_equal(
		count_label_errors("quantities: {cpu: , memory: []}\n"), 0);
}

static void
long_keys_of_labels_are_refused(void **cookie)
{
	char yaml[400] = "";

	(void)cookie;
	memset(yaml, 'a', 63);
	(void)snprintf(yaml + 63, sizeof(yaml) - 63, ": b\n");
	assert_int_equal(count_label_errors(yaml), 0);
	memset(yaml, 'a', 64);
	(void)snprintf(yaml + 64, sizeof(yaml) - 64, ": b\n");
	assert_int_equal(count_label_errors(yaml), 1);
	memset(yaml, 'a', 300);
	(void)snprintf(yaml + 300, sizeof(yaml) - 300, "/c: b\n");
	assert_int_equal(count_label_errors(yaml), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_checked),
		cmocka_unit_test(labels_and_quantities_are_checked_in_mappings),
		cmocka_unit_test(long_keys_of_labels_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
