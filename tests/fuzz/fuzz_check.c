/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_json.h"
#include "base/base_text.h"
#include "base/base_utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fuzz_must(bool holds, const char *sentence)
{
	if (holds)
		return;
	fprintf(stderr, "PROPERTY: %s\n", sentence);
	abort();
}

void
fuzz_equal(struct bytes got, struct bytes wanted, const char *sentence)
{
	if (got.len == wanted.len &&
		(got.len == 0 || memcmp(got.data, wanted.data, got.len) == 0))
		return;
	fprintf(stderr, "got    %.*s\nwanted %.*s\n", (int)got.len, got.data,
		(int)wanted.len, wanted.data);
	fuzz_must(false, sentence);
}

struct bytes
fuzz_bytes(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

bool
fuzz_holds(struct bytes whole, struct bytes part)
{
	return part.len <= whole.len &&
	       memmem(whole.data, whole.len, part.data, part.len) != NULL;
}

void
fuzz_clean(const char *text)
{
	struct bytes left = fuzz_bytes(text);

	while (left.len > 0) {
		uint32_t code;
		size_t n = utf8_next(left, &code);

		fuzz_must(n > 0, "what is shown is UTF-8");
		fuzz_must(code >= ' ' && (code < 0x7f || code > 0x9f),
			"what is shown is one line");
		left.data += n;
		left.len -= n;
	}
}

static struct bytes
line_of(struct bytes in, unsigned number)
{
	struct bytes line = fuzz_cut(&in, '\n');

	while (--number > 0)
		line = fuzz_cut(&in, '\n');
	return line;
}

static unsigned
lines_of(struct bytes in)
{
	unsigned n = 1;

	for (size_t i = 0; i < in.len; i++)
		n += in.data[i] == '\n';
	return n;
}

void
fuzz_error(const struct err *e, struct bytes in)
{
	fuzz_must(e->code != ERR_NONE && e->code < ERR_CODE_COUNT,
		"an error has a code");
	fuzz_must(e->message[0] != '\0', "an error says something");
	fuzz_must(text_is_utf8(fuzz_bytes(e->message)), "an error is UTF-8");
	fuzz_must(strchr(e->message, '\n') == NULL, "an error is one line");
	if (e->line == 0)
		return;
	fuzz_must(e->line <= lines_of(in), "an error's line is in the input");
	fuzz_must(e->column >= 1 && e->column <= line_of(in, e->line).len + 1,
		"an error's column is in its line");
}

unsigned
fuzz_byte(struct bytes *in)
{
	if (in->len == 0)
		return 0;
	in->len--;
	return (unsigned char)*in->data++;
}

struct bytes
fuzz_cut(struct bytes *in, char end)
{
	struct bytes out = *in;
	const char *found =
		in->len == 0 ? NULL : memchr(in->data, end, in->len);

	if (found == NULL) {
		in->data += in->len;
		in->len = 0;
		return out;
	}
	out.len = (size_t)(found - in->data);
	in->data += out.len + 1;
	in->len -= out.len + 1;
	return out;
}

char *
fuzz_text(struct arena *arena, struct bytes in)
{
	return arena_copy(
		arena, in.data, in.len == 0 ? 0 : strnlen(in.data, in.len));
}

struct bytes
fuzz_json_of(struct arena *arena, const struct doc_node *node)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	doc_write_json(node, &j);
	return buf_bytes(&out);
}

const struct doc_node *
fuzz_json_read(struct arena *arena, struct bytes text)
{
	static const struct doc_limits limits = {
		64U * 1024U * 1024U, JSON_DEPTH_MAX, 1024U * 1024U};
	const struct doc_node *root = NULL;
	struct err e;

	fuzz_must(doc_parse_json(arena, text, &limits, &root, &e) == 0,
		"what is written as JSON is JSON");
	return root;
}
