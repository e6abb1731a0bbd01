/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that a test needs as trees. */
#ifndef UNIT_DOC_H
#define UNIT_DOC_H

#include "doc/doc.h"
#include "unit.h"

static const struct doc_limits unit_limits = {
	DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};

typedef int unit_parser(struct arena *arena, struct bytes in,
	const struct doc_limits *limits, const struct doc_node **out,
	struct err *e);

static inline const struct doc_node *
unit_parse(struct arena *arena, struct bytes in, unit_parser *parser)
{
	const struct doc_node *out = NULL;
	struct err e = {0};

	if (parser(arena, in, &unit_limits, &out, &e) != 0)
		fail_msg("%u:%u %s in %.*s", e.line, e.column, e.message,
			(int)in.len, in.data);
	return out;
}

static inline const struct doc_node *
unit_yaml(struct arena *arena, struct bytes in)
{
	return unit_parse(arena, in, doc_parse_yaml);
}

static inline const struct doc_node *
unit_json(struct arena *arena, struct bytes in)
{
	return unit_parse(arena, in, doc_parse_json);
}

#endif
