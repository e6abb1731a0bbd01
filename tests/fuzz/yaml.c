/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_text.h"

#include <string.h>

static const struct doc_limits limits = {
	DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};

static void
check_node(const struct doc_node *node, struct bytes in)
{
	struct err at = {.code = ERR_INVALID,
		.line = node->line,
		.column = node->column,
		.message = "a node"};

	fuzz_must(node->line > 0, "a node of YAML has a position");
	fuzz_error(&at, in);
	if (node->type == DOC_SCALAR) {
		fuzz_must(strlen(node->text.data) == node->text.len &&
				  text_is_utf8(node->text),
			"a scalar is a string of UTF-8");
		/* Where its first character is, if it were a document. */
		at.line = at.column = 1;
		doc_place(node, &at.line, &at.column);
		if (node->text.len > 0 && node->text.data[0] != '\n')
			fuzz_error(&at, in);
	}
}

static void
check_tree(const struct doc_node *node, struct bytes in)
{
	check_node(node, in);
	for (size_t i = 0; i < node->count; i++) {
		if (node->type == DOC_LIST) {
			check_tree(node->items[i], in);
			continue;
		}
		check_node(node->pairs[i].key_at, in);
		check_tree(node->pairs[i].value, in);
	}
}

void
fuzz_yaml(struct arena *arena, struct bytes in)
{
	const struct doc_node *root;
	struct bytes json;
	struct err e;

	if (doc_parse_yaml(arena, in, &limits, &root, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	if (in.len < 4096)
		check_tree(root, in);
	json = fuzz_json_of(arena, root);
	fuzz_equal(fuzz_json_of(arena, fuzz_json_read(arena, json)), json,
		"a document written as JSON stays what it is");
	fuzz_must(doc_parse_yaml(arena, json, &limits, &root, &e) == 0,
		"and is YAML");
	fuzz_equal(fuzz_json_of(arena, root), json, "of the same meaning");
}
