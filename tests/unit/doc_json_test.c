/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "unit_doc.h"

static const char *
printed(struct arena *arena, const struct doc_node *node)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	doc_write_json(node, &j);
	return buf_string(&out);
}

static void
doc_parse_json_makes_the_tree_of_yaml(void **state)
{
	const struct doc_node *root = unit_json(
		*state, unit_bytes(" {\"b\": [1, -2.5, \"x\", true, false, "
				   "null, [], {}],\n"
				   "  \"a\": {\"\": \"\\\"\\u20ac\"}}"));
	const struct doc_node *list = doc_get(root, "b");

	assert_int_equal(root->type, DOC_MAP);
	assert_string_equal(root->pairs[0].key, "b");
	assert_int_equal(root->pairs[0].key_at->line, 0);
	assert_int_equal(list->count, 8);
	assert_true(list->items[0]->is_plain);
	assert_false(list->items[2]->is_plain);
	assert_true(doc_is_null(list->items[5]));
	assert_string_equal(list->items[1]->text.data, "-2.5");
	assert_string_equal(
		doc_get(doc_get(root, "a"), "")->text.data, "\"\xe2\x82\xac");
	assert_string_equal(printed(*state, root),
		"{\"a\":{\"\":\"\\\"\xe2\x82\xac\"},"
		"\"b\":[1,-2.5,\"x\",true,false,null,[],{}]}");
	assert_string_equal(unit_json(*state, unit_bytes("7"))->text.data, "7");
}

