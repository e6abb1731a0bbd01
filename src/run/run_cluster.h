/* SPDX-License-Identifier: Apache-2.0 */
/* helm and the cluster as configured. Private to room run. */
#ifndef RUN_CLUSTER_H
#define RUN_CLUSTER_H

#include "k8s/k8s.h"
#include "run/run_shell.h"

/** The kubeconfig to use, with exec plugins run by us. -1: INVALID or
 * UNAVAILABLE. */
int run_cluster_open(
	const struct run_shell *shell, struct k8s_config **out, struct err *e);

/** helm's absolute path, its version checked against the floor; ${version}:
 * as it says itself. -1: UNAVAILABLE or INVALID, with the cure. */
int run_helm_find(const struct run_shell *shell, const char **path,
	const char **version, struct err *e);

#endif
