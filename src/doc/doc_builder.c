/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PENDING_MIN 64U
#define KEY_MAX 980U /* in JSON; YAML parsers take 1,024 with quotes */

void
doc_builder_init(struct doc_builder *b, struct arena *arena, struct bytes in,
	const struct doc_limits *limits, struct err *e)
{
	*b = (struct doc_builder){
		.arena = arena,
		.limits = limits,
		.e = e,
		.size = PENDING_MIN,
		.rest = in,
		.rest_line = 1,
	};
	b->frames = arena_array(arena, limits->depth_max, sizeof(*b->frames));
	b->pending = arena_array(arena, b->size, sizeof(*b->pending));
}

static int __attribute__((format(printf, 3, 4)))
refuse(const struct doc_builder *b, const yaml_event_t *event,
	const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_at(b->e, (unsigned)event->start_mark.line + 1,
		(unsigned)event->start_mark.column + 1, "", "%s", text);
}

static bool
is_at_key(const struct doc_builder *b)
{
	const struct doc_frame *top;

	if (b->depth == 0)
		return false;
	top = &b->frames[b->depth - 1];
	return top->type == DOC_MAP && (b->count - top->first) % 2 == 0;
}

/* Put a finished node where it belongs: the document, or what is open. */
static void
place(struct doc_builder *b, const struct doc_node *node)
{
	const struct doc_node **grown;

	if (b->depth == 0) {
		b->root = node;
		return;
	}
	if (b->count == b->size) {
		grown = arena_array(b->arena, b->size * 2, sizeof(*grown));
		memcpy(grown, b->pending, b->size * sizeof(*grown));
		b->pending = grown;
		b->size *= 2;
	}
	b->pending[b->count++] = node;
}

/* What every node must keep: no anchor, no tag, not one too many. */
static int
check_node(struct doc_builder *b, const yaml_event_t *event,
	const unsigned char *anchor, const unsigned char *tag)
{
	if (anchor != NULL)
		return refuse(b, event,
			"an anchor (&) is not accepted: put text with '&' in "
			"quotes, or write the value out");
	if (tag != NULL)
		return refuse(b, event,
			"a tag (!) is not accepted: put text with '!' in "
			"quotes, or leave the tag out");
	if (++b->nodes > b->limits->nodes_max)
		return refuse(b, event,
			"the document has more than %u keys and values",
			b->limits->nodes_max);
	return 0;
}

/* How long a key is in JSON at most, where a character may be "\\u0085". */
static size_t
json_length(const yaml_event_t *event)
{
	size_t n = 0;

	for (size_t i = 0; i < event->data.scalar.length; i++) {
		unsigned char byte = event->data.scalar.value[i];

		n += byte < ' ' || byte > '~'       ? sizeof("\\u0085") - 1
		     : strchr("\"\\", byte) != NULL ? 2
						    : 1;
	}
	return n;
}

static int
check_key(const struct doc_builder *b, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;

	/* Values are handed to helm as JSON, and it reads them as YAML. */
	if (json_length(event) > KEY_MAX)
		return refuse(b, event,
			"the key is too long: at most %u characters are taken, "
			"fewer if they are not of ASCII",
			KEY_MAX);
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return 0;
	if (strcmp(text, "<<") == 0)
		return refuse(b, event,
			"a merge key (<<) is not accepted: write the keys out");
	if (*text == '\0')
		return refuse(b, event, "a key is missing before the ':'");
	return 0;
}

/* Blanks before the text of the line numbered ${line}, which must not be above
 * one that was asked for before: so all of the input is walked but once. */
static size_t
blanks_of_line(struct doc_builder *b, unsigned line)
{
	size_t n = 0;

	while (b->rest_line < line) {
		size_t len = doc_line(b->rest, 1).len + 1;

		b->rest.data += len;
		b->rest.len -= len;
		b->rest_line++;
	}
	while (n < b->rest.len && b->rest.data[n] == ' ')
		n++;
	return n;
}

static unsigned
literal_indent(struct doc_builder *b, const struct doc_node *node)
{
	const char *text = node->text.data;
	unsigned line = node->line + 1;
	size_t blanks = strspn(text, " ");

	while (text[blanks] == '\n') {
		text += blanks + 1;
		line++;
		blanks = strspn(text, " ");
	}
	if (text[blanks] == '\0')
		return 0;
	return (unsigned)(blanks_of_line(b, line) - blanks);
}

