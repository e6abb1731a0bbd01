/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec_internal.h"

#include <inttypes.h>
#include <string.h>

static void put_object(const struct spec_table *table, struct json *out);

static void
put_range(const struct spec_field *field, const char *min, const char *max,
	struct json *out)
{
	if (field->min != 0)
		json_member_int(out, min, (int64_t)field->min);
	if (field->max != 0)
		json_member_int(out, max, (int64_t)field->max);
}

static void
put_choices(const struct spec_field *field, struct json *out)
{
	json_key(out, "enum");
	json_array_open(out);
	for (size_t i = 0; field->choices[i] != NULL; i++)
		json_text(out, field->choices[i]);
	json_array_close(out);
}

static void
put_string_schema(const char *key, struct json *out)
{
	json_key(out, key);
	json_object_open(out);
	json_member_text(out, "type", "string");
	json_object_close(out);
}

static void
put_list(const struct spec_field *field, struct json *out)
{
	json_member_text(out, "type", "array");
	put_range(field, "minItems", "maxItems", out);
	if (field->type == SPEC_TEXTS) {
		put_string_schema("items", out);
		return;
	}
	json_key(out, "items");
	json_object_open(out);
	put_object(field->table, out);
	json_object_close(out);
}

static void
put_type(const struct spec_field *field, struct json *out)
{
	switch (field->type) {
	case SPEC_TEXT:
		json_member_text(out, "type", "string");
		put_range(field, "minLength", "maxLength", out);
		break;
	case SPEC_QUANTITY:
		json_member_raw(out, "type", "[\"string\",\"number\"]");
		break;
	case SPEC_ENUM:
		put_choices(field, out);
		break;
	case SPEC_UINT:
		json_member_text(out, "type", "integer");
		json_member_int(out, "minimum", (int64_t)field->min);
		json_member_int(out, "maximum", (int64_t)spec_uint_max(field));
		break;
	case SPEC_BOOL:
		json_member_text(out, "type", "boolean");
		break;
	case SPEC_STRUCT:
		put_object(field->table, out);
		break;
	case SPEC_LIST:
	case SPEC_TEXTS:
		put_list(field, out);
		break;
	case SPEC_MAP:
		json_member_text(out, "type", "object");
		put_range(field, "minProperties", "maxProperties", out);
		put_string_schema("additionalProperties", out);
		break;
	case SPEC_RAW: /* anything */
		break;
	}
}

static void
put_default(const struct spec_field *field, struct json *out)
{
	if (field->type == SPEC_UINT || field->type == SPEC_BOOL)
		json_member_raw(out, "default", field->otherwise);
	else
		json_member_text(out, "default", field->otherwise);
}

static void
put_field(const struct spec_field *field, struct json *out)
{
	json_key(out, field->name);
	json_object_open(out);
	put_type(field, out);
	if (field->otherwise != NULL)
		put_default(field, out);
	if (field->help != NULL)
		json_member_text(out, "description", field->help);
	if (field->is_deprecated)
		json_member_bool(out, "deprecated", true);
	json_object_close(out);
}

static void
put_required(const struct spec_table *table, struct json *out)
{
	json_key(out, "required");
	json_array_open(out);
	for (size_t i = 0; i < table->count; i++)
		if (table->fields[i].is_required)
			json_text(out, table->fields[i].name);
	json_array_close(out);
}

static void
put_object(const struct spec_table *table, struct json *out)
{
	json_member_text(out, "type", "object");
	json_key(out, "properties");
	json_object_open(out);
	for (size_t i = 0; i < table->count; i++)
		put_field(&table->fields[i], out);
	json_object_close(out);
	put_required(table, out);
	json_member_bool(out, "additionalProperties", false);
}

void
spec_schema(const struct spec_table *table, struct json *out)
{
	json_object_open(out);
	json_member_text(
		out, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put_object(table, out);
	json_object_close(out);
}
