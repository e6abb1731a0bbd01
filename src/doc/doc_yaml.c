/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_yaml.h"

#include <assert.h>
#include <string.h>

/* What to say about the parser's complaints, by a part of its own words. */
static const struct complaint {
	const char *part;
	bool is_at_start; /* the cause is where the construct began */
	const char *message;
} complaints[] = {
	{"mapping values are not allowed", false,
		"a ':' cannot stand here: check the indentation, or put the "
		"value in quotes"},
	{"could not find expected ':'", true,
		"a key without ':' behind it: write \"key: value\""},
	{"cannot start any token", false,
		"no value can start with this character: put it in quotes"},
	{"did not find expected key", false,
		"the indentation fits no line above, or a value in quotes "
		"ended too early"},
	{"expected node content", false,
		"a value is expected here: put text that starts with this "
		"character in quotes"},
	{"did not find expected '-'", false,
		"the indentation fits no line above: an item \"- ...\" of the "
		"list is expected"},
	{"sequence entries are not allowed", false,
		"a list item \"- ...\" cannot stand here: put it on a line of "
		"its own"},
	{"expected ',' or ']'", true,
		"a list opened with '[' here has no ',' or ']' where it needs "
		"one"},
	{"expected ',' or '}'", true,
		"a mapping opened with '{' here has no ',' or '}' where it "
		"needs one: put text with braces in quotes"},
	{"unexpected end of stream", true,
		"the quotes opened here are never closed"},
	{"unexpected document indicator", true,
		"the quotes opened here are not closed before the document "
		"ends"},
	{"unknown escape", false,
		"no such escape in double quotes: write \\\\ for a backslash, "
		"or use single quotes"},
	{"<document start>", false,
		"the text goes on where its one document ended: check the "
		"indentation"},
	{"undefined tag handle", false,
		"a tag (!) is not accepted: put text with '!' in quotes"},
};

static const struct complaint *
complaint_of(const char *problem)
{
	for (size_t i = 0; i < COUNT_OF(complaints); i++)
		if (strstr(problem, complaints[i].part) != NULL)
			return &complaints[i];
	return NULL;
}

/* Whether the line's indentation has a tab, or the column is one. */
static bool
has_tab(struct bytes line, size_t column)
{
	if (column < line.len && line.data[column] == '\t')
		return true;
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '\t')
			return true;
		if (line.data[i] != ' ')
			return false;
	}
	return false;
}

/* libyaml ends a last line that has no end, and then is in one that is not
 * there: ${line} and ${column} become the end of the text. */
static void
stay_inside(struct bytes in, unsigned *line, unsigned *column)
{
	unsigned last = 1;

	for (size_t i = 0; i < in.len; i++)
		last += in.data[i] == '\n';
	if (*line <= last)
		return;
	in = doc_line(in, last);
	*line = last;
	*column = 1;
	for (size_t i = 0; i < in.len; i++)
		*column += ((unsigned char)in.data[i] & 0xc0) != 0x80;
}

static int
refuse_problem(const yaml_parser_t *parser, struct bytes in, struct err *e)
{
	const struct complaint *found;
	const yaml_mark_t *at = &parser->problem_mark;
	unsigned line = (unsigned)at->line + 1, column;

	/* Its reader has nothing to refuse: the bytes were checked. */
	assert(parser->error == YAML_SCANNER_ERROR ||
		parser->error == YAML_PARSER_ERROR);
	if (has_tab(doc_line(in, line), at->column))
		return err_at(e, line, (unsigned)at->column + 1, "",
			"the line %s: YAML wants spaces",
			at->column == 0 ? "starts with a tab"
					: "is indented with a tab");
	found = complaint_of(parser->problem);
	if (found != NULL && found->is_at_start)
		at = &parser->context_mark;
	line = (unsigned)at->line + 1;
	column = (unsigned)at->column + 1;
	stay_inside(in, &line, &column);
	return err_at(e, line, column, "", "%s",
		found == NULL ? parser->problem : found->message);
}

static int
parse_events(yaml_parser_t *parser, struct bytes in, struct doc_builder *b)
{
	yaml_event_t event;
	bool is_end;
	int rc;

	do {
		if (!yaml_parser_parse(parser, &event))
			return refuse_problem(parser, in, b->e);
		is_end = event.type == YAML_STREAM_END_EVENT;
		rc = doc_builder_take(b, &event);
		yaml_event_delete(&event);
	} while (rc == 0 && !is_end);
	return rc;
}

static struct bytes
without_mark(struct bytes in)
{
	if (in.len < 3 || memcmp(in.data, "\xef\xbb\xbf", 3) != 0)
		return in;
	return (struct bytes){in.data + 3, in.len - 3};
}

int
doc_parse_yaml(struct arena *arena, struct bytes in,
	const struct doc_limits *limits, const struct doc_node **out,
	struct err *e)
{
	struct doc_builder b;
	yaml_parser_t parser;
	int rc;

	if (doc_check_size(in, limits, e) != 0)
		return -1;
	in = without_mark(in);
	if (doc_yaml_check_bytes(in, e) != 0)
		return -1;
	doc_builder_init(&b, arena, in, limits, e);
	rc = yaml_parser_initialize(&parser);
	assert(rc == 1); /* else memory is out */
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)in.data, in.len);
	rc = parse_events(&parser, in, &b);
	yaml_parser_delete(&parser);
	if (rc != 0)
		return -1;
	if (b.root == NULL)
		return err_set(e, ERR_INVALID, "",
			"the text is empty: a YAML document is expected");
	*out = b.root;
	return 0;
}
