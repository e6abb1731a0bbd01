/* SPDX-License-Identifier: Apache-2.0 */
/* What is recorded of what a step found. Private to room apply. No effects: of
 * a job only claim, state and settings are looked at. */
#ifndef APPLY_OUTCOME_H
#define APPLY_OUTCOME_H

#include "apply/apply_job.h"

/* Between looks while something is on its way; the watch is usually faster. */
#define APPLY_SETTLE_MS 2000

/** The message; what is too long is cut. */
void apply_outcome_say(struct apply_outcome *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The stage claim.stage was not done: ${did} and ${e} say why. */
void apply_outcome_of_stage(const struct apply_job *job, enum apply_did did,
	const struct err *e, struct apply_outcome *out);

/** The cluster was looked at, and says ${verdict} of the component. */
void apply_outcome_of_look(const struct apply_job *job,
	const struct k8s_verdict *verdict, struct apply_outcome *out);

#endif
