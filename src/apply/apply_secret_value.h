/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a component's Secrets. Private. */
#ifndef APPLY_SECRET_VALUE_H
#define APPLY_SECRET_VALUE_H

#include "apply/apply_job.h"

struct json;

/**
 * Fill job->generated for ${object}, which lives with a volume: the values of
 * ${found}, the Secret as it is, or new ones if it is NULL. REFUSED if they
 * would not fit the data: the volume is there and the Secret, or a key of it,
 * is not.
 */
enum apply_did apply_secret_generate(struct apply_job *job,
	const struct kind_secret_object *object, const struct doc_node *found,
	struct err *e);

/** Member "data" of ${object}. Sealed values are opened for it; generated ones
 * are those of job->generated. -1: INTERNAL. */
int apply_secret_data(struct json *j, struct apply_job *job,
	const struct kind_secret_object *object, struct err *e);

#endif