static void
doc_parse_json_refuses_with_place(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		unsigned line;
		const char *cause;
	} cases[] = {
		{"", 0, 1, "the JSON ends too early"},
		{"[\n", 2, 2, "the JSON ends too early"},
		{"{", 1, 1, "the JSON ends too early"},
		{"\"x", 2, 1, "the JSON ends too early"},
		{"{\"a\":1,}", 8, 1, "is not JSON"},
		{"{\n\"a\":1,\n\"a\":2}", 15, 3, "stands twice"},
		{"[1] 2", 5, 1, "goes on after its one value"},
		{"\"\\u0000\"", 8, 1, "NUL"},
		{"{\"\\u0000\":1}", 12, 1, "NUL"},
		{"\"\xff\"", 3, 1, "not UTF-8"},
		{"99999999999999999999", 20, 1, "too large"},
		{"1e999", 5, 1, "too large"},
		{"'a'", 3, 1, "is not JSON"},
		{"]", 1, 1, "is not JSON"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *out;
		struct err e = {.code = ERR_NONE};
		struct bytes in = {cases[i].in, cases[i].len};

		assert_int_equal(
			doc_parse_json(*state, in, &unit_limits, &out, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		if (strstr(e.message, cases[i].cause) == NULL ||
			e.line != cases[i].line || e.column == 0)
			fail_msg("%s: %u:%u %s", cases[i].in, e.line, e.column,
				e.message);
	}
}

static void
doc_parse_json_holds_its_limits(void **state)
{
	static const struct doc_limits small = {40, 3, 7};
	static const struct {
		const char *in;
		enum err_code code;
		unsigned line, column;
	} cases[] = {
		{"{\"a\":[[\"]}\\\"[[[\"]],\"b\":2}", ERR_NONE, 0, 0},
		{"{\n\"a\":[[[1]]]}", ERR_INVALID, 2, 7},
		{"[1, 2, 3,\ttrue, {}, []]", ERR_NONE, 0, 0},
		{"[1, 2, 3, 4, 5, 6, 77]", ERR_INVALID, 1, 20},
		{"\"2345678901234567890123456789012345678901\"", ERR_TOO_LARGE,
			0, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct doc_node *out;
		struct err e = {.code = ERR_NONE};

		doc_parse_json(
			*state, unit_bytes(cases[i].in), &small, &out, &e);
		assert_int_equal(e.code, cases[i].code);
		assert_int_equal(e.line, cases[i].line);
		assert_int_equal(e.column, cases[i].column);
	}
}

static void
doc_write_json_is_canonical(void **state)
{
	static const struct {
		const char *yaml, *json;
	} cases[] = {
		{"{b: 1, a: 2, B: 3}", "{\"B\":3,\"a\":2,\"b\":1}"},
		{"[1, -1, 0, -0, 10]", "[1,-1,0,0,10]"},
		{"[1.5, 1.50, 15e-1, 0.1, -0.0, 1e2, 1E+2]",
			"[1.5,1.5,1.5,0.1,0,100,100]"},
		{"[0.1234567890123456789, 1e20]",
			"[0.12345678901234568,1e+20]"},
		{"[99999999999999999999, 1e999]", "[1e+20,\"1e999\"]"},
		{"[01, +1, .5, 1., 1e, 1e+, 0x1, -, 1_0, 1a]",
			"[\"01\",\"+1\",\".5\",\"1.\",\"1e\",\"1e+\",\"0x1\","
			"\"-\",\"1_0\",\"1a\"]"},
		{"[true, false, True, yes]", "[true,false,\"True\",\"yes\"]"},
		{"[~, null, Null, NULL, '', 'null', '1', 'true']",
			"[null,null,null,null,\"\",\"null\",\"1\",\"true\"]"},
		{"a: |\n  1\n", "{\"a\":\"1\\n\"}"},
		{"a:\n", "{\"a\":null}"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *once = printed(
			*state, unit_yaml(*state, unit_bytes(cases[i].yaml)));

		assert_string_equal(once, cases[i].json);
		/* What was printed reads back as the same. */
		assert_string_equal(
			printed(*state, unit_json(*state, unit_bytes(once))),
			once);
	}
}

static void
doc_at_walks_paths(void **state)
{
	const struct doc_node *root =
		unit_yaml(*state, unit_bytes("metadata:\n"
					     "  labels: {app: trino, n: 3, "
					     "big: 99999999999999999999}\n"
					     "  none: ~\n"
					     "  quoted: '12'\n"
					     "  signs: [-5, 1x]\n"
					     "  minus: -7\n"
					     "  x: '-'\n"
					     "l: [1]\n"));

	assert_string_equal(
		doc_text(root, "metadata.labels.app", "?"), "trino");
	assert_string_equal(doc_text(root, "metadata.labels", "?"), "?");
	assert_string_equal(doc_text(root, "metadata.none", "?"), "?");
	assert_string_equal(doc_text(root, "metadata.label.app", "?"), "?");
	assert_string_equal(doc_text(root, "l.1", "?"), "?");
	assert_string_equal(doc_text(NULL, "a.b", "?"), "?");
	assert_null(doc_text(root, "nothing", NULL));
	assert_int_equal(doc_int(root, "metadata.labels.n", -1), 3);
	assert_int_equal(doc_int(root, "metadata.quoted", -1), 12);
	assert_int_equal(doc_int(root, "metadata.minus", -1), -7);
	assert_int_equal(doc_int(root, "metadata.labels.app", -1), -1);
	assert_int_equal(doc_int(root, "metadata.labels.big", -1), -1);
	assert_int_equal(doc_int(root, "metadata.x", -1), -1);
	assert_int_equal(doc_int(root, "metadata.none", 4), 4);
	assert_int_equal(doc_int(root, "l", 4), 4);
	assert_null(doc_get(root, "meta"));
	assert_null(doc_get(root, "metadata2"));
	assert_non_null(doc_get(root, "metadata"));
	assert_null(doc_get(doc_get(root, "l"), "1"));
	assert_null(doc_get(NULL, "a"));
	assert_true(doc_is_null(NULL));
	assert_false(doc_is_null(root));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(doc_parse_json_makes_the_tree_of_yaml),
		UNIT_TEST(doc_parse_json_refuses_with_place),
		UNIT_TEST(doc_parse_json_holds_its_limits),
		UNIT_TEST(doc_write_json_is_canonical),
		UNIT_TEST(doc_at_walks_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
