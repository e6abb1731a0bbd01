/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec_internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_table_absent(const struct spec_table *table, const char *in);

/* Whether ${in}, the struct with ${field}, has nothing to print for it. */
static bool
is_absent(const struct spec_field *field, const char *in)
{
	const void *at = in + field->offset;

	if (field->is_deprecated)
		return true;
	if (field->present_offset != 0)
		return !*(const bool *)(in + field->present_offset);
	switch (field->type) {
	case SPEC_TEXT:
	case SPEC_QUANTITY:
	case SPEC_ENUM:
		return *(const char *const *)at == NULL;
	case SPEC_RAW:
		return *(const struct doc_node *const *)at == NULL;
	case SPEC_UINT:
	case SPEC_BOOL:
		return false;
	case SPEC_LIST:
		return ((const struct spec_list *)at)->count == 0;
	case SPEC_TEXTS:
		return ((const struct spec_texts *)at)->count == 0;
	case SPEC_MAP:
		return ((const struct spec_map *)at)->count == 0;
	case SPEC_STRUCT:
		break;
	}
	return is_table_absent(field->table, at);
}

static bool
is_table_absent(const struct spec_table *table, const char *in)
{
	for (size_t i = 0; i < table->count; i++)
		if (!is_absent(&table->fields[i], in))
			return false;
	return true;
}

static void
print_list(const struct spec_table *table, const struct spec_list *list,
	struct json *out)
{
	json_array_open(out);
	for (size_t i = 0; i < list->count; i++)
		spec_print(table, (const char *)list->items + i * table->size,
			out);
	json_array_close(out);
}

static void
print_texts(const struct spec_texts *texts, struct json *out)
{
	json_array_open(out);
	for (size_t i = 0; i < texts->count; i++)
		json_text(out, texts->items[i]);
	json_array_close(out);
}

static void
print_map(const struct spec_map *map, struct json *out)
{
	json_object_open(out);
	for (size_t i = 0; i < map->count; i++)
		json_member_text(out, map->pairs[i].key, map->pairs[i].value);
	json_object_close(out);
}

static void
print_value(const struct spec_field *field, const void *at, struct json *out)
{
	switch (field->type) {
	case SPEC_TEXT:
	case SPEC_QUANTITY:
	case SPEC_ENUM:
		json_text(out, *(const char *const *)at);
		break;
	case SPEC_UINT:
		json_int(out, (int64_t)(*(const uint64_t *)at));
		break;
	case SPEC_BOOL:
		json_bool(out, *(const bool *)at);
		break;
	case SPEC_STRUCT:
		spec_print(field->table, at, out);
		break;
	case SPEC_LIST:
		print_list(field->table, at, out);
		break;
	case SPEC_TEXTS:
		print_texts(at, out);
		break;
	case SPEC_MAP:
		print_map(at, out);
		break;
	case SPEC_RAW:
		doc_write_json(*(const struct doc_node *const *)at, out);
		break;
	}
}

static int
compare_fields(const void *a, const void *b)
{
	const struct spec_field *left = *(const struct spec_field *const *)a;
	const struct spec_field *right = *(const struct spec_field *const *)b;

	return strcmp(left->name, right->name);
}

void
spec_print(const struct spec_table *table, const void *in, struct json *out)
{
	const struct spec_field **sorted =
		arena_array(out->out->arena, table->count, sizeof(*sorted));

	for (size_t i = 0; i < table->count; i++)
		sorted[i] = &table->fields[i];
	qsort(sorted, table->count, sizeof(*sorted), compare_fields);
	json_object_open(out);
	for (size_t i = 0; i < table->count; i++) {
		if (is_absent(sorted[i], in))
			continue;
		json_key(out, sorted[i]->name);
		print_value(
			sorted[i], (const char *)in + sorted[i]->offset, out);
	}
	json_object_close(out);
}
