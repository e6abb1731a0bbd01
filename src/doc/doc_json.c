/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_internal.h"

#include <jansson.h>
#include <string.h>

/* What to say for jansson's codes: its own texts quote the input. */
static const struct complaint {
	enum json_error_code code;
	const char *message;
} complaints[] = {
	{json_error_invalid_utf8, "the JSON is not UTF-8"},
	{json_error_premature_end_of_input,
		"the JSON ends too early: a bracket or quote is not closed"},
	{json_error_end_of_input_expected,
		"the JSON goes on after its one value"},
	{json_error_null_character, "a string has a NUL (\\u0000) in it"},
	{json_error_null_byte_in_key, "a key has a NUL (\\u0000) in it"},
	{json_error_duplicate_key,
		"the key before this place stands twice in one object"},
	{json_error_numeric_overflow, "the number is too large"},
};

static int
refuse_problem(const json_error_t *problem, struct err *e)
{
	const char *message = "this is not JSON: check quotes, commas and "
			      "brackets";
	/* jansson's place before a line's first character is 0. */
	unsigned column = problem->column > 0 ? (unsigned)problem->column : 1;

	for (size_t i = 0; i < COUNT_OF(complaints); i++)
		if (json_error_code(problem) == complaints[i].code)
			message = complaints[i].message;
	return err_at(e, (unsigned)problem->line, column, "", "%s", message);
}

/* Where a scan of the text is, to hold the limits before any tree is made. */
struct scan {
	unsigned line, column, depth;
	size_t nodes;
	bool is_text;   /* between quotes */
	bool is_escape; /* behind a backslash there */
	bool is_word;   /* in a number, true, false or null */
};

static void
scan_text(struct scan *s, char c)
{
	if (s->is_escape)
		s->is_escape = false;
	else if (c == '\\')
		s->is_escape = true;
	else if (c == '"')
		s->is_text = false;
}

static void
scan_byte(struct scan *s, char c)
{
	bool was_word = s->is_word;

	s->is_word = false;
	switch (c) {
	case '"':
		s->is_text = true;
		s->nodes++;
		break;
	case '[':
	case '{':
		s->depth++;
		s->nodes++;
		break;
	case ']':
	case '}':
		s->depth -= s->depth > 0;
		break;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
	case ',':
	case ':':
		break;
	default:
		s->is_word = true;
		s->nodes += !was_word;
	}
}

static int
check_limits(struct bytes in, const struct doc_limits *limits, struct err *e)
{
	struct scan s = {.line = 1};

	for (size_t i = 0; i < in.len; i++) {
		s.column++;
		if (s.is_text)
			scan_text(&s, in.data[i]);
		else
			scan_byte(&s, in.data[i]);
		if (s.depth > limits->depth_max)
			return err_at(e, s.line, s.column, "",
				"nested deeper than %u levels",
				limits->depth_max);
		if (s.nodes > limits->nodes_max)
			return err_at(e, s.line, s.column, "",
				"the document has more than %u keys and values",
				limits->nodes_max);
		if (in.data[i] == '\n') {
			s.line++;
			s.column = 0;
		}
	}
	return 0;
}

static const struct doc_node *convert(struct arena *arena, json_t *value);

static struct doc_node *
new_scalar(struct arena *arena, const char *text, size_t len, bool is_plain)
{
	struct doc_node *node = arena_alloc(arena, sizeof(*node));

	node->type = DOC_SCALAR;
	node->text.data = arena_copy(arena, text, len);
	node->text.len = len;
	node->is_plain = is_plain;
	return node;
}

static const struct doc_node *
convert_object(struct arena *arena, json_t *object)
{
	struct doc_node *node = arena_alloc(arena, sizeof(*node));
	struct doc_pair *pair;
	const char *key;
	json_t *value;

	node->type = DOC_MAP;
	pair = arena_array(arena, json_object_size(object), sizeof(*pair));
	node->pairs = pair;
	json_object_foreach(object, key, value)
	{
		pair->key_at = new_scalar(arena, key, strlen(key), false);
		pair->key = pair->key_at->text.data;
		pair->value = convert(arena, value);
		pair++;
		node->count++;
	}
	return node;
}

static const struct doc_node *
convert_array(struct arena *arena, json_t *array)
{
	struct doc_node *node = arena_alloc(arena, sizeof(*node));
	const struct doc_node **items;

	node->type = DOC_LIST;
	node->count = json_array_size(array);
	items = arena_array(arena, node->count, sizeof(*items));
	for (size_t i = 0; i < node->count; i++)
		items[i] = convert(arena, json_array_get(array, i));
	node->items = items;
	return node;
}

static const struct doc_node *
convert_word(struct arena *arena, const char *word)
{
	return new_scalar(arena, word, strlen(word), true);
}

static const struct doc_node *
convert(struct arena *arena, json_t *value)
{
	char real[DOC_REAL_SIZE];

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return convert_object(arena, value);
	case JSON_ARRAY:
		return convert_array(arena, value);
	case JSON_STRING:
		return new_scalar(arena, json_string_value(value),
			json_string_length(value), false);
	case JSON_INTEGER:
		return convert_word(
			arena, arena_format(arena, "%" JSON_INTEGER_FORMAT,
				       json_integer_value(value)));
	case JSON_REAL:
		doc_real_text(json_real_value(value), real);
		return convert_word(arena, real);
	case JSON_TRUE:
		return convert_word(arena, "true");
	case JSON_FALSE:
		return convert_word(arena, "false");
	case JSON_NULL:
		break;
	}
	return convert_word(arena, "null");
}

int
doc_parse_json(struct arena *arena, struct bytes in,
	const struct doc_limits *limits, const struct doc_node **out,
	struct err *e)
{
	json_error_t problem;
	json_t *value;

	if (doc_check_size(in, limits, e) != 0 ||
		check_limits(in, limits, e) != 0)
		return -1;
	/* "" instead of NULL, which jansson takes for a wrong argument. */
	value = json_loadb(in.len == 0 ? "" : in.data, in.len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
	if (value == NULL)
		return refuse_problem(&problem, e);
	*out = convert(arena, value);
	json_decref(value);
	return 0;
}
