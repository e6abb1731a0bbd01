/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of SparkApplication share. */
#ifndef KIND_SPARK_UNIT_H
#define KIND_SPARK_UNIT_H

#include "kinds/kind.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define FOLDER "tests/golden/spark_thrift_server"
#define FILE_MAX 65536U
#define FORM_MAX 6U

/* Fields beside the document, decoded; up to a NULL name. */
struct sent {
	const char *name;
	const char *value;
};

static inline const struct kind *
spark(void)
{
	const struct kind *kind = kind_find("spark_thrift_server");

	assert_non_null(kind);
	return kind;
}

static inline struct bytes
read_file(struct arena *arena, const char *path)
{
	char *data = arena_alloc(arena, FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read: run this in the top folder", path);
	len = fread(data, 1, FILE_MAX, file);
	assert_true(len < FILE_MAX);
	assert_int_equal(fclose(file), 0);
	return (struct bytes){data, len};
}

static inline struct text_form
form_of(struct arena *arena, const struct sent *sent)
{
	struct text_form form = {
		arena_array(arena, FORM_MAX, sizeof(*form.pairs)), 0};

	for (; sent != NULL && sent->name != NULL; sent++) {
		assert_true(form.count < FORM_MAX);
		form.pairs[form.count++] =
			(struct text_pair){sent->name, unit_bytes(sent->value)};
	}
	return form;
}

/* kind_intake of ${yaml} with ${sent} beside it. */
static inline int
take_in(struct arena *arena, struct bytes yaml, const struct sent *sent,
	struct kind_intake *out, struct err_list *errors)
{
	const struct text_form form = form_of(arena, sent);

	return kind_intake(arena, spark(), yaml, &form, out, errors);
}

#endif
