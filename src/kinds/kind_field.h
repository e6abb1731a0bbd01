/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a kind's field tables. */
#ifndef KIND_FIELD_H
#define KIND_FIELD_H

#include "spec/spec.h"

#include <stddef.h>

/* Member ${member} of struct ${owner} under ${key}; further members of struct
 * spec_field by name, at least .help. */
#define KIND_FIELD(type_, owner, member, key, ...)                    \
	{                                                             \
		.name = key, .type = SPEC_##type_,                    \
		.offset = offsetof(struct owner, member), __VA_ARGS__ \
	}

/* The table with the rows ${fields}, which fills a struct ${owner}. */
#define KIND_TABLE(fields, owner)                              \
	{                                                      \
		fields, COUNT_OF(fields), sizeof(struct owner) \
	}

#endif
