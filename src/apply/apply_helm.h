/* SPDX-License-Identifier: Apache-2.0 */
/* Running helm for a job. Private to room apply. */
#ifndef APPLY_HELM_H
#define APPLY_HELM_H

#include "apply/apply_job.h"
#include "helm/helm.h"

/** The revisions of ${release}, from the labels of its Secrets. -1 if the
 * cluster did not answer. */
int apply_helm_revisions(struct apply_job *job, const char *release,
	struct helm_revision **out, size_t *count, struct err *e);

/** Run helm once by the recipe; ${values} goes to its standard input. What it
 * means is in ${out}; -1 if it could not be started. */
int apply_helm_run(struct apply_job *job, const struct helm_run *run,
	struct bytes values, struct helm_judgement *out, struct err *e);

/**
 * Bring ${release} to ${digest} (NULL: away), repairing what a crash left
 * behind. ${chart_path}, ${values} and ${digest} are NULL, empty and NULL for
 * a deletion.  Of ${wanted}, NULL for a deletion, the objects are looked for
 * if nothing changed: the recipe is run all the same if they went away.
 */
struct apply_helm_goal {
	const char *release;
	const char *chart_path;
	const char *digest;
	struct bytes values;
	const struct kind_release *wanted;
};

enum apply_did apply_helm_reach(struct apply_job *job,
	const struct apply_helm_goal *goal, struct err *e);

#endif
