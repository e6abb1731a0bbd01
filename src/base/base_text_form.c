/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_text.h"

#include <string.h>

static int
hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = digit == '\0' ? NULL : strchr(digits, digit);

	return at == NULL ? -1 : (int)((at - digits) % 16);
}

/* The byte of the "%XX" at the start of ${in}; 0 if it is none, or NUL. */
static char
escape_value(struct bytes in)
{
	int high = in.len > 2 ? hex_value(in.data[1]) : -1;
	int low = in.len > 2 ? hex_value(in.data[2]) : -1;

	if (high < 0 || low < 0)
		return '\0';
	return (char)(high << 4 | low);
}

/* Decode ${in}; what a '+' stands for is ${plus}. Return NUL-terminated bytes,
 * or NULL where an escape is bad or a NUL stands or is made. */
static char *
decode(struct arena *arena, struct bytes in, char plus, size_t *len)
{
	char *out = arena_alloc(arena, in.len + 1);
	size_t made = 0;

	for (size_t i = 0; i < in.len; i++) {
		char byte = in.data[i];

		if (byte == '+')
			byte = plus;
		if (byte == '%') {
			byte = escape_value(
				(struct bytes){in.data + i, in.len - i});
			i += 2;
		}
		if (byte == '\0')
			return NULL;
		out[made++] = byte;
	}
	*len = made;
	return out;
}

int
text_percent_decode(
	struct arena *arena, struct bytes in, char **out, struct err *e)
{
	size_t len;
	char *text = decode(arena, in, '+', &len);

	if (text == NULL)
		return err_set(e, ERR_INVALID, "",
			"the path has a bad escape: %% needs two hexadecimal "
			"digits, and %%00 is refused");
	if (!text_is_utf8((struct bytes){text, len}))
		return err_set(e, ERR_INVALID, "", "the path is not UTF-8");
	*out = text;
	return 0;
}

static size_t
count_pairs(struct bytes body)
{
	size_t count = 1;

	for (size_t i = 0; i < body.len; i++)
		count += body.data[i] == '&';
	return count < TEXT_FORM_PAIRS_MAX ? count : TEXT_FORM_PAIRS_MAX;
}

static int
parse_name(
	struct arena *arena, struct bytes in, const char **out, struct err *e)
{
	size_t len;
	const char *name = decode(arena, in, ' ', &len);

	if (name == NULL || !text_is_utf8((struct bytes){name, len}))
		return err_set(e, ERR_INVALID, "",
			"a field's name has a bad escape or is not UTF-8");
	*out = name;
	return 0;
}

static int
parse_pair(struct arena *arena, struct bytes in, struct text_pair *out,
	struct err *e)
{
	const char *equals = memchr(in.data, '=', in.len);
	size_t name_len = equals == NULL ? in.len : (size_t)(equals - in.data);
	struct bytes value = {in.data + name_len, 0};

	if (equals != NULL) {
		value.data = equals + 1;
		value.len = in.len - name_len - 1;
	}
	in.len = name_len;
	if (parse_name(arena, in, &out->name, e) != 0)
		return -1;
	out->value.data = decode(arena, value, ' ', &out->value.len);
	if (out->value.data == NULL)
		return err_set(e, ERR_INVALID, out->name,
			"the value has a bad escape: %% needs two hexadecimal "
			"digits (write %%25 for a percent sign), and a NUL is "
			"refused");
	return 0;
}

static int
add_pair(struct text_form *form, const struct text_pair *pair, struct err *e)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->pairs[i].name, pair->name) == 0)
			return err_set(e, ERR_INVALID, pair->name,
				"the field is sent twice");
	if (form->count == TEXT_FORM_PAIRS_MAX)
		return err_set(e, ERR_INVALID, "",
			"more than %u fields are sent", TEXT_FORM_PAIRS_MAX);
	form->pairs[form->count++] = *pair;
	return 0;
}

int
text_form_parse(struct arena *arena, struct bytes body, struct text_form *out,
	struct err *e)
{
	struct text_pair pair;
	size_t at = 0;

	out->count = 0;
	out->pairs = arena_array(arena, count_pairs(body), sizeof(*out->pairs));
	while (at < body.len) {
		struct bytes part = {body.data + at, body.len - at};
		const char *end = memchr(part.data, '&', part.len);

		if (end != NULL)
			part.len = (size_t)(end - part.data);
		at += part.len + 1;
		if (part.len == 0)
			continue;
		if (parse_pair(arena, part, &pair, e) != 0 ||
			add_pair(out, &pair, e) != 0)
			return -1;
	}
	return 0;
}
