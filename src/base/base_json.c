/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"

#include "base/base_utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define INT_BYTES 20U /* of INT64_MIN */

static inline void
put_byte(struct json *j, char byte)
{
	*buf_room(j->out, 1) = byte;
	buf_grew(j->out, 1);
}

/* The separator that the next value or key needs. */
static void
separate(struct json *j)
{
	if (j->is_after_key) {
		j->is_after_key = false;
		return;
	}
	if (j->has_items[j->depth])
		put_byte(j, ',');
	j->has_items[j->depth] = true;
}

static void
open_with(struct json *j, char bracket)
{
	separate(j);
	put_byte(j, bracket);
	assert(j->depth + 1 < JSON_DEPTH_MAX);
	j->has_items[++j->depth] = false;
}

static void
close_with(struct json *j, char bracket)
{
	assert(j->depth > 0 && !j->is_after_key);
	j->depth--;
	put_byte(j, bracket);
}

void
json_init(struct json *j, struct buf *out)
{
	*j = (struct json){.out = out};
}

void
json_object_open(struct json *j)
{
	open_with(j, '{');
}

void
json_object_close(struct json *j)
{
	close_with(j, '}');
}

void
json_array_open(struct json *j)
{
	open_with(j, '[');
}

void
json_array_close(struct json *j)
{
	close_with(j, ']');
}

void
json_key(struct json *j, const char *key)
{
	json_text(j, key);
	put_byte(j, ':');
	j->is_after_key = true;
}

/* The letter of a short escape (RFC 8259, section 7), 0 if there is none. */
static char
short_escape(uint32_t code)
{
	static const char letters[][2] = {{'"', '"'}, {'\\', '\\'}, {'\b', 'b'},
		{'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};

	for (size_t i = 0; i < COUNT_OF(letters); i++)
		if (code == (uint32_t)letters[i][0])
			return letters[i][1];
	return 0;
}

static bool
is_escaped(uint32_t code)
{
	return code < 0x20 || code == '"' || code == '\\' ||
	       (code >= 0x7f && code <= 0x9f) || code == 0x2028 ||
	       code == 0x2029 || code == 0xfeff || code == 0xfffe ||
	       code == 0xffff;
}

static void
put_escaped(struct buf *out, uint32_t code)
{
	char letter = short_escape(code);

	if (letter != 0)
		buf_put(out, (char[]){'\\', letter}, 2);
	else
		buf_format(out, "\\u%04" PRIx32, code);
}

/* Nearly every byte there is: told without decoding. */
static bool
is_plain(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The same of eight bytes at once. The highest bit of each byte is set before
 * something is taken from it, so that none borrows from the next; only a byte
 * of 0xff carries into it, and that one is not plain itself. */
static bool
are_plain(uint64_t word)
{
	const uint64_t top = EACH(0x80), high = word | top;
	uint64_t plain = high - EACH(' ');

	plain &= ((word ^ EACH('"')) | top) - EACH(1);
	plain &= ((word ^ EACH('\\')) | top) - EACH(1);
	return ((~plain | word | (word + EACH(1))) & top) == 0;
}

/* Copy the start of ${in} up to a byte that is not plain. How many bytes. */
static size_t
copy_plain(char *to, struct bytes in)
{
	size_t at = 0;
	uint64_t word;

	for (; in.len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, in.data + at, sizeof(word));
		if (!are_plain(word))
			break;
		memcpy(to + at, &word, sizeof(word));
	}
	for (; at < in.len && is_plain(in.data[at]); at++)
		to[at] = in.data[at];
	return at;
}

/* A character that is not plain at the start of ${in}: its bytes there. */
static size_t
put_special(struct buf *out, struct bytes in)
{
	uint32_t code;
	size_t step = utf8_next(in, &code);

	if (step == 0)
		buf_text(out, "\xef\xbf\xbd"); /* U+FFFD */
	else if (is_escaped(code))
		put_escaped(out, code);
	else
		buf_put(out, in.data, step);
	return step == 0 ? 1 : step;
}

void
json_bytes(struct json *j, struct bytes text)
{
	size_t n;

	separate(j);
	put_byte(j, '"');
	while (text.len > 0) {
		n = copy_plain(buf_room(j->out, text.len), text);
		buf_grew(j->out, n);
		if (n == 0)
			n = put_special(j->out, text);
		text.data += n;
		text.len -= n;
	}
	put_byte(j, '"');
}

void
json_text(struct json *j, const char *text)
{
	if (text == NULL)
		json_null(j);
	else
		json_bytes(j, (struct bytes){text, strlen(text)});
}

void
json_int(struct json *j, int64_t value)
{
	char digits[INT_BYTES];
	size_t at = sizeof(digits);
	uint64_t rest = (uint64_t)value;

	if (value < 0)
		rest = 0 - rest;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--at] = '-';
	separate(j);
	buf_put(j->out, digits + at, sizeof(digits) - at);
}

void
json_bool(struct json *j, bool value)
{
	json_raw(j, value ? "true" : "false");
}

void
json_null(struct json *j)
{
	json_raw(j, "null");
}

void
json_raw(struct json *j, const char *value)
{
	separate(j);
	buf_text(j->out, value);
}

void
json_member_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void
json_member_int(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	json_int(j, value);
}

void
json_member_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

void
json_member_raw(struct json *j, const char *key, const char *value)
{
	json_key(j, key);
	json_raw(j, value);
}
