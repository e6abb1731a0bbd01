/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"

#include "base/base_utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define INT_BYTES 20U /* of INT64_MIN */

/* The separator that the next value or key needs. */
static void
separate(struct json *j)
{
	if (j->is_after_key) {
		j->is_after_key = false;
		return;
	}
	if (j->has_items[j->depth])
		buf_put(j->out, ",", 1);
	j->has_items[j->depth] = true;
}

static void
open_with(struct json *j, const char *bracket)
{
	separate(j);
	buf_put(j->out, bracket, 1);
	assert(j->depth + 1 < JSON_DEPTH_MAX);
	j->has_items[++j->depth] = false;
}

static void
close_with(struct json *j, const char *bracket)
{
	assert(j->depth > 0 && !j->is_after_key);
	j->depth--;
	buf_put(j->out, bracket, 1);
}

void
json_init(struct json *j, struct buf *out)
{
	*j = (struct json){.out = out};
}

void
json_object_open(struct json *j)
{
	open_with(j, "{");
}

void
json_object_close(struct json *j)
{
	close_with(j, "}");
}

void
json_array_open(struct json *j)
{
	open_with(j, "[");
}

void
json_array_close(struct json *j)
{
	close_with(j, "]");
}

void
json_key(struct json *j, const char *key)
{
	json_text(j, key);
	buf_put(j->out, ":", 1);
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

/* Bytes at the start of ${in} that stand for themselves: most of all text. */
static size_t
plain_run(struct bytes in)
{
	size_t at = 0, step;
	uint32_t code;

	while (at < in.len) {
		if (is_plain(in.data[at])) {
			at++;
			continue;
		}
		step = utf8_next(
			(struct bytes){in.data + at, in.len - at}, &code);
		if (step == 0 || is_escaped(code))
			break;
		at += step;
	}
	return at;
}

void
json_bytes(struct json *j, struct bytes text)
{
	size_t at = 0, step;
	uint32_t code;

	separate(j);
	buf_put(j->out, "\"", 1);
	while (at < text.len) {
		struct bytes rest = {text.data + at, text.len - at};

		step = plain_run(rest);
		buf_put(j->out, rest.data, step);
		at += step;
		if (at == text.len)
			break;
		step = utf8_next(
			(struct bytes){text.data + at, text.len - at}, &code);
		if (step == 0)
			buf_text(j->out, "\xef\xbf\xbd"); /* U+FFFD */
		else
			put_escaped(j->out, code);
		at += step == 0 ? 1 : step;
	}
	buf_put(j->out, "\"", 1);
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
