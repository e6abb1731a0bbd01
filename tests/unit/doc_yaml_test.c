/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"
#include "unit_doc.h"

#include <time.h>

static void
doc_parse_yaml_makes_a_tree_with_positions(void **state)
{
	const struct doc_node *root =
		unit_yaml(*state, unit_bytes("# top\n"
					     "name: trino\n"
					     "spec:\n"
					     "  tag: \"384\"\n"
					     "  list:\n"
					     "  - a\n"
					     "  - {x: 1, y: [2, 3]}\n"
					     "  none:\n"));
	const struct doc_node *spec = doc_get(root, "spec");
	const struct doc_node *list = doc_get(spec, "list");

	assert_int_equal(root->type, DOC_MAP);
	assert_int_equal(root->count, 2);
	assert_string_equal(root->pairs[0].key, "name");
	assert_int_equal(root->pairs[0].key_at->line, 2);
	assert_int_equal(root->pairs[0].key_at->column, 1);
	assert_int_equal(root->pairs[0].value->line, 2);
	assert_int_equal(root->pairs[0].value->column, 7);
	assert_true(root->pairs[0].value->is_plain);
	assert_false(doc_get(spec, "tag")->is_plain);
	assert_int_equal(doc_get(spec, "tag")->text.len, 3);
	assert_int_equal(list->type, DOC_LIST);
	assert_int_equal(list->count, 2);
	assert_int_equal(list->items[1]->line, 7);
	assert_int_equal(list->items[1]->column, 5);
	assert_string_equal(doc_text(list->items[1], "x", ""), "1");
	assert_int_equal(doc_get(list->items[1], "y")->count, 2);
	assert_true(doc_is_null(doc_get(spec, "none")));
}