static int
take_scalar(struct doc_builder *b, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct doc_node *node;

	if (check_node(b, event, event->data.scalar.anchor,
		    event->data.scalar.tag) != 0)
		return -1;
	if (memchr(value, '\0', len) != NULL)
		return refuse(b, event, "the text has a NUL (\\0) in it");
	if (is_at_key(b) && check_key(b, event) != 0)
		return -1;
	node = arena_alloc(b->arena, sizeof(*node));
	node->type = DOC_SCALAR;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	node->text.data = arena_copy(b->arena, value, len);
	node->text.len = len;
	node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE)
		node->indent = literal_indent(b, node);
	place(b, node);
	return 0;
}

static int
open_container(
	struct doc_builder *b, const yaml_event_t *event, enum doc_type type)
{
	if (is_at_key(b))
		return refuse(b, event,
			"a key must be text: put text with braces or brackets "
			"in quotes");
	if (b->depth == b->limits->depth_max)
		return refuse(b, event, "nested deeper than %u levels",
			b->limits->depth_max);
	b->frames[b->depth++] = (struct doc_frame){
		.type = type,
		.line = (unsigned)event->start_mark.line + 1,
		.column = (unsigned)event->start_mark.column + 1,
		.first = b->count,
	};
	return 0;
}

/* By key, equal ones in the order written. */
static int
compare_keys(const void *a, const void *b)
{
	const struct doc_node *left = *(const struct doc_node *const *)a;
	const struct doc_node *right = *(const struct doc_node *const *)b;
	int order = strcmp(left->text.data, right->text.data);

	if (order != 0)
		return order;
	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	return left->column < right->column ? -1 : 1;
}

/* Sorted, so that a mapping of any size is checked in no time. */
static int
check_twins(const struct doc_builder *b, const struct doc_node *map)
{
	const struct doc_node **keys, *left, *right;

	keys = arena_array(b->arena, map->count, sizeof(*keys));
	for (size_t i = 0; i < map->count; i++)
		keys[i] = map->pairs[i].key_at;
	qsort(keys, map->count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < map->count; i++) {
		left = keys[i - 1];
		right = keys[i];
		if (strcmp(left->text.data, right->text.data) == 0)
			return err_at(b->e, right->line, right->column, "",
				"the key \"%.60s\" stands twice in one "
				"mapping, in lines %u and %u: remove one",
				left->text.data, left->line, right->line);
	}
	return 0;
}

static void
fill_pairs(
	struct arena *arena, struct doc_node *map, const struct doc_node **kids)
{
	struct doc_pair *pairs;

	map->count /= 2;
	pairs = arena_array(arena, map->count, sizeof(*pairs));
	for (size_t i = 0; i < map->count; i++) {
		pairs[i].key = kids[2 * i]->text.data;
		pairs[i].key_at = kids[2 * i];
		pairs[i].value = kids[2 * i + 1];
	}
	map->pairs = pairs;
}

static int
close_container(struct doc_builder *b)
{
	const struct doc_frame *frame = &b->frames[--b->depth];
	const struct doc_node **kids = b->pending + frame->first, **items;
	struct doc_node *node = arena_alloc(b->arena, sizeof(*node));

	node->type = frame->type;
	node->line = frame->line;
	node->column = frame->column;
	node->count = b->count - frame->first;
	if (node->type == DOC_MAP) {
		fill_pairs(b->arena, node, kids);
		if (check_twins(b, node) != 0)
			return -1;
	} else {
		items = arena_array(b->arena, node->count, sizeof(*items));
		memcpy(items, kids, node->count * sizeof(*items));
		node->items = items;
	}
	b->count = frame->first;
	place(b, node);
	return 0;
}

static int
start_document(struct doc_builder *b, const yaml_event_t *event)
{
	if (b->has_document)
		return refuse(b, event,
			"a second document starts here: send one document at "
			"a time");
	b->has_document = true;
	return 0;
}

int
doc_builder_take(struct doc_builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return start_document(b, event);
	case YAML_ALIAS_EVENT:
		return refuse(b, event,
			"an alias (*) is not accepted: put text with '*' in "
			"quotes, or write the value out");
	case YAML_SCALAR_EVENT:
		return take_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		if (check_node(b, event, event->data.sequence_start.anchor,
			    event->data.sequence_start.tag) != 0)
			return -1;
		return open_container(b, event, DOC_LIST);
	case YAML_MAPPING_START_EVENT:
		if (check_node(b, event, event->data.mapping_start.anchor,
			    event->data.mapping_start.tag) != 0)
			return -1;
		return open_container(b, event, DOC_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_container(b);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return 0;
}
