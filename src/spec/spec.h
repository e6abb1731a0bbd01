/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field table + document tree -> typed struct, and back. Tables are data of
 * the kinds; nothing here knows a kind.
 */
#ifndef SPEC_H
#define SPEC_H

#include "base/base_json.h"
#include "doc/doc.h"

#include <stdint.h>

enum spec_type {
	SPEC_TEXT,     /* const char * */
	SPEC_UINT,     /* uint64_t, with min and max */
	SPEC_BOOL,     /* bool */
	SPEC_QUANTITY, /* const char *: a Kubernetes quantity */
	SPEC_ENUM,     /* const char *: one of choices */
	SPEC_STRUCT,   /* embedded struct, fields in table */
	SPEC_LIST,     /* struct spec_list of structs of table */
	SPEC_TEXTS,    /* struct spec_texts: list of strings */
	SPEC_MAP,      /* struct spec_map: string -> string */
	SPEC_RAW,      /* const struct doc_node *: handed on as it is */
};

struct spec_list {
	size_t count;
	void *items; /* array of structs of spec_table.size */
};

struct spec_texts {
	size_t count;
	const char **items;
};

struct spec_map {
	size_t count;
	struct spec_map_pair {
		const char *key;
		const char *value;
	} * pairs; /* sorted by key */
};

struct spec_table;

struct spec_field {
	const char *name; /* the key in the YAML */
	enum spec_type type;
	size_t offset; /* in the struct */
	bool is_required;
	bool is_deprecated; /* accepted, not printed, documented as unused */
	/* What goes into the offset when absent; NULL: zero, NULL, empty. Text
	 * as it would stand in YAML. A struct's own fields have their own. */
	const char *otherwise;
	uint64_t min,
		max; /* UINT: range; TEXT, LIST: length; max 0: no limit */
	const char *const *choices; /* ENUM: NULL-terminated */
	/* TEXT: NULL or a check that returns why it is wrong, NULL if right:
	 * "is not a DNS label: lower-case letters, digits and '-'" */
	const char *(*check)(const char *text);
	/* STRUCT, LIST; TEXT that is a document: its fields, for docs */
	const struct spec_table *table;
	size_t present_offset; /* of a bool set when the key was there; 0: none
				*/
	const char *help;      /* one sentence for docs and schema */
};

struct spec_table {
	const struct spec_field *fields;
	size_t count;
	size_t size; /* of the struct */
};

/**
 * Fill ${out} (zeroed by this call, ${table}->size bytes) from ${node}.
 *
 * Explicit nulls are absent keys. Unknown keys are errors with "did you mean".
 * All problems are added to ${errors} with path ("spec.worker.replicas",
 * "spec.coordinator.configs[3].name") and line:column. Return 0 if there was
 * none, else -1. Memory in ${arena}; ${root} is the path prefix ("" for the
 * document).
 */
int spec_parse(struct arena *arena, const struct spec_table *table,
	const struct doc_node *node, const char *root, void *out,
	struct err_list *errors);

/** Print ${in} as canonical JSON: keys sorted by name, defaults included,
 * absent (NULL, empty and not present) and deprecated members left out.
 * spec_parse of it gives an equal struct, but for what is deprecated. */
void spec_print(
	const struct spec_table *table, const void *in, struct json *out);

/** JSON Schema (2020-12) of ${table}, as an object. */
void spec_schema(const struct spec_table *table, struct json *out);

/** Rows of a Markdown table: field, type, default, meaning; nested fields with
 * dotted paths below ${root}. */
void spec_markdown(
	const struct spec_table *table, const char *root, struct buf *out);

#endif
