/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that a test needs as trees. */
#ifndef UNIT_DOC_H
#define UNIT_DOC_H

#include "doc/doc.h"
#include "unit.h"

static const struct doc_limits unit_limits = {
	DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};

static inline const struct doc_node *
unit_yaml(struct arena *arena, struct bytes in)
{
	const struct doc_node *out = NULL;
	struct err e = {0};

	if (doc_parse_yaml(arena, in, &unit_limits, &out, &e) != 0)
		fail_msg("%u:%u %s", e.line, e.column, e.message);
	return out;
}

static inline const struct doc_node *
unit_json(struct arena *arena, struct bytes in)
{
	const struct doc_node *out = NULL;
	struct err e = {0};

	if (doc_parse_json(arena, in, &unit_limits, &out, &e) != 0)
		fail_msg("%u:%u %s", e.line, e.column, e.message);
	return out;
}

#endif
