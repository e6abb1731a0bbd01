/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the form beside yaml that several kinds have. Errors carry the
 * field's name and no position. */
#ifndef KIND_FORM_H
#define KIND_FORM_H

#include "base/base_text.h"

/** The value of the field ${name}; NULL if it was not sent. */
const struct bytes *kind_form_find(
	const struct text_form *form, const char *name);

/** Add an error at the field ${name}. */
void kind_form_refuse(
	struct err_list *errors, const char *name, const char *why);

#define KIND_FORM_GI_MAX 65536U

/** The size in whole Gi that the field says; 0 if it was not sent, or is wrong
 * (1..KIND_FORM_GI_MAX, without a unit). */
uint64_t kind_form_size(const struct text_form *form, const char *name,
	struct err_list *errors);

/** The storage class that the field says; NULL if it was not sent, or is
 * wrong. */
const char *kind_form_class(const struct text_form *form, const char *name,
	struct err_list *errors);

#endif
