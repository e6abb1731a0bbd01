/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room: where a value is, and values of one scalar. */
#ifndef SPEC_INTERNAL_H
#define SPEC_INTERNAL_H

#include "spec/spec.h"

/* The largest number of a UINT without max: JSON writers know no larger. */
#define SPEC_UINT_MAX ((uint64_t)INT64_MAX)

/* A chain of keys up to the root; its text is made only for an error. */
struct spec_place {
	const struct spec_place *parent; /* NULL: key is the root's prefix */
	const char *key;                 /* NULL: the item at index */
	size_t index;
};

struct spec_parser {
	struct arena *arena;
	struct err_list *errors;
};

/** Add an error at ${at}'s position. */
void spec_refuse(const struct spec_parser *p, const struct spec_place *place,
	const struct doc_node *at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Set ${out}, of the TEXT, UINT, BOOL, QUANTITY or ENUM ${field}, to the
 * scalar ${at}. Problems are added to the errors. */
void spec_set_scalar(const struct spec_parser *p,
	const struct spec_field *field, const struct doc_node *at,
	const struct spec_place *place, void *out);

/** Refuse a list or mapping ${at} whose count is outside the field's range. */
void spec_check_count(const struct spec_parser *p,
	const struct spec_field *field, const struct doc_node *at,
	const struct spec_place *place);

/** Largest value of a UINT field. */
uint64_t spec_uint_max(const struct spec_field *field);

#endif
