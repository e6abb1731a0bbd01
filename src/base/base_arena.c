/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN 4096U
#define CHUNK_MAX (256U * 1024U)
/* malloc refuses it, so one check of one malloc covers every overflow. */
#define SIZE_REFUSED ((size_t)PTRDIFF_MAX - 4096U)

struct chunk {
	struct chunk *next;
	size_t size; /* of data, in bytes */
	size_t used;
	max_align_t data[];
};

struct arena {
	struct chunk *chunks; /* the first takes the small requests */
	size_t used;
};

static void *
memory(size_t size)
{
	void *out = malloc(size);

	if (out == NULL)
		abort();
	return out;
}

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *chunk = memory(sizeof(*chunk) + size);

	chunk->next = NULL;
	chunk->size = size;
	chunk->used = 0;
	return chunk;
}

static size_t
round_up(size_t size)
{
	const size_t mask = _Alignof(max_align_t) - 1;

	return size > SIZE_REFUSED ? SIZE_REFUSED : (size + mask) & ~mask;
}

/* A chunk with room for ${size} bytes. A large request gets a chunk of its own
 * behind the first one, which goes on serving small ones. */
static struct chunk *
chunk_for(struct arena *arena, size_t size)
{
	struct chunk *first = arena->chunks, *chunk;

	if (first->size - first->used >= size)
		return first;
	if (size > first->size / 4) {
		chunk = chunk_new(size);
		chunk->next = first->next;
		first->next = chunk;
		return chunk;
	}
	chunk = chunk_new(
		first->size < CHUNK_MAX ? first->size * 2 : first->size);
	chunk->next = first;
	arena->chunks = chunk;
	return chunk;
}

struct arena *
arena_new(void)
{
	struct arena *arena = memory(sizeof(*arena));

	arena->chunks = chunk_new(CHUNK_MIN);
	arena->used = 0;
	return arena;
}

void
arena_free(struct arena *arena)
{
	struct chunk *chunk, *next;

	if (arena == NULL)
		return;
	for (chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		explicit_bzero(chunk->data, chunk->used);
		free(chunk);
	}
	free(arena);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	size_t rounded = round_up(size);
	struct chunk *chunk = chunk_for(arena, rounded);
	char *out = (char *)chunk->data + chunk->used;

	chunk->used += rounded;
	arena->used += rounded;
	return memset(out, 0, rounded);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		total = SIZE_REFUSED;
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
