/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_form.h"

#include "kinds/kind_check.h"

#include <string.h>

const struct bytes *
kind_form_find(const struct text_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->pairs[i].name, name) == 0)
			return &form->pairs[i].value;
	}
	return NULL;
}

void
kind_form_refuse(struct err_list *errors, const char *name, const char *why)
{
	struct err e;

	(void)err_set(&e, ERR_INVALID, name, "%s", why);
	err_list_add(errors, &e);
}

uint64_t
kind_form_size(
	const struct text_form *form, const char *name, struct err_list *errors)
{
	const struct bytes *sent = kind_form_find(form, name);
	uint64_t size = 0;
	struct err e;

	if (sent == NULL)
		return 0;
	if (text_to_uint(sent->data, KIND_FORM_GI_MAX, &size) == 0 && size > 0)
		return size;
	(void)err_set(&e, ERR_INVALID, name,
		"\"%.40s\" is not a whole number of Gi (1..%u)", sent->data,
		KIND_FORM_GI_MAX);
	err_list_add(errors, &e);
	return 0;
}

const char *
kind_form_class(
	const struct text_form *form, const char *name, struct err_list *errors)
{
	const struct bytes *sent = kind_form_find(form, name);
	const char *why = sent == NULL ? NULL : kind_check_object(sent->data);
	struct err e;

	if (sent == NULL)
		return NULL;
	if (why == NULL)
		return sent->data;
	(void)err_set(&e, ERR_INVALID, name, "\"%.40s\" %s", sent->data, why);
	err_list_add(errors, &e);
	return NULL;
}
