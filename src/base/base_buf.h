/* SPDX-License-Identifier: Apache-2.0 */
/* Growing text in an arena. Always NUL-terminated behind its len. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base_arena.h"
#include "base/base_bytes.h"

struct buf {
	struct arena *arena; /* owns data */
	char *data;          /* NULL while nothing was put */
	size_t len;
	size_t size;
};

/** An empty buf in ${arena}. */
void buf_init(struct buf *b, struct arena *arena);

/** For buf_room: where ${more} bytes go that do not fit. */
char *buf_grow(struct buf *b, size_t more);

/** Where the next ${more} bytes and a NUL may be written; buf_grew tells how
 * many were. */
static inline char *
buf_room(struct buf *b, size_t more)
{
	return more < b->size - b->len ? b->data + b->len : buf_grow(b, more);
}

static inline void
buf_grew(struct buf *b, size_t n)
{
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_put(struct buf *b, const char *data, size_t len);
void buf_text(struct buf *b, const char *text);
void buf_format(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The text so far, "" if nothing was put; valid until the next put. */
const char *buf_string(const struct buf *b);

/** The bytes so far; valid until the next put. */
struct bytes buf_bytes(const struct buf *b);

#endif
