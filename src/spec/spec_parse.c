/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec_internal.h"

#include "base/base_text.h"

#include <stdlib.h>
#include <string.h>

static void parse_struct(const struct spec_parser *p,
	const struct spec_table *table, const struct doc_node *node,
	const struct spec_place *place, void *out);

/* What a value of this type has to be in the document. */
static enum doc_type
wanted_type(enum spec_type type)
{
	switch (type) {
	case SPEC_STRUCT:
	case SPEC_MAP:
		return DOC_MAP;
	case SPEC_LIST:
	case SPEC_TEXTS:
		return DOC_LIST;
	case SPEC_TEXT:
	case SPEC_UINT:
	case SPEC_BOOL:
	case SPEC_QUANTITY:
	case SPEC_ENUM:
	case SPEC_RAW:
		break;
	}
	return DOC_SCALAR;
}

static bool
is_of_type(const struct spec_parser *p, const struct doc_node *node,
	enum doc_type wanted, const struct spec_place *place)
{
	static const char *const names[] = {
		[DOC_SCALAR] = "text",
		[DOC_MAP] = "a mapping (key: value)",
		[DOC_LIST] = "a list (- item)",
	};

	if (node->type == wanted)
		return true;
	spec_refuse(p, place, node, "this is %s, but %s is needed",
		names[node->type], names[wanted]);
	return false;
}

/* An item of a list may not be null: it would be nothing at that index. */
static bool
is_item(const struct spec_parser *p, const struct doc_node *node,
	enum doc_type wanted, const struct spec_place *place)
{
	if (!doc_is_null(node))
		return is_of_type(p, node, wanted, place);
	spec_refuse(p, place, node, "the item is empty: remove it");
	return false;
}

static void
parse_list(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *node, const struct spec_place *place,
	struct spec_list *out)
{
	const struct spec_table *table = field->table;
	struct spec_place item = {.parent = place};

	spec_check_count(p, field, node, place);
	out->count = node->count;
	if (node->count > 0)
		out->items = arena_array(p->arena, node->count, table->size);
	for (size_t i = 0; i < node->count; i++) {
		item.index = i;
		if (is_item(p, node->items[i], DOC_MAP, &item))
			parse_struct(p, table, node->items[i], &item,
				(char *)out->items + i * table->size);
	}
}

static void
parse_texts(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *node, const struct spec_place *place,
	struct spec_texts *out)
{
	struct spec_place item = {.parent = place};

	spec_check_count(p, field, node, place);
	out->count = node->count;
	if (node->count > 0)
		out->items =
			arena_array(p->arena, node->count, sizeof(*out->items));
	for (size_t i = 0; i < node->count; i++) {
		item.index = i;
		if (is_item(p, node->items[i], DOC_SCALAR, &item))
			out->items[i] = node->items[i]->text.data;
	}
}

static int
compare_map_pairs(const void *a, const void *b)
{
	const struct spec_map_pair *left = a, *right = b;

	return strcmp(left->key, right->key);
}

static void
parse_map(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *node, const struct spec_place *place,
	struct spec_map *out)
{
	struct spec_place member = {.parent = place};
	struct spec_map_pair *to;

	spec_check_count(p, field, node, place);
	to = arena_array(p->arena, node->count, sizeof(*to));
	out->pairs = to;
	for (size_t i = 0; i < node->count; i++) {
		const struct doc_pair *pair = &node->pairs[i];

		member.key = pair->key;
		if (doc_is_null(pair->value) ||
			!is_of_type(p, pair->value, DOC_SCALAR, &member))
			continue;
		to->key = pair->key;
		to->value = pair->value->text.data;
		to++;
	}
	out->count = (size_t)(to - out->pairs);
	qsort(out->pairs, out->count, sizeof(*to), compare_map_pairs);
	if (out->count == 0)
		out->pairs = NULL;
}