static void
doc_parse_yaml_takes_what_users_write(void **state)
{
	static const struct {
		const char *in, *value; /* of key "a" */
		bool is_plain;
	} cases[] = {
		{"---\na: 1\n", "1", true},
		{"a: 1\n...\n", "1", true},
		{"\xef\xbb\xbf"
		 "a: 1",
			"1", true},
		{"a: 1\r\nb: 2\r\n", "1", true},
		{"a: |\n  x\n  \ty\n", "x\n\ty\n", false},
		{"a: >-\n  x\n  y\n", "x y", false},
		{"a: \"\\u20ac\\t\"", "\xe2\x82\xac\t", false},
		{"a: 'it''s'", "it's", false},
		{"a: \xc3\xa9 \xf0\x9f\x98\x80", "\xc3\xa9 \xf0\x9f\x98\x80",
			true},
		{"{\"a\": 50%}", "50%", true},
		{"a: |\n  %TAG\n", "%TAG\n", false},
		{"\"<<\": 1\na: 2\n", "2", true},
		{"a:\n", "", true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *a;

		a = doc_get(unit_yaml(*state, unit_bytes(cases[i].in)), "a");
		assert_non_null(a);
		assert_string_equal(a->text.data, cases[i].value);
		assert_int_equal(a->is_plain, cases[i].is_plain);
	}
}

static const struct bad_case {
	const char *in;
	size_t len; /* 0: up to the NUL */
	unsigned line, column;
	const char *cause;
} bad_cases[] = {
	{"", 0, 0, 0, "the text is empty"},
	{"# only a comment\n", 0, 0, 0, "the text is empty"},
	{"a: 1\n\tb: 2\n", 0, 2, 1,
		"the line starts with a tab: YAML wants "
		"spaces"},
	{"a:\n\tb: 2\n", 0, 2, 1, "the line starts with a tab"},
	{"a:\n  b: 1\n  \tc: 2\n", 0, 3, 3, "the line is indented with a tab"},
	{"a: b\n \tc: d\n", 0, 2, 4, "the line is indented with a tab"},
	{"a: |\n\tx\n", 0, 2, 1, "the line starts with a tab"},
	{"-\t- a\n", 0, 1, 2, "the line is indented with a tab"},
	{"a: 1\nb: 2\na: 3\n", 0, 3, 1,
		"the key \"a\" stands twice in one mapping, in lines 1 and 3"},
	{"x:\n  k: 1\n  \"k\": 2\n", 0, 3, 3, "in lines 2 and 3"},
	{"{b: 1, c: 2, b: 3}", 0, 1, 14, "in lines 1 and 1"},
	{"[a]: 1\n", 0, 1, 1, "a key must be text"},
	{"a: {{ .Values.x }}\n", 0, 1, 5, "a key must be text"},
	{"a: ]\n", 0, 1, 4, "a value is expected here"},
	{"[1,\n\xc3\xa9, #", 0, 2, 5, "a value is expected here"},
	{"[1, #\n", 0, 2, 1, "a value is expected here"},
	{"?\n: 1\n", 0, 1, 2, "a key is missing before the ':'"},
	{"a: &x 1\n", 0, 1, 4, "an anchor (&) is not accepted"},
	{"a: &x [1]\n", 0, 1, 4, "an anchor"},
	{"a: &x {b: 1}\n", 0, 1, 4, "an anchor"},
	{"a: 1\nb: *x\n", 0, 2, 4, "an alias (*) is not accepted"},
	{"a: !x 1\n", 0, 1, 4, "a tag (!) is not accepted"},
	{"a: !!map {}\n", 0, 1, 4, "a tag (!) is not accepted"},
	{"a: !!seq []\n", 0, 1, 4, "a tag (!) is not accepted"},
	{"a: !y!z 1\n", 0, 1, 4, "a tag (!) is not accepted"},
	{"a: 1\n<<: {b: 2}\n", 0, 2, 1, "a merge key (<<) is not accepted"},
	{"a: 1\n---\nb: 2\n", 0, 2, 1, "a second document starts here"},
	{"%YAML 1.1\n---\na: 1\n", 0, 1, 1, "starts with '%'"},
	{"a: 1\n...\n%TAG ! x\n---\n", 0, 3, 1, "starts with '%'"},
	{"a: 1\nb: \"\\0\"\n", 0, 2, 4, "has a NUL"},
	{"a: 1\nb: x\0y\n", 12, 2, 5, "a NUL byte"},
	{"a\0:\0", 4, 1, 2, "is it UTF-16?"},
	{"\xff\xfe"
	 "a\0",
		4, 1, 1, "the text is UTF-16"},
	{"\xfe\xff\0a", 4, 1, 1, "the text is UTF-16"},
	{"a: \xc3\xa9\xff\n", 0, 1, 5, "byte 0xff is not UTF-8"},
	{"a: 1\nb: \xed\xa0\x80\n", 0, 2, 4, "byte 0xed is not UTF-8"},
	{"a: x\x07\n", 0, 1, 5, "character U+0007 is not accepted"},
	{"a: x\xc2\x85\n", 0, 1, 5, "character U+0085 is not accepted"},
	{"a: x\xe2\x80\xa8\n", 0, 1, 5, "character U+2028"},
	{"a: 1\rb: 2\r", 0, 1, 5, "character U+000D"},
	{"a: \xef\xbb\xbf\n", 0, 1, 4, "character U+FEFF"},
	{"a: b: c\n", 0, 1, 5, "a ':' cannot stand here"},
	{"a: 1\nbcd\ne: 2\n", 0, 2, 1, "a key without ':'"},
	{"a: @x\n", 0, 1, 4, "no value can start with this character"},
	{"a: 1\n  b: 2\n", 0, 2, 4, "a ':' cannot stand here"},
	{"a:\n    b: 1\n  c: 2\n", 0, 3, 3, "the indentation fits no line"},
	{"a: \"x\" y\n", 0, 1, 8, "a value in quotes ended too early"},
	{"- a\nb: 1\n", 0, 2, 1, "an item \"- ...\" of the list"},
	{"a: - b\n", 0, 1, 4, "a list item \"- ...\" cannot stand here"},
	{"a: [1, 2\nb: 3\n", 0, 1, 4, "opened with '['"},
	{"a: {b: 1\nc: 2\n", 0, 1, 4, "opened with '{'"},
	{"a: \"x\nb: 2\n", 0, 1, 4, "the quotes opened here are never closed"},
	{"a: 'x\n---\n", 0, 1, 4, "before the document ends"},
	{"a: \"\\d\"\n", 0, 1, 5, "no such escape"},
	{"[a]\nb\n", 0, 2, 1, "goes on where its one document ended"},
	{"a: \"\\xZZ\"\n", 0, 1, 7, "hexdecimal"},
};

static void
doc_parse_yaml_refuses_with_place_and_cure(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];
		size_t len = c->len == 0 ? strlen(c->in) : c->len;
		const struct doc_node *out;
		struct err e = {.code = ERR_NONE};

		if (doc_parse_yaml(*state, (struct bytes){c->in, len},
			    &unit_limits, &out, &e) == 0)
			fail_msg("taken: %s", c->in);
		assert_int_equal(e.code, ERR_INVALID);
		if (strstr(e.message, c->cause) == NULL || e.line != c->line ||
			e.column != c->column)
			fail_msg("%s: %u:%u %s", c->in, e.line, e.column,
				e.message);
	}
}

