/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_utf8.h"

/* Lead bytes by length: how many bytes, which bits of the lead count, and the
 * smallest number that needs this length. */
static const struct form {
	unsigned char mask, lead, bits;
	unsigned char len;
	uint32_t min;
} forms[] = {
	{0x80, 0x00, 0x7f, 1, 0},
	{0xe0, 0xc0, 0x1f, 2, 0x80},
	{0xf0, 0xe0, 0x0f, 3, 0x800},
	{0xf8, 0xf0, 0x07, 4, 0x10000},
};

static const struct form *
form_of(unsigned char lead)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if ((lead & forms[i].mask) == forms[i].lead)
			return &forms[i];
	return NULL;
}

size_t
utf8_next(struct bytes in, uint32_t *code)
{
	const unsigned char *at = (const unsigned char *)in.data;
	const struct form *form = in.len > 0 ? form_of(at[0]) : NULL;
	uint32_t value;

	if (form == NULL || form->len > in.len)
		return 0;
	value = at[0] & form->bits;
	for (size_t i = 1; i < form->len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < form->min || value > 0x10ffff)
		return 0;
	if (value >= 0xd800 && value <= 0xdfff)
		return 0;
	*code = value;
	return form->len;
}

size_t
utf8_cut(struct bytes in, size_t max)
{
	size_t at = 0, step;
	uint32_t code;

	while (at < in.len) {
		step = utf8_next(
			(struct bytes){in.data + at, in.len - at}, &code);
		if (step == 0)
			step = 1;
		if (at + step > max)
			break;
		at += step;
	}
	return at;
}
