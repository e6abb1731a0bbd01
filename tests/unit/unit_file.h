/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files; tests run in the top folder. */
#ifndef UNIT_FILE_H
#define UNIT_FILE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define UNIT_FILE_MAX 65536U

static inline struct bytes
unit_file_read(struct arena *arena, const char *path)
{
	char *data = arena_alloc(arena, UNIT_FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read: run this in the top folder", path);
	len = fread(data, 1, UNIT_FILE_MAX, file);
	assert_true(len < UNIT_FILE_MAX);
	assert_int_equal(fclose(file), 0);
	return (struct bytes){data, len};
}

static inline void
unit_file_write(const char *path, struct bytes content)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(
		fwrite(content.data, 1, content.len, file), content.len);
	assert_int_equal(fclose(file), 0);
}

/* The file at ${path} holds ${got}; with GOLDEN_WRITE in the environment it
 * then does: read the difference. */
static inline void
unit_file_golden(struct arena *arena, const char *path, const char *got)
{
	const char *wanted;
	unsigned line = 1;

	if (getenv("GOLDEN_WRITE") != NULL)
		unit_file_write(path, unit_bytes(got));
	wanted = unit_file_read(arena, path).data;
	if (strcmp(wanted, got) == 0)
		return;
	while (true) {
		size_t len = strcspn(got, "\n") + 1;

		if (strncmp(wanted, got, len) != 0)
			break;
		wanted += len;
		got += len;
		line++;
	}
	fail_msg("%s:%u is\n%.*s\nnot\n%.*s", path, line,
		(int)strcspn(wanted, "\n"), wanted, (int)strcspn(got, "\n"),
		got);
}

#endif
