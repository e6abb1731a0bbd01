/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_internal.h"

#include "base/base_utf8.h"

#include <string.h>

struct position {
	unsigned line, column; /* from 1, columns in characters */
};

static struct position
position_of(struct bytes in, size_t offset)
{
	struct position out = {1, 1};

	for (size_t i = 0; i < offset; i++) {
		if (in.data[i] == '\n') {
			out.line++;
			out.column = 1;
		} else if (((unsigned char)in.data[i] & 0xc0) != 0x80) {
			out.column++;
		}
	}
	return out;
}

struct bytes
doc_line(struct bytes in, unsigned line)
{
	const char *end;

	for (; in.len > 0; in.data = end + 1) {
		end = memchr(in.data, '\n', in.len);
		if (end == NULL || line == 1)
			break;
		in.len -= (size_t)(end + 1 - in.data);
		line--;
	}
	if (in.len > 0 && end != NULL)
		in.len = (size_t)(end - in.data);
	return line == 1 ? in : (struct bytes){NULL, 0};
}

int
doc_check_size(struct bytes in, const struct doc_limits *limits, struct err *e)
{
	if (in.len <= limits->bytes_max)
		return 0;
	return err_set(e, ERR_TOO_LARGE, "",
		"the text has %zu bytes; at most %zu are taken", in.len,
		limits->bytes_max);
}

/* What YAML 1.1 calls printable, without the byte order mark and without the
 * line breaks that only YAML 1.1 knows (U+0085, U+2028, U+2029). */
static bool
is_printable(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x09, 0x0a},
		{0x20, 0x7e},
		{0xa0, 0x2027},
		{0x202a, 0xfefe},
		{0xff00, 0xfffd},
		{0x10000, 0x10ffff},
	};

	for (size_t i = 0; i < COUNT_OF(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static bool
is_crlf(struct bytes in, size_t at)
{
	return in.data[at] == '\r' && at + 1 < in.len &&
	       in.data[at + 1] == '\n';
}

/* The offset of the first byte that may not be there; in.len if none. */
static size_t
first_bad(struct bytes in)
{
	size_t at = 0, step;
	uint32_t code;

	while (at < in.len) {
		unsigned char byte = (unsigned char)in.data[at];

		if ((byte >= 0x20 && byte < 0x7f) || byte == '\n' ||
			is_crlf(in, at)) {
			at++;
			continue;
		}
		step = utf8_next(
			(struct bytes){in.data + at, in.len - at}, &code);
		if (step == 0 || !is_printable(code))
			break;
		at += step;
	}
	return at;
}

static int
refuse_byte(struct bytes in, size_t at, struct err *e)
{
	struct position p = position_of(in, at);
	uint32_t code;

	if (in.data[at] == '\0')
		return err_at(e, p.line, p.column, "",
			"a NUL byte: the text must be UTF-8 (is it UTF-16?)");
	if (utf8_next((struct bytes){in.data + at, in.len - at}, &code) == 0)
		return err_at(e, p.line, p.column, "",
			"byte 0x%02x is not UTF-8: save the text as UTF-8",
			(unsigned char)in.data[at]);
	return err_at(e, p.line, p.column, "",
		"character U+%04X is not accepted: write it as an escape in "
		"double quotes",
		(unsigned)code);
}

/* libyaml takes a '%' at the start of nearly any line for a directive. */
static int
check_directives(struct bytes in, struct err *e)
{
	const char *at = in.data, *end = in.data + in.len;

	for (unsigned line = 1; at != NULL && at < end; line++) {
		if (*at == '%')
			return err_at(e, line, 1, "",
				"the line starts with '%%': YAML directives "
				"are not accepted; indent it if it is text");
		at = memchr(at, '\n', (size_t)(end - at));
		at = at == NULL ? NULL : at + 1;
	}
	return 0;
}

int
doc_yaml_check_bytes(struct bytes in, struct err *e)
{
	size_t bad;

	if (in.len >= 2 && (memcmp(in.data, "\xff\xfe", 2) == 0 ||
				   memcmp(in.data, "\xfe\xff", 2) == 0))
		return err_at(
			e, 1, 1, "", "the text is UTF-16: save it as UTF-8");
	bad = first_bad(in);
	if (bad < in.len)
		return refuse_byte(in, bad, e);
	return check_directives(in, e);
}
