/* SPDX-License-Identifier: Apache-2.0 */
/* Whose cluster it is, and who we are there. Private to room apply. */
#ifndef APPLY_CLUSTER_H
#define APPLY_CLUSTER_H

#include "apply/apply_job.h"

#define APPLY_KNOWN_MS 2000

/** That this is the cluster the database belongs to: asked over each new
 * connection, and every APPLY_KNOWN_MS. -1: UNAVAILABLE, or CONFLICT if it is
 * another one. */
int apply_cluster_check(struct apply_job *job, struct err *e);

/** Have it asked again. */
void apply_cluster_forget(struct apply_worker *worker);

/** Ask the cluster who we are, once a worker. */
int apply_identity_ask(struct apply_job *job, struct err *e);

#endif
