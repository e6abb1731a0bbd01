/* SPDX-License-Identifier: Apache-2.0 */
/* The namespace of a job, as roaster has it. Private. */
#ifndef APPLY_NAMESPACE_H
#define APPLY_NAMESPACE_H

#include "apply/apply_job.h"

/** Take our rights in the namespace: bind the committed ClusterRole. -1 with
 * the answer's error. */
int apply_namespace_enter(struct apply_job *job, struct err *e);

/** Give back our rights in the namespace, unless components are in it. -1:
 * UNAVAILABLE. */
int apply_namespace_leave(struct apply_job *job, struct err *e);

/** Forget the namespace, and watch it no more. -1: UNAVAILABLE. */
int apply_namespace_forget(struct apply_job *job, struct err *e);

struct apply_managed {
	bool is_managed; /* put to use by a component */
	bool is_made;    /* by roaster */
	int64_t components;
};

/** What the database has on the job's namespace. -1: UNAVAILABLE. */
int apply_namespace_get(
	struct apply_job *job, struct apply_managed *out, struct err *e);

#endif
