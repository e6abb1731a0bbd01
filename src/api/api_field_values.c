/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_fields.h"

#include <string.h>

const struct text_pair *
api_field(const struct api_task *task, const char *name)
{
	const struct text_form *fields = &task->progress->fields;

	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->pairs[i].name, name) == 0)
			return &fields->pairs[i];
	return NULL;
}

struct bytes
api_field_value(const struct api_task *task, const char *name)
{
	const struct text_pair *pair = api_field(task, name);

	return pair == NULL ? (struct bytes){"", 0} : pair->value;
}

const char *
api_field_text(const struct api_task *task, const char *name)
{
	const struct text_pair *pair = api_field(task, name);

	return pair == NULL ? NULL : pair->value.data;
}

int
api_field_bool(
	const struct api_task *task, const char *name, bool *out, struct err *e)
{
	const char *text = api_field_text(task, name);

	if (text == NULL)
		return 0;
	*out = strcmp(text, "true") == 0;
	if (*out || strcmp(text, "false") == 0)
		return 0;
	return err_set(e, ERR_INVALID, name, "must be true or false");
}

int
api_field_yaml(const struct api_task *task, struct bytes *out, struct err *e)
{
	*out = api_field_value(task, "yaml");
	if (task->progress->is_json && out->len > 0 &&
		memchr(out->data, ':', out->len) != NULL)
		return 0;
	return text_base64_decode(task->request.arena, *out, "yaml", out, e);
}

int
api_field_params(const struct api_task *task, struct text_form *out,
	struct err_list *errors)
{
	const struct kind *kind = task->progress->target.kind;
	struct arena *arena = task->request.arena;
	unsigned before = errors->total;
	struct err e;

	*out = (struct text_form){
		arena_array(arena, kind->n_params, sizeof(*out->pairs)), 0};
	for (size_t i = 0; i < kind->n_params; i++) {
		const struct kind_param *param = &kind->params[i];
		const struct text_pair *sent = api_field(task, param->name);
		struct text_pair *pair = &out->pairs[out->count];

		if (sent == NULL)
			continue;
		*pair = *sent;
		out->count++;
		if (param->is_base64 &&
			text_base64_decode(arena, sent->value, param->name,
				&pair->value, &e) != 0)
			err_list_add(errors, &e);
	}
	return errors->total == before ? 0 : -1;
}
