/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_lines.h"

#include <string.h>

static void
hold(struct k8s_lines *lines, const char *data, size_t len)
{
	if (lines->is_skipping)
		return;
	if (len > lines->max - lines->held.len) {
		lines->is_skipping = true;
		lines->held.len = 0;
		return;
	}
	buf_put(&lines->held, data, len);
}

static void
tell(struct k8s_lines *lines)
{
	struct bytes line = buf_bytes(&lines->held);

	if (lines->is_skipping)
		lines->told(lines->cookie, (struct bytes){NULL, 0});
	else if (line.len > 0)
		lines->told(lines->cookie, line);
	lines->is_skipping = false;
	lines->held.len = 0;
}

void
k8s_lines_feed(struct k8s_lines *lines, struct bytes input)
{
	const char *at = input.data;
	size_t left = input.len;

	while (left > 0) {
		const char *end = memchr(at, '\n', left);
		size_t len = end == NULL ? left : (size_t)(end - at);

		hold(lines, at, len);
		if (end == NULL)
			return;
		tell(lines);
		at += len + 1;
		left -= len + 1;
	}
}
