/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML or JSON bytes -> immutable tree with positions and limits. The only
 * room that knows libyaml and jansson.
 */
#ifndef DOC_H
#define DOC_H

#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#include <stdbool.h>

enum doc_type { DOC_SCALAR, DOC_MAP, DOC_LIST };

struct doc_node;

struct doc_pair {
	const char *key;
	const struct doc_node *key_at; /* for its position */
	const struct doc_node *value;
};

struct doc_node {
	enum doc_type type;
	unsigned line; /* from 1; JSON: 0 */
	unsigned column;
	/* DOC_SCALAR: NUL-terminated UTF-8 without NULs. */
	struct bytes text;
	bool is_plain; /* YAML plain style; JSON number, true, false, null */
	/* YAML literal style (|): how far its lines, the first of which is the
	 * next line, are indented; 0: another style, or nothing but blanks. */
	unsigned indent;
	/* DOC_MAP and DOC_LIST */
	size_t count;
	const struct doc_pair *pairs; /* in the order written */
	const struct doc_node *const *items;
};

struct doc_limits {
	size_t bytes_max;
	unsigned depth_max;
	unsigned nodes_max;
};

#define DOC_DEPTH_MAX 64U
#define DOC_NODES_MAX 50000U
#define DOC_YAML_BYTES_MAX (1024U * 1024U)

/**
 * Parse exactly one YAML document (1.1 as libyaml reads it, UTF-8 only).
 *
 * Refused with INVALID and line:column, and the cure in the message: tabs as
 * indentation, duplicate keys, keys that are not scalars or too long for YAML
 * in their JSON form, anchors, aliases, tags, merge keys, a second document,
 * directives, NUL, UTF-16 or a BOM of it, bytes that are not UTF-8, control
 * characters and line breaks other than LF and CR LF, and what is beyond
 * ${limits} (TOO_LARGE for bytes; keys count as nodes).  A UTF-8 BOM is
 * skipped. No document at all: INVALID. The tree is in ${arena}.
 */
int doc_parse_yaml(struct arena *arena, struct bytes in,
	const struct doc_limits *limits, const struct doc_node **out,
	struct err *e);

/** Parse one JSON text (RFC 8259); duplicate keys and NULs in strings are
 * refused. Errors carry line:column. Numbers keep their value, not their form.
 */
int doc_parse_json(struct arena *arena, struct bytes in,
	const struct doc_limits *limits, const struct doc_node **out,
	struct err *e);

/** The value under ${key} of a map; NULL if absent or ${node} is no map (or
 * NULL). */
const struct doc_node *doc_get(const struct doc_node *node, const char *key);

/** The node at a path of keys, "metadata.labels"; no escaping. NULL if
 * absent. For Kubernetes' answers. */
const struct doc_node *doc_at(const struct doc_node *node, const char *path);

/** The text at ${path}, ${otherwise} if absent, null or not a scalar. */
const char *doc_text(
	const struct doc_node *node, const char *path, const char *otherwise);

/** The whole number at ${path}, ${otherwise} if absent or not one. */
long long doc_int(
	const struct doc_node *node, const char *path, long long otherwise);

/** Whether ${node} is NULL or a null: plain ~, null, Null, NULL or empty. */
bool doc_is_null(const struct doc_node *node);

/** Turn a position in the text of the scalar ${node} (a document of its own)
 * into one of the document that ${node} is of: exact for literal style, else,
 * and if ${line} is 0, that of ${node}. */
void doc_place(const struct doc_node *node, unsigned *line, unsigned *column);

struct json;

/** Write the tree as JSON, canonical: map keys sorted, plain scalars that are
 * numbers in JSON's sense in one form for one value (1.50 is 1.5), nulls (see
 * doc_is_null) null, true and false so; all others become strings. */
void doc_write_json(const struct doc_node *node, struct json *out);

#endif
