/* SPDX-License-Identifier: Apache-2.0 */
/* Up to three masks, a line each, then what a program said. */
#include "fuzz.h"

#include "base/base_line.h"
#include "base/base_text.h"

#include <string.h>

#define MASKS 3U
#define SIZE_MAX_TRIED 321U

/* What may appear by itself: in "***", or as a blank that was something else.
 */
static bool
is_telling(struct bytes mask)
{
	for (size_t i = 0; i < mask.len; i++)
		if (mask.data[i] <= ' ' || mask.data[i] == '*' ||
			mask.data[i] == 0x7f)
			return false;
	return mask.len > 0;
}

void
fuzz_line(struct arena *arena, struct bytes in)
{
	size_t size = 1 + fuzz_byte(&in) % SIZE_MAX_TRIED;
	struct bytes masks[MASKS];
	char *out = arena_alloc(arena, size);

	for (size_t i = 0; i < MASKS; i++)
		masks[i] = fuzz_cut(&in, '\n');
	text_line(in, masks, MASKS, out, size);
	fuzz_must(memchr(out, '\0', size) != NULL, "a line ends in NUL");
	for (size_t i = 0; i < MASKS; i++)
		fuzz_must(!is_telling(masks[i]) ||
				  !fuzz_holds(fuzz_bytes(out), masks[i]),
			"no mask is left in a line");
	text_line(in, NULL, 0, out, size);
	if (text_is_utf8(in))
		fuzz_clean(out);
}
