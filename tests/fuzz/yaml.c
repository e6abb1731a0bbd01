/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_text.h"

#include <string.h>

static const struct doc_limits limits = {
	DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};

/* The lines of an input, counted once: a tree has many places. */
struct lines {
	size_t count;
	size_t *bytes;
};

static struct lines
lines_of(struct arena *arena, struct bytes in)
{
	struct lines out = {.count = 0};

	out.bytes = arena_array(arena, in.len + 2, sizeof(*out.bytes));
	while (in.len > 0)
		out.bytes[out.count++] = fuzz_cut(&in, '\n').len;
	out.count++;
	return out;
}

static void
check_place(const struct lines *lines, unsigned line, unsigned column)
{
	fuzz_must(line >= 1 && line <= lines->count, "a line of the input");
	fuzz_must(column >= 1 && column <= lines->bytes[line - 1] + 1,
		"a column of its line");
}

static void
check_node(const struct doc_node *node, const struct lines *lines)
{
	/* Where the first character is, if it were a document. */
	unsigned line = 1, column = 1;

	check_place(lines, node->line, node->column);
	if (node->type != DOC_SCALAR)
		return;
	fuzz_must(strlen(node->text.data) == node->text.len &&
			  text_is_utf8(node->text),
		"a scalar is a string of UTF-8");
	doc_place(node, &line, &column);
	check_place(lines, line, column);
}

static void
check_tree(const struct doc_node *node, const struct lines *lines)
{
	check_node(node, lines);
	for (size_t i = 0; i < node->count; i++) {
		if (node->type == DOC_LIST) {
			check_tree(node->items[i], lines);
			continue;
		}
		check_node(node->pairs[i].key_at, lines);
		check_tree(node->pairs[i].value, lines);
	}
}

static void
check_yaml(struct arena *arena, struct bytes json)
{
	/* Escapes make it longer. */
	static const struct doc_limits wide = {
		8U * DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	const struct doc_node *root = NULL;
	struct err e;

	fuzz_must(doc_parse_yaml(arena, json, &wide, &root, &e) == 0,
		"and is YAML");
	fuzz_equal(fuzz_json_of(arena, root), json, "of the same meaning");
}

void
fuzz_yaml(struct arena *arena, struct bytes in)
{
	const struct doc_node *root;
	struct lines lines;
	struct bytes json;
	struct err e;

	if (doc_parse_yaml(arena, in, &limits, &root, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	lines = lines_of(arena, in);
	check_tree(root, &lines);
	json = fuzz_json_of(arena, root);
	fuzz_equal(fuzz_json_of(arena, fuzz_json_read(arena, json)), json,
		"a document written as JSON stays what it is");
	check_yaml(arena, json);
}
