/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec_internal.h"

#include <inttypes.h>

static void
put_choices(const struct spec_field *field, struct buf *out)
{
	buf_text(out, "one of");
	for (size_t i = 0; field->choices[i] != NULL; i++)
		buf_format(
			out, "%s `%s`", i == 0 ? "" : ",", field->choices[i]);
}

static void
put_type(const struct spec_field *field, struct buf *out)
{
	static const char *const names[] = {
		[SPEC_TEXT] = "text",
		[SPEC_BOOL] = "true or false",
		[SPEC_QUANTITY] = "amount, like 500m or 8Gi",
		[SPEC_STRUCT] = "mapping",
		[SPEC_LIST] = "list of mappings",
		[SPEC_TEXTS] = "list of text",
		[SPEC_MAP] = "mapping of text to text",
		[SPEC_RAW] = "as Kubernetes takes it",
	};

	if (field->type == SPEC_ENUM)
		put_choices(field, out);
	else if (field->type == SPEC_UINT && field->max == 0)
		buf_format(out, "whole number from %" PRIu64, field->min);
	else if (field->type == SPEC_UINT)
		buf_format(out, "whole number %" PRIu64 "..%" PRIu64,
			field->min, field->max);
	else
		buf_text(out, names[field->type]);
}

/* A cell's text: a bar would end the cell. */
static void
put_cell(const char *text, struct buf *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			buf_put(out, "\\", 1);
		buf_put(out, text, 1);
	}
}

static void
put_row(const struct spec_field *field, const char *path, struct buf *out)
{
	buf_format(out, "| `%s` | ", path);
	put_type(field, out);
	buf_text(out, " | ");
	if (field->is_required)
		buf_text(out, "required");
	else if (field->otherwise != NULL)
		buf_format(out, "`%s`", field->otherwise);
	buf_text(out, " | ");
	if (field->is_deprecated)
		buf_text(out, "Accepted and not used. ");
	put_cell(field->help == NULL ? "" : field->help, out);
	buf_text(out, " |\n");
}

void
spec_markdown(const struct spec_table *table, const char *root, struct buf *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct spec_field *field = &table->fields[i];
		const char *path = arena_format(out->arena, "%s%s%s%s", root,
			*root == '\0' ? "" : ".", field->name,
			field->type == SPEC_LIST ? "[]" : "");

		put_row(field, path, out);
		if (field->table != NULL)
			spec_markdown(field->table, path, out);
	}
}
