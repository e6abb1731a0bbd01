/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_text.h"

#include <string.h>

/* ${in} as the one spelling that stands for the same bytes, without '='. */
static struct bytes
plain(struct arena *arena, struct bytes in)
{
	char *out = arena_alloc(arena, in.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		if (strchr("\r\n\t=", in.data[i]) != NULL)
			continue;
		out[len++] = in.data[i];
		if (strchr(" -", in.data[i]) != NULL)
			out[len - 1] = '+';
		else if (in.data[i] == '_')
			out[len - 1] = '/';
	}
	return (struct bytes){out, len};
}

void
fuzz_base64(struct arena *arena, struct bytes in)
{
	const char *encoded = text_base64_encode(arena, in);
	struct bytes out;
	struct err e;

	fuzz_must(text_base64_decode(
			  arena, fuzz_bytes(encoded), "f", &out, &e) == 0,
		"what is encoded is decoded");
	fuzz_equal(out, in, "decoding is the inverse of encoding");
	if (text_base64_decode(arena, in, "f", &out, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	fuzz_must(out.data[out.len] == '\0', "decoded bytes end in NUL");
	encoded = text_base64_encode(arena, out);
	fuzz_equal(plain(arena, fuzz_bytes(encoded)), plain(arena, in),
		"no two texts but by their spelling stand for the same bytes");
}
