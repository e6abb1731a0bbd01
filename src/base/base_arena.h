/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is freed all at once: one arena a request, one a job step. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/** A new empty arena; free it with arena_free. Aborts when out of memory. */
struct arena *arena_new(void);

/** Wipe and free ${arena} and all memory taken from it. NULL is legal. */
void arena_free(struct arena *arena);

/** ${size} zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/** A zeroed array; aborts if ${count} * ${size} overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/** A NUL-terminated copy of the ${len} bytes at ${data}. */
char *arena_copy(struct arena *arena, const char *data, size_t len);

/** A copy of ${text}; NULL gives NULL. */
char *arena_text(struct arena *arena, const char *text);

/** Formatted text. */
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Bytes handed out so far: for limits and tests. */
size_t arena_used(const struct arena *arena);

#endif
