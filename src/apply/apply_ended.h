/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of operations that ended. Private. */
#ifndef APPLY_ENDED_H
#define APPLY_ENDED_H

#include "apply/apply_job.h"

/** Count an operation of this kind that ended with ${result}, and how long it
 * took; one that the database does not tell of is left out. */
void apply_count_end(
	struct apply_job *job, const char *operation, const char *result);

#endif
