/* SPDX-License-Identifier: Apache-2.0 */
/* Where a page of components ends; opaque to clients. */
#ifndef API_CURSOR_H
#define API_CURSOR_H

#include "base/base_arena.h"
#include "db/db_row.h"

struct api_cursor {
	const char *kind, *namespace, *name;
};

/* Before the first component. */
#define API_CURSOR_START                                 \
	{                                                \
		.kind = "", .namespace = "", .name = "", \
	}

/** The cursor behind ${last}, in base64url. */
char *api_cursor_write(struct arena *arena, const struct db_component *last);

/** The inverse; -1 if ${text} is none of ours. */
int api_cursor_read(
	struct arena *arena, const char *text, struct api_cursor *out);

#endif
