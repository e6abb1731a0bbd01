/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config_internal.h"

#include <assert.h>
#include <string.h>

static const size_t sizes[] = {
	[CONFIG_UINT] = sizeof(unsigned),
	[CONFIG_BOOL] = sizeof(bool),
	[CONFIG_LEVEL] = sizeof(enum log_level),
	[CONFIG_TEXT] = sizeof(const char *),
};

static bool
is_same(const struct config_row *row, const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	if (row->type == CONFIG_TEXT)
		return strcmp(*left, *right) == 0;
	return memcmp(a, b, sizes[row->type]) == 0;
}

void
config_adopt(struct config *current, const struct config *wanted)
{
	for (size_t i = 0; i < CONFIG_COUNT; i++) {
		const struct config_row *row = &config_rows[i];

		if (row->change != CONFIG_RELOAD)
			continue;
		assert(row->type != CONFIG_TEXT);
		memcpy((char *)current + row->offset,
			(const char *)wanted + row->offset, sizes[row->type]);
	}
}

const char *
config_postponed(struct arena *arena, const struct config *current,
	const struct config *wanted)
{
	struct buf out;

	buf_init(&out, arena);
	for (size_t i = 0; i < CONFIG_COUNT; i++) {
		const struct config_row *row = &config_rows[i];

		if (row->change != CONFIG_START ||
			is_same(row, (const char *)current + row->offset,
				(const char *)wanted + row->offset))
			continue;
		if (out.len > 0)
			buf_text(&out, ", ");
		buf_text(&out, row->key);
	}
	return buf_string(&out);
}