static void
doc_parse_yaml_holds_its_limits(void **state)
{
	static const struct doc_limits small = {40, 3, 7};
	static const struct {
		const char *in;
		enum err_code code;
		const char *cause;
	} cases[] = {
		{"{a: [[1]], b: 2}", ERR_NONE, ""},
		{"{a: [[[1]]]}", ERR_INVALID, "nested deeper than 3 levels"},
		{"[1, 2, 3, 4, 5, 6]", ERR_NONE, ""},
		{"[1, 2, 3, 4, 5, 6, 7]", ERR_INVALID, "more than 7 keys"},
		{"a: 2345678901234567890123456789012345678", ERR_NONE, ""},
		{"a: 23456789012345678901234567890123456789", ERR_TOO_LARGE,
			"41 bytes; at most 40"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *out;
		struct err e = {.code = ERR_NONE};

		doc_parse_yaml(
			*state, unit_bytes(cases[i].in), &small, &out, &e);
		assert_int_equal(e.code, cases[i].code);
		if (e.code != ERR_NONE)
			assert_non_null(strstr(e.message, cases[i].cause));
	}
}

/* One whose JSON is longer than the key of any YAML parser. */
static void
doc_parse_yaml_refuses_keys_that_helm_could_not_read(void **state)
{
	static const struct {
		const char *part;
		size_t times;
		bool is_right;
	} cases[] = {{"k", 900, true}, {"k", 1000, false}, {"\\x01", 150, true},
		{"\\x01", 170, false}, {"\xe2\x82\xac", 330, false}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *out;
		struct err e = {.code = ERR_NONE};
		struct buf in;

		buf_init(&in, *state);
		buf_text(&in, "a:\n  ? \"");
		for (size_t k = 0; k < cases[i].times; k++)
			buf_text(&in, cases[i].part);
		buf_text(&in, "\"\n  : 1\n");
		doc_parse_yaml(*state, buf_bytes(&in), &unit_limits, &out, &e);
		if ((e.code == ERR_NONE) != cases[i].is_right)
			fail_msg("case %zu: %s", i, e.message);
		if (cases[i].is_right)
			continue;
		assert_non_null(strstr(e.message, "the key is too long"));
		assert_int_equal(e.line, 2);
		assert_int_equal(e.column, 5);
	}
}

static double
cpu_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* Texts of 1 MiB that are slow where a check or the parser is quadratic. */
static void
doc_parse_yaml_answers_hostile_texts_at_once(void **state)
{
	static const struct {
		const char *head, *part;
	} cases[] = {{"", "["}, {"", "{"}, {"", "- "}, {"", "? "}, {"", ":"},
		{"", "a: "}, {"", "a: 1\n"}, {"[", "a,"}, {"[", "[],"},
		{"\"", "\\n"}, {"", "\t"}, {"a: 1\n", "%TAG !a! b\n"},
		{"", "- &a x\n"}, {"", "---\n"}, {"", "? a\n"}, {"!<", "a"},
		{"a: >\n", "  x\n"}, {"", "#\n"}, {"", "\xe2\x82\xac"}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		char *text = arena_alloc(arena, DOC_YAML_BYTES_MAX);
		size_t part = strlen(cases[i].part);
		size_t len = strlen(cases[i].head);
		const struct doc_node *out;
		struct err e;
		double start = cpu_ms(), spent;

		memcpy(text, cases[i].head, len);
		for (; len + part <= DOC_YAML_BYTES_MAX; len += part)
			memcpy(text + len, cases[i].part, part);
		doc_parse_yaml(arena, (struct bytes){text, len}, &unit_limits,
			&out, &e);
		spent = cpu_ms() - start;
		/* Here 25 ms; a sanitizer and a slow machine get their part. */
		if (spent > 1000)
			fail_msg("%s: %.0f ms", cases[i].part, spent);
		arena_free(arena);
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(doc_parse_yaml_makes_a_tree_with_positions),
		UNIT_TEST(doc_parse_yaml_takes_what_users_write),
		UNIT_TEST(doc_parse_yaml_refuses_with_place_and_cure),
		UNIT_TEST(doc_parse_yaml_holds_its_limits),
		UNIT_TEST(doc_parse_yaml_refuses_keys_that_helm_could_not_read),
		UNIT_TEST(doc_parse_yaml_answers_hostile_texts_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
