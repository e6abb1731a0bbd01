/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test needs: cmocka and what it wants included before. */
#ifndef UNIT_H
#define UNIT_H

#include "base/base_arena.h"
#include "base/base_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ${text} as bytes; UNIT_BYTES for literals with NULs. */
static inline struct bytes
unit_bytes(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

#define UNIT_BYTES(literal) ((struct bytes){(literal), sizeof(literal) - 1})

/* Fixture: a fresh arena in *state for each test. */
static inline int
unit_setup(void **state)
{
	*state = arena_new();
	return 0;
}

static inline int
unit_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define UNIT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, unit_setup, unit_teardown)

#endif
