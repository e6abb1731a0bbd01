/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_LINES_H
#define K8S_LINES_H

#include "base/base_buf.h"

#include <stdbool.h>

/* Cuts a stream of bytes into lines; holds no more than one of them. */
struct k8s_lines {
	struct buf held; /* a line whose end has not come */
	size_t max;      /* bytes of a line */
	bool is_skipping;
	/* A line without its end; data is NULL for one longer than max. Empty
	 * lines are not told. */
	void (*told)(void *cookie, struct bytes line);
	void *cookie;
};

/** Take the next ${input} of the stream. */
void k8s_lines_feed(struct k8s_lines *lines, struct bytes input);

#endif
