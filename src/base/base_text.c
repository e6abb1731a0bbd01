/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_text.h"

#include "base/base_utf8.h"

#include <string.h>

#define SUBDOMAIN_MAX 253U
#define QUANTITY_MAX 32U
#define EXPONENT_DIGITS_MAX 2U
#define NEAREST_WORD_MAX 63U

static bool
is_label_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool
is_label(const char *text, size_t len)
{
	if (len == 0 || text[0] == '-' || text[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_label_byte(text[i]))
			return false;
	return true;
}

bool
text_is_dns_label(const char *text, size_t max)
{
	size_t len = strlen(text);

	return len <= max && is_label(text, len);
}

bool
text_is_dns_subdomain(const char *text)
{
	size_t len;

	if (strlen(text) > SUBDOMAIN_MAX)
		return false;
	for (;; text += len + 1) {
		len = strcspn(text, ".");
		if (!is_label(text, len))
			return false;
		if (text[len] == '\0')
			return true;
	}
}

bool
text_is_utf8(struct bytes text)
{
	uint32_t code;
	size_t step;

	for (; text.len > 0; text.data += step, text.len -= step) {
		step = utf8_next(text, &code);
		if (step == 0)
			return false;
	}
	return true;
}

static size_t
digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* "e3", "E-6": after the number of a quantity. */
static bool
is_exponent(const char *text)
{
	size_t len;

	if (*text != 'e' && *text != 'E')
		return false;
	text++;
	if (*text == '+' || *text == '-')
		text++;
	len = digits_at(text);
	return len > 0 && len <= EXPONENT_DIGITS_MAX && text[len] == '\0';
}

bool
text_is_quantity(const char *text)
{
	static const char *const suffixes[] = {"", "n", "u", "m", "k", "M", "G",
		"T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
	size_t whole = digits_at(text), part = 0;

	if (strnlen(text, QUANTITY_MAX + 1) > QUANTITY_MAX)
		return false;
	text += whole;
	if (*text == '.') {
		part = digits_at(++text);
		text += part;
	}
	if (whole + part == 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		if (strcmp(text, suffixes[i]) == 0)
			return true;
	return is_exponent(text);
}

int
text_to_uint(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	size_t len = digits_at(text);

	if (len == 0 || text[len] != '\0' || (text[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (__builtin_mul_overflow(value, 10U, &value) ||
			__builtin_add_overflow(
				value, (unsigned)(text[i] - '0'), &value))
			return -1;
	}
	if (value > max)
		return -1;
	*out = value;
	return 0;
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance of two words of at most NEAREST_WORD_MAX bytes. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[NEAREST_WORD_MAX + 1];
	size_t b_len = strlen(b);

	for (unsigned i = 0; i <= b_len; i++)
		row[i] = i;
	for (unsigned i = 0; a[i] != '\0'; i++) {
		unsigned diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < b_len; k++) {
			unsigned above = row[k + 1];

			row[k + 1] = least(above + 1, row[k] + 1,
				diagonal + (a[i] != b[k]));
			diagonal = above;
		}
	}
	return row[b_len];
}

const char *
text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t len = strlen(word);
	unsigned best = (unsigned)(len / 3 > 2 ? len / 3 : 2) + 1, d;
	const char *out = NULL;

	if (len > NEAREST_WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (strlen(candidates[i]) > NEAREST_WORD_MAX)
			continue;
		d = distance(word, candidates[i]);
		/* As far as the word is long: nothing in common. */
		if (d >= best || d >= len)
			continue;
		best = d;
		out = candidates[i];
	}
	return out;
}

uint64_t
text_fnv1a(struct bytes in)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < in.len; i++)
		hash = (hash ^ (unsigned char)in.data[i]) * 0x100000001b3U;
	return hash;
}

void
text_xml_escape(struct buf *out, struct bytes in)
{
	for (size_t i = 0; i < in.len; i++) {
		switch (in.data[i]) {
		case '&':
			buf_text(out, "&amp;");
			break;
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '\r':
			buf_text(out, "&#13;");
			break;
		default:
			buf_put(out, &in.data[i], 1);
		}
	}
}
