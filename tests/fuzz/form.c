/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_text.h"

#include <string.h>

static void
put_escaped(struct buf *out, struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		buf_format(out, "%%%02X", (unsigned char)in.data[i]);
}

static struct bytes
written(struct arena *arena, const struct text_form *form)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < form->count; i++) {
		buf_text(&out, i == 0 ? "" : "&");
		put_escaped(&out, fuzz_bytes(form->pairs[i].name));
		buf_text(&out, "=");
		put_escaped(&out, form->pairs[i].value);
	}
	return buf_bytes(&out);
}

static void
check_pair(const struct text_form *form, size_t i)
{
	const struct text_pair *pair = &form->pairs[i];

	fuzz_must(text_is_utf8(fuzz_bytes(pair->name)), "a name is UTF-8");
	fuzz_must(strlen(pair->value.data) == pair->value.len,
		"a value is a string without NULs");
	for (size_t k = 0; k < i; k++)
		fuzz_must(strcmp(form->pairs[k].name, pair->name) != 0,
			"no name is there twice");
}

void
fuzz_form(struct arena *arena, struct bytes in)
{
	struct text_form form, again;
	struct err e;

	if (text_form_parse(arena, in, &form, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	fuzz_must(form.count <= TEXT_FORM_PAIRS_MAX, "pairs are limited");
	for (size_t i = 0; i < form.count; i++)
		check_pair(&form, i);
	fuzz_must(
		text_form_parse(arena, written(arena, &form), &again, &e) == 0,
		"a form that is written again is read");
	fuzz_must(again.count == form.count, "it has as many pairs");
	for (size_t i = 0; i < form.count; i++) {
		fuzz_equal(fuzz_bytes(again.pairs[i].name),
			fuzz_bytes(form.pairs[i].name), "names stay");
		fuzz_equal(again.pairs[i].value, form.pairs[i].value,
			"values stay");
	}
}
