/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_text.h"

#define DIGIT 0x40U
#define SKIP 0x80U
#define PAD 0x81U
#define D(value) (DIGIT | (value))

/* What a byte means: a digit with its value in the low 6 bits, SKIP, PAD, or
 * 0: not base64. */
/* clang-format off */
static const uint8_t meaning[256] = {
	['A'] = D(0), ['B'] = D(1), ['C'] = D(2), ['D'] = D(3),
	['E'] = D(4), ['F'] = D(5), ['G'] = D(6), ['H'] = D(7),
	['I'] = D(8), ['J'] = D(9), ['K'] = D(10), ['L'] = D(11),
	['M'] = D(12), ['N'] = D(13), ['O'] = D(14), ['P'] = D(15),
	['Q'] = D(16), ['R'] = D(17), ['S'] = D(18), ['T'] = D(19),
	['U'] = D(20), ['V'] = D(21), ['W'] = D(22), ['X'] = D(23),
	['Y'] = D(24), ['Z'] = D(25), ['a'] = D(26), ['b'] = D(27),
	['c'] = D(28), ['d'] = D(29), ['e'] = D(30), ['f'] = D(31),
	['g'] = D(32), ['h'] = D(33), ['i'] = D(34), ['j'] = D(35),
	['k'] = D(36), ['l'] = D(37), ['m'] = D(38), ['n'] = D(39),
	['o'] = D(40), ['p'] = D(41), ['q'] = D(42), ['r'] = D(43),
	['s'] = D(44), ['t'] = D(45), ['u'] = D(46), ['v'] = D(47),
	['w'] = D(48), ['x'] = D(49), ['y'] = D(50), ['z'] = D(51),
	['0'] = D(52), ['1'] = D(53), ['2'] = D(54), ['3'] = D(55),
	['4'] = D(56), ['5'] = D(57), ['6'] = D(58), ['7'] = D(59),
	['8'] = D(60), ['9'] = D(61), ['+'] = D(62), ['/'] = D(63),
	/* URL-safe alphabet, and a '+' that form decoding turned into ' ' */
	['-'] = D(62), ['_'] = D(63), [' '] = D(62),
	['\r'] = SKIP, ['\n'] = SKIP, ['\t'] = SKIP,
	['='] = PAD,
};
/* clang-format on */

struct decoder {
	const unsigned char *in;
	size_t len, at;
	unsigned char *out;
	size_t made;
	uint32_t group;  /* bits of the digits of the group so far */
	unsigned digits; /* in the group, 0..3 */
	unsigned pads;
	const char *field;
	struct err *e;
};

/* Decode whole groups of four digits until there is one that is not: nearly
 * all of the input, at about 3 GB a second. */
static void
take_groups(struct decoder *d)
{
	const unsigned char *in = d->in + d->at;
	const unsigned char *end = d->in + d->len;
	unsigned char *out = d->out + d->made;

	for (; end - in >= 4; in += 4, out += 3) {
		unsigned a = meaning[in[0]], b = meaning[in[1]];
		unsigned c = meaning[in[2]], f = meaning[in[3]];
		uint32_t group;

		if ((a & b & c & f & DIGIT) == 0)
			break;
		group = (a & 63) << 18 | (b & 63) << 12 | (c & 63) << 6 |
			(f & 63);
		out[0] = (unsigned char)(group >> 16);
		out[1] = (unsigned char)(group >> 8 & 0xff);
		out[2] = (unsigned char)(group & 0xff);
	}
	d->at = (size_t)(in - d->in);
	d->made = (size_t)(out - d->out);
}

static void
take_digit(struct decoder *d, unsigned value)
{
	d->group = d->group << 6 | value;
	if (++d->digits < 4)
		return;
	for (int shift = 16; shift >= 0; shift -= 8)
		d->out[d->made++] = (unsigned char)(d->group >> shift & 0xff);
	d->digits = 0;
	d->group = 0;
}

static int
refuse_byte(const struct decoder *d)
{
	unsigned char byte = d->in[d->at];

	if (byte > 0x20 && byte < 0x7f)
		return err_set(d->e, ERR_INVALID, d->field,
			"byte %zu, '%c', is not base64", d->at + 1, byte);
	return err_set(d->e, ERR_INVALID, d->field,
		"byte %zu (0x%02x) is not base64", d->at + 1, byte);
}

static int
take_byte(struct decoder *d)
{
	uint8_t what = meaning[d->in[d->at]];

	if (what == 0)
		return refuse_byte(d);
	if ((what & DIGIT) != 0 && d->pads > 0)
		return err_set(d->e, ERR_INVALID, d->field,
			"a '=' stands before byte %zu of the base64 text: it "
			"may only stand at the end",
			d->at + 1);
	if ((what & DIGIT) != 0)
		take_digit(d, what & 63U);
	d->pads += what == PAD;
	d->at++;
	return 0;
}

/* The last group: 2 or 3 digits make 1 or 2 bytes and 4 or 2 bits over. */
static int
finish(struct decoder *d)
{
	unsigned over = d->digits == 2 ? 4 : 2;

	if (d->digits == 1)
		return err_set(d->e, ERR_INVALID, d->field,
			"the base64 text is cut: one digit is left over at its "
			"end, byte %zu",
			d->len);
	if (d->pads > (4 - d->digits) % 4)
		return err_set(d->e, ERR_INVALID, d->field,
			"the base64 text ends with too many '=', byte %zu",
			d->len);
	if (d->digits == 0)
		return 0;
	if ((d->group & ((1U << over) - 1)) != 0)
		return err_set(d->e, ERR_INVALID, d->field,
			"the last base64 digit has bits that belong to no byte "
			"(byte %zu): the text is cut or was changed",
			d->len);
	d->group >>= over;
	if (d->digits == 3)
		d->out[d->made++] = (unsigned char)(d->group >> 8 & 0xff);
	d->out[d->made++] = (unsigned char)(d->group & 0xff);
	return 0;
}

int
text_base64_decode(struct arena *arena, struct bytes in, const char *field,
	struct bytes *out, struct err *e)
{
	struct decoder d = {
		.in = (const unsigned char *)in.data,
		.len = in.len,
		.out = arena_alloc(arena, in.len / 4 * 3 + 4),
		.field = field,
		.e = e,
	};

	while (d.at < d.len) {
		if (d.digits == 0 && d.pads == 0)
			take_groups(&d);
		if (d.at < d.len && take_byte(&d) != 0)
			return -1;
	}
	if (finish(&d) != 0)
		return -1;
	out->data = (const char *)d.out;
	out->len = d.made;
	return 0;
}

char *
text_base64_encode(struct arena *arena, struct bytes in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *from = (const unsigned char *)in.data;
	char *out = arena_array(arena, in.len / 3 + 2, 4), *to = out;

	for (size_t i = 0; i < in.len; i += 3) {
		size_t left = in.len - i;
		uint32_t group = (uint32_t)from[i] << 16;

		group |= left > 1 ? (uint32_t)from[i + 1] << 8 : 0;
		group |= left > 2 ? from[i + 2] : 0;
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[group & 63] : '=';
	}
	return out;
}

char *
text_hex(struct arena *arena, struct bytes in)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_array(arena, in.len + 1, 2);

	for (size_t i = 0; i < in.len; i++) {
		unsigned char byte = (unsigned char)in.data[i];

		out[2 * i] = digits[byte >> 4];
		out[2 * i + 1] = digits[byte & 15];
	}
	return out;
}
