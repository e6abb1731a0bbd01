/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BUF_SIZE_MIN 256U

char *
buf_grow(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1;
	char *data;

	b->size = need < BUF_SIZE_MIN ? BUF_SIZE_MIN : need * 2;
	data = arena_alloc(b->arena, b->size);
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	b->data = data;
	return b->data + b->len;
}

void
buf_init(struct buf *b, struct arena *arena)
{
	*b = (struct buf){.arena = arena};
}

void
buf_put(struct buf *b, const char *data, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_room(b, len), data, len);
	buf_grew(b, len);
}

void
buf_text(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void
buf_format(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	va_start(args, format);
	(void)vsnprintf(
		buf_room(b, (size_t)len), (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

const char *
buf_string(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

struct bytes
buf_bytes(const struct buf *b)
{
	return (struct bytes){.data = b->data, .len = b->len};
}