static void
parse_value(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *node, const struct spec_place *place, void *out)
{
	if (field->type == SPEC_RAW) {
		*(const struct doc_node **)out = node;
		return;
	}
	if (!is_of_type(p, node, wanted_type(field->type), place))
		return;
	switch (field->type) {
	case SPEC_STRUCT:
		parse_struct(p, field->table, node, place, out);
		break;
	case SPEC_LIST:
		parse_list(p, field, node, place, out);
		break;
	case SPEC_TEXTS:
		parse_texts(p, field, node, place, out);
		break;
	case SPEC_MAP:
		parse_map(p, field, node, place, out);
		break;
	case SPEC_TEXT:
	case SPEC_UINT:
	case SPEC_BOOL:
	case SPEC_QUANTITY:
	case SPEC_ENUM:
	case SPEC_RAW:
		spec_set_scalar(p, field, node, place, out);
		break;
	}
}

/* Set what is absent: the field's default, or those inside a struct. */
static void
fill_absent(const struct spec_parser *p, const struct spec_field *field,
	const struct spec_place *place, char *out)
{
	struct doc_node node = {.type = DOC_SCALAR, .is_plain = true};

	if (field->type == SPEC_STRUCT) {
		for (size_t i = 0; i < field->table->count; i++)
			fill_absent(p, &field->table->fields[i], place,
				out + field->table->fields[i].offset);
	} else if (field->otherwise != NULL) {
		node.text.data = field->otherwise;
		node.text.len = strlen(field->otherwise);
		parse_value(p, field, &node, place, out);
	}
}

static void
parse_field(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *map, const struct spec_place *parent, char *out)
{
	struct spec_place place = {.parent = parent, .key = field->name};
	const struct doc_node *node = doc_get(map, field->name);

	if (!doc_is_null(node)) {
		if (field->present_offset != 0)
			*(bool *)(out + field->present_offset) = true;
		parse_value(p, field, node, &place, out + field->offset);
		return;
	}
	if (field->is_required) /* told where its parent stands */
		spec_refuse(p, &place, map, "is missing");
	fill_absent(p, field, &place, out + field->offset);
}

static void
refuse_unknown(const struct spec_parser *p, const struct spec_table *table,
	const struct doc_pair *pair, const struct spec_place *place)
{
	const char **names, *nearest;

	/* What will not be shown needs no search for its like. */
	if (p->errors->count == ERR_LIST_MAX) {
		p->errors->total++;
		return;
	}
	names = arena_array(p->arena, table->count, sizeof(*names));
	for (size_t i = 0; i < table->count; i++)
		names[i] = table->fields[i].name;
	nearest = text_nearest(pair->key, names, table->count);
	if (nearest != NULL)
		spec_refuse(p, place, pair->key_at,
			"unknown key; did you mean \"%s\"?", nearest);
	else
		spec_refuse(p, place, pair->key_at, "unknown key");
}

static bool
has_field(const struct spec_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return true;
	return false;
}

static void
parse_struct(const struct spec_parser *p, const struct spec_table *table,
	const struct doc_node *node, const struct spec_place *place, void *out)
{
	for (size_t i = 0; i < table->count; i++)
		parse_field(p, &table->fields[i], node, place, out);
	for (size_t i = 0; i < node->count; i++) {
		const struct doc_pair *pair = &node->pairs[i];
		struct spec_place member = {.parent = place, .key = pair->key};

		if (!has_field(table, pair->key))
			refuse_unknown(p, table, pair, &member);
	}
}

int
spec_parse(struct arena *arena, const struct spec_table *table,
	const struct doc_node *node, const char *root, void *out,
	struct err_list *errors)
{
	static const struct doc_node empty = {.type = DOC_MAP};
	const struct spec_parser p = {arena, errors};
	const struct spec_place place = {.key = root};
	unsigned before = errors->total;

	memset(out, 0, table->size);
	if (doc_is_null(node))
		node = &empty;
	if (is_of_type(&p, node, DOC_MAP, &place))
		parse_struct(&p, table, node, &place, out);
	return errors->total == before ? 0 : -1;
}
