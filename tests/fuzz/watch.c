/* SPDX-License-Identifier: Apache-2.0 */
/* A watch's stream: however it is cut, its lines are the same. */
#include "fuzz.h"

#include "k8s/k8s_event.h"
#include "k8s/k8s_lines.h"

#define LINE_MAX_BYTES 512U

struct told {
	struct arena *arena;
	struct buf text;
};

static void
on_line(void *cookie, struct bytes line)
{
	struct told *told = cookie;
	struct k8s_event event;
	struct err e;

	buf_text(&told->text, line.data == NULL ? "-" : "+");
	buf_put(&told->text, line.data, line.len);
	buf_text(&told->text, "\n");
	fuzz_must(line.len <= LINE_MAX_BYTES, "a line is not too long");
	if (line.data == NULL)
		return;
	if (k8s_event_read(told->arena, line, &event, &e) != 0) {
		fuzz_error(&e, line);
		return;
	}
	fuzz_must(event.instance != NULL && event.message != NULL,
		"an event has texts");
}

static struct bytes
feed(struct arena *arena, struct bytes in, size_t step)
{
	struct told told = {.arena = arena};
	struct k8s_lines lines = {
		.max = LINE_MAX_BYTES, .told = on_line, .cookie = &told};

	buf_init(&told.text, arena);
	buf_init(&lines.held, arena);
	while (in.len > 0) {
		struct bytes part = {in.data, in.len < step ? in.len : step};

		k8s_lines_feed(&lines, part);
		in.data += part.len;
		in.len -= part.len;
	}
	return buf_bytes(&told.text);
}

void
fuzz_watch(struct arena *arena, struct bytes in)
{
	size_t step = 1 + fuzz_byte(&in);

	fuzz_equal(feed(arena, in, step), feed(arena, in, in.len + 1),
		"lines do not depend on how they come");
}
