/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a request: query string, form and JSON as one flat list. */
#ifndef API_FIELDS_H
#define API_FIELDS_H

#include "api/api_task.h"

/**
 * Fill progress->fields from query string and body.
 *
 * Return 0, or -1 and the problems in ${errors}: another media type, text
 * that cannot be parsed, a field sent twice, a required one missing, and
 * unknown ones but in forms of v1.
 */
int api_fields_read(struct api_task *task, struct err_list *errors);

/** The value of field ${name}, NULL if it was not sent. */
const struct text_pair *api_field(
	const struct api_task *task, const char *name);

/** Its bytes; empty if it was not sent. */
struct bytes api_field_value(const struct api_task *task, const char *name);

/** The same as text; "" counts as sent, NULL was not. */
const char *api_field_text(const struct api_task *task, const char *name);

/** true or false; ${out} stays as it is if the field was not sent. */
int api_field_bool(const struct api_task *task, const char *name, bool *out,
	struct err *e);

/**
 * The posted YAML: base64, or as it is in JSON. Base64 has no colon in any of
 * its alphabets and a YAML mapping has one, so that is what tells them apart.
 */
int api_field_yaml(
	const struct api_task *task, struct bytes *out, struct err *e);

/** The kind's parameters among the fields, decoded where they are base64. */
int api_field_params(const struct api_task *task, struct text_form *out,
	struct err_list *errors);

#endif
