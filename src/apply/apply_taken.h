/* SPDX-License-Identifier: Apache-2.0 */
/* Names in the cluster that somebody else has. Private. */
#ifndef APPLY_TAKEN_H
#define APPLY_TAKEN_H

#include "apply/apply_job.h"

/**
 * Whether all names of the component are free in its namespace, or its own.
 * TAKEN: one is not, ${e} names it and whose it is. Only reads.
 */
enum apply_did apply_names_free(struct apply_job *job, struct err *e);

#endif
