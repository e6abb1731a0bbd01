/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing events -> tree. Private to the room: it names libyaml's types. */
#ifndef DOC_YAML_H
#define DOC_YAML_H

#include "doc/doc_internal.h"

#include <yaml.h>

struct doc_frame {
	enum doc_type type;
	unsigned line, column;
	size_t first; /* its first child in pending */
};

struct doc_builder {
	struct arena *arena;
	const struct doc_limits *limits;
	struct err *e;
	const struct doc_node *root; /* NULL until the document is whole */
	bool has_document;
	size_t nodes;
	/* Containers that are open, and the children they have so far: keys
	 * and values in turn for a mapping. */
	struct doc_frame *frames;
	unsigned depth;
	const struct doc_node **pending;
	size_t count, size;
	/* The input from the beginning of that line on: it only goes down. */
	struct bytes rest;
	unsigned rest_line;
};

void doc_builder_init(struct doc_builder *b, struct arena *arena,
	struct bytes in, const struct doc_limits *limits, struct err *e);

/** Take the next event; -1 with INVALID at its position if refused. */
int doc_builder_take(struct doc_builder *b, const yaml_event_t *event);

#endif
