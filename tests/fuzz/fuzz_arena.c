/* SPDX-License-Identifier: Apache-2.0 */
/* base/base_arena.h with one malloc for each allocation and not a byte more, so
 * that AddressSanitizer sees each read or write beyond one. */
#include "base/base_arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena {
	void **items;
	size_t count, size;
	size_t used;
};

static void *
memory(void *old, size_t size)
{
	void *out = realloc(old, size);

	if (out == NULL)
		abort();
	return out;
}

struct arena *
arena_new(void)
{
	struct arena *arena = memory(NULL, sizeof(*arena));

	*arena = (struct arena){.items = NULL};
	return arena;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	for (size_t i = 0; i < arena->count; i++)
		free(arena->items[i]);
	free(arena->items);
	free(arena);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	void *out;

	if (arena->count == arena->size) {
		arena->size = arena->size == 0 ? 16 : 2 * arena->size;
		arena->items = memory(
			arena->items, arena->size * sizeof(*arena->items));
	}
	out = memory(NULL, size == 0 ? 1 : size);
	arena->items[arena->count++] = out;
	arena->used += size;
	return memset(out, 0, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		abort();
	return arena_alloc(arena, total);
}

char *
arena_copy(struct arena *arena, const char *data, size_t len)
{
	char *out = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(out, data, len);
	return out;
}

char *
arena_text(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *out;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	out = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	(void)vsnprintf(out, (size_t)len + 1, format, args);
	va_end(args);
	return out;
}

size_t
arena_used(const struct arena *arena)
{
	return arena->used;
}
