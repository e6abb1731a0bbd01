/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_line.h"

#include <string.h>

/* How many bytes at the start of ${in} are one of the masks, the longest. */
static size_t
masked(struct bytes in, const struct bytes *masks, size_t n_masks)
{
	size_t longest = 0;

	for (size_t i = 0; i < n_masks; i++) {
		if (masks[i].len > longest && masks[i].len <= in.len &&
			memcmp(in.data, masks[i].data, masks[i].len) == 0)
			longest = masks[i].len;
	}
	return longest;
}

/* Bytes of the blank or control character at the start of ${in}; 0 if there is
 * none. U+0080..U+009F are control characters too: terminals obey them. */
static size_t
blank_size(struct bytes in)
{
	unsigned char c = (unsigned char)in.data[0];

	if (c <= ' ' || c == 0x7f)
		return 1;
	if (c == 0xc2 && in.len > 1 && (unsigned char)in.data[1] < 0xa0)
		return 2;
	return 0;
}

struct line {
	char *text;
	size_t size;
	size_t len;
};

static void
line_put(struct line *line, const char *data, size_t len)
{
	for (size_t i = 0; i < len && line->len < line->size - 1; i++)
		line->text[line->len++] = data[i];
	line->text[line->len] = '\0';
}

static void
line_blank(struct line *line)
{
	if (line->len > 0 && line->text[line->len - 1] != ' ')
		line_put(line, " ", 1);
}

/* A full line may end within a character: drop it; and a last blank. */
static void
line_end(struct line *line)
{
	size_t len = line->len;

	if (len == line->size - 1) {
		while (len > 0 && (line->text[len - 1] & 0xc0) == 0x80)
			len--;
		if (len > 0 && (line->text[len - 1] & 0x80) != 0)
			len--;
	}
	if (len > 0 && line->text[len - 1] == ' ')
		len--;
	line->text[len] = '\0';
}

void
text_line(struct bytes in, const struct bytes *masks, size_t n_masks, char *out,
	size_t size)
{
	struct line line = {out, size, 0};

	out[0] = '\0';
	while (in.len > 0 && line.len < line.size - 1) {
		size_t n = masked(in, masks, n_masks);

		if (n > 0) {
			line_put(&line, "***", 3);
		} else if ((n = blank_size(in)) > 0) {
			line_blank(&line);
		} else {
			n = 1;
			line_put(&line, in.data, n);
		}
		in.data += n;
		in.len -= n;
	}
	line_end(&line);
}
