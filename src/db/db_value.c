/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"
#include "db/db_query.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#define BYTEA_OID 17U /* the same in every PostgreSQL */

struct db_value
db_text(const char *text)
{
	return (struct db_value){.data = text};
}

struct db_value
db_int(struct arena *arena, int64_t value)
{
	return db_text(arena_format(arena, "%" PRId64, value));
}

struct db_value
db_bool(bool value)
{
	return db_text(value ? "true" : "false");
}

struct db_value
db_bytea(struct bytes value)
{
	assert(value.len <= INT_MAX);
	return (struct db_value){.data = value.len > 0 ? value.data : "",
		.bytes = (int)value.len,
		.is_binary = true};
}

struct db_value
db_null(void)
{
	return db_text(NULL);
}

/* The comma or the brace that goes before item ${i}. */
static void
put_start(struct buf *b, size_t i)
{
	buf_text(b, i == 0 ? "{" : ",");
}

static struct db_value
closed(struct buf *b, size_t count)
{
	buf_text(b, count == 0 ? "{}" : "}");
	return db_text(buf_string(b));
}

static void
put_quoted(struct buf *b, const char *text)
{
	size_t run;

	buf_text(b, "\"");
	while (*text != '\0') {
		run = strcspn(text, "\"\\");
		buf_put(b, text, run);
		text += run;
		if (*text != '\0') {
			buf_text(b, "\\");
			buf_put(b, text++, 1);
		}
	}
	buf_text(b, "\"");
}

struct db_value
db_texts(struct arena *arena, const char *const *items, size_t count)
{
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < count; i++) {
		put_start(&b, i);
		if (items[i] == NULL)
			buf_text(&b, "NULL");
		else
			put_quoted(&b, items[i]);
	}
	return closed(&b, count);
}

/* As array_recv reads numbers: four bytes, the highest first. */
static void
put_number(struct buf *b, size_t number)
{
	const char bytes[] = {(char)(number >> 24 & 0xff),
		(char)(number >> 16 & 0xff), (char)(number >> 8 & 0xff),
		(char)(number & 0xff)};

	assert(number <= INT_MAX);
	buf_put(b, bytes, sizeof(bytes));
}

/* Binary: as text it would be twice as long, and read letter by letter. */
struct db_value
db_byteas(struct arena *arena, const struct bytes *items, size_t count)
{
	struct buf b;

	buf_init(&b, arena);
	put_number(&b, count > 0 ? 1 : 0); /* dimensions */
	put_number(&b, 0);                 /* no item is NULL */
	put_number(&b, BYTEA_OID);
	if (count > 0) {
		put_number(&b, count);
		put_number(&b, 1); /* the first item's number */
	}
	for (size_t i = 0; i < count; i++) {
		put_number(&b, items[i].len);
		buf_put(&b, items[i].data, items[i].len);
	}
	return db_bytea(buf_bytes(&b));
}

struct db_value
db_ints(struct arena *arena, const int64_t *items, size_t count)
{
	struct buf b;

	buf_init(&b, arena);
	for (size_t i = 0; i < count; i++) {
		put_start(&b, i);
		buf_format(&b, "%" PRId64, items[i]);
	}
	return closed(&b, count);
}

struct db_call
db_call_make(
	struct arena *arena, enum db_query query, const struct db_value *values)
{
	unsigned count = db_query_row(query)->n_values;
	struct db_value *copy = arena_array(arena, count, sizeof(*copy));

	if (count > 0)
		memcpy(copy, values, count * sizeof(*copy));
	return (struct db_call){query, copy};
}
