/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec_internal.h"

#include "base/base_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
put_place(struct buf *out, const struct spec_place *place)
{
	if (place->parent != NULL)
		put_place(out, place->parent);
	if (place->key == NULL)
		buf_format(out, "[%zu]", place->index);
	else if (out->len > 0)
		buf_format(out, ".%s", place->key);
	else
		buf_text(out, place->key);
}

/* "spec.coordinator.configs[3].name" */
static const char *
place_text(const struct spec_parser *p, const struct spec_place *place)
{
	struct buf out;

	buf_init(&out, p->arena);
	put_place(&out, place);
	return buf_string(&out);
}

void
spec_refuse(const struct spec_parser *p, const struct spec_place *place,
	const struct doc_node *at, const char *format, ...)
{
	char message[sizeof(((struct err *)NULL)->message)];
	struct err e;
	va_list args;

	/* A text of 50,000 wrong keys is not worth 50,000 sentences. */
	if (p->errors->count == ERR_LIST_MAX) {
		p->errors->total++;
		return;
	}
	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	(void)err_at(
		&e, at->line, at->column, place_text(p, place), "%s", message);
	err_list_add(p->errors, &e);
}

uint64_t
spec_uint_max(const struct spec_field *field)
{
	return field->max == 0 ? SPEC_UINT_MAX : field->max;
}

void
spec_check_count(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place)
{
	if (at->count < field->min)
		spec_refuse(p, place, at,
			"has %zu items; at least %" PRIu64 " are needed",
			at->count, field->min);
	if (field->max != 0 && at->count > field->max)
		spec_refuse(p, place, at,
			"has %zu items; at most %" PRIu64 " are taken",
			at->count, field->max);
}

static void
check_text(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place)
{
	const char *cause = NULL;

	if (at->text.len < field->min && at->text.len == 0)
		spec_refuse(p, place, at, "is empty: give it a value");
	else if (at->text.len < field->min)
		spec_refuse(p, place, at, "is shorter than %" PRIu64 " bytes",
			field->min);
	else if (field->max != 0 && at->text.len > field->max)
		spec_refuse(p, place, at, "is longer than %" PRIu64 " bytes",
			field->max);
	else if (field->check != NULL)
		cause = field->check(at->text.data);
	if (cause != NULL)
		spec_refuse(p, place, at, "\"%.40s\" %s", at->text.data, cause);
}

static void
set_uint(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place,
	uint64_t *out)
{
	uint64_t max = spec_uint_max(field), value;

	if (text_to_uint(at->text.data, UINT64_MAX, &value) != 0)
		spec_refuse(p, place, at,
			"\"%.40s\" is not a whole number (%" PRIu64 "..%" PRIu64
			")",
			at->text.data, field->min, max);
	else if (value < field->min || value > max)
		spec_refuse(p, place, at,
			"%" PRIu64 " is outside %" PRIu64 "..%" PRIu64, value,
			field->min, max);
	else
		*out = value;
}

static void
set_bool(const struct spec_parser *p, const struct doc_node *at,
	const struct spec_place *place, bool *out)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"true", true}, {"True", true}, {"TRUE", true},
		{"false", false}, {"False", false}, {"FALSE", false}};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(at->text.data, words[i].word) == 0) {
			*out = words[i].value;
			return;
		}
	}
	spec_refuse(
		p, place, at, "\"%.40s\" is not true or false", at->text.data);
}

static void
refuse_choice(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place)
{
	size_t count = 0;
	const char *nearest;
	struct buf all;

	buf_init(&all, p->arena);
	for (; field->choices[count] != NULL; count++)
		buf_format(&all, "%s%s", count == 0 ? "" : ", ",
			field->choices[count]);
	nearest = text_nearest(at->text.data, field->choices, count);
	if (nearest != NULL)
		spec_refuse(p, place, at,
			"\"%.40s\" is not one of %s; did you mean \"%s\"?",
			at->text.data, buf_string(&all), nearest);
	else
		spec_refuse(p, place, at, "\"%.40s\" is not one of %s",
			at->text.data, buf_string(&all));
}

static void
set_choice(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place,
	const char **out)
{
	for (size_t i = 0; field->choices[i] != NULL; i++) {
		if (strcmp(at->text.data, field->choices[i]) == 0) {
			*out = field->choices[i];
			return;
		}
	}
	refuse_choice(p, field, at, place);
}

void
spec_set_scalar(const struct spec_parser *p, const struct spec_field *field,
	const struct doc_node *at, const struct spec_place *place, void *out)
{
	switch (field->type) {
	case SPEC_UINT:
		set_uint(p, field, at, place, out);
		break;
	case SPEC_BOOL:
		set_bool(p, at, place, out);
		break;
	case SPEC_ENUM:
		set_choice(p, field, at, place, out);
		break;
	case SPEC_QUANTITY:
		if (!text_is_quantity(at->text.data))
			spec_refuse(p, place, at,
				"\"%.40s\" is not an amount: write it like "
				"500m, 2, 1.5 or 8Gi",
				at->text.data);
		*(const char **)out = at->text.data;
		break;
	case SPEC_TEXT:
	case SPEC_STRUCT:
	case SPEC_LIST:
	case SPEC_TEXTS:
	case SPEC_MAP:
	case SPEC_RAW:
		check_text(p, field, at, place);
		*(const char **)out = at->text.data;
		break;
	}
}
