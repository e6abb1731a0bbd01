/* SPDX-License-Identifier: Apache-2.0 */
/* Where a place in a text is in the document that the text stands in. */
#include "unit_doc.h"

#include <time.h>

/* Key a is a document of its own, in which x stands. */
static const struct {
	const char *in;
	unsigned line, column; /* of x */
} cases[] = {
	{"a: |\n  k: v\n  b: x\n", 3, 6},
	{"# top\na: |\n        b: x\n", 3, 12},
	{"\xef\xbb\xbf"
	 "a: |\r\n  k: v\r\n  b: x\r\n",
		3, 6},
	{"a: |\n\n \n  \n  # one\n  b:\n     x\n", 7, 6},
	{"a: |-  # cut\n\n  b: x", 3, 6},
	{"a: |1\n   k: v\n   b: x\n", 3, 7},
	{"o: |\n  b: 1\na: |+\n   b: x\nc: |\n  b: 2\n", 4, 7},
	{"o:\n- p: |\n    b\n\na: |\n b: x\n", 6, 5},
	/* not of literal style: where the text begins */
	{"a: >\n  k: v\n\n  b: x\n", 1, 4},
	{"a: \"k: v\\nb: x\"\n", 1, 4},
	{"a: 'b: x'\n", 1, 4},
	{"a:\n  x\n", 2, 3},
};

static const struct doc_node *
find_x(const struct doc_node *node)
{
	return node->type == DOC_SCALAR ? node : doc_get(node, "b");
}

static void
doc_place_finds_the_outer_line_of_literal_texts(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *text = doc_get(
			unit_yaml(*state, unit_bytes(cases[i].in)), "a");
		const struct doc_node *x =
			find_x(unit_yaml(*state, text->text));
		unsigned line = x->line, column = x->column;

		assert_string_equal(x->text.data, "x");
		doc_place(text, &line, &column);
		if (line != cases[i].line || column != cases[i].column)
			fail_msg("case %zu: %u:%u", i, line, column);
	}
}

static void
doc_place_of_nothing_is_that_of_the_text(void **state)
{
	const struct doc_node *root =
		unit_yaml(*state, unit_bytes("k: |\n  b\na: |\n  \n\nc: d\n"));
	unsigned line = 0, column = 0;

	doc_place(doc_get(root, "k"), &line, &column);
	assert_int_equal(line, 1);
	assert_int_equal(column, 4);
	assert_int_equal(doc_get(root, "a")->indent, 0);
	assert_int_equal(doc_get(root, "c")->indent, 0);
}

/* The end of a text is said to be at the start of the line behind it. */
static void
doc_place_stays_within_lines(void **state)
{
	const struct doc_node *text = doc_get(
		unit_yaml(*state, unit_bytes("a: |+\n  k: [\n\n  v,\n")), "a");
	static const struct {
		unsigned line, column, outer_line, outer_column;
	} places[] = {{1, 4, 2, 6}, {2, 1, 3, 1}, {3, 2, 4, 4}, {4, 1, 5, 1}};

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		unsigned line = places[i].line, column = places[i].column;

		doc_place(text, &line, &column);
		assert_int_equal(line, places[i].outer_line);
		assert_int_equal(column, places[i].outer_column);
	}
}

static double
cpu_ms(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Were each looked for from the top, this would take minutes. */
static void
many_literal_texts_are_walked_but_once(void **state)
{
	static const char head[] = "# 1\n", part[] = "- |\n  a\n";
	char *text = arena_alloc(*state, DOC_YAML_BYTES_MAX);
	const struct doc_node *root;
	size_t len = DOC_YAML_BYTES_MAX / 2;
	double start = cpu_ms();

	for (size_t i = 0; i < len; i += sizeof(head) - 1)
		memcpy(text + i, head, sizeof(head) - 1);
	for (size_t i = 0; i < DOC_NODES_MAX - 1; i++, len += sizeof(part) - 1)
		memcpy(text + len, part, sizeof(part) - 1);
	root = unit_yaml(*state, (struct bytes){text, len});
	assert_int_equal(root->items[root->count - 1]->indent, 2);
	assert_true(cpu_ms() - start < 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(doc_place_finds_the_outer_line_of_literal_texts),
		UNIT_TEST(doc_place_stays_within_lines),
		UNIT_TEST(doc_place_of_nothing_is_that_of_the_text),
		UNIT_TEST(many_literal_texts_are_walked_but_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
