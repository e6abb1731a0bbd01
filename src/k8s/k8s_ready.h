/* SPDX-License-Identifier: Apache-2.0 */
/* Is it ready, and if not why: rules over what the API server said. Pure. */
#ifndef K8S_READY_H
#define K8S_READY_H

#include "doc/doc.h"

#include <stdint.h>

enum k8s_health {
	K8S_ABSENT,  /* a controller of the release is not there */
	K8S_WAITING, /* nothing ready yet */
	K8S_PARTIAL,
	K8S_READY,
	K8S_FAILED, /* a cause that waiting does not heal */
};

/* Lists as the API server gave them (…List objects), of one release. */
struct k8s_release_view {
	const struct doc_node *deployments;
	const struct doc_node *stateful_sets;
	const struct doc_node *jobs;
	const struct doc_node *pods;
	const struct doc_node *claims; /* PersistentVolumeClaims; NULL if no
					* pod mounts one */
	const struct doc_node *autoscalers; /* HPAs; may be NULL */
	unsigned controllers_wanted; /* Deployments and StatefulSets that the
				      * chart makes; fewer: ABSENT */
	int64_t now_ms;
	/* Values that must not be told on: pods say why they ended. */
	size_t n_masks;
	const struct bytes *masks;
};

struct k8s_verdict {
	enum k8s_health health;
	unsigned ready;
	unsigned wanted;
	char why[320]; /* "2 of 3 pods ready; pod x: ImagePullBackOff: …" */
	char pod[254]; /* of the failure, to fetch its log; "" if none */
};

/* Unschedulable and crash loops heal at times: only after these. */
#define K8S_UNSCHEDULABLE_LIMIT_MS 60000
#define K8S_CRASHES_MAX 3

/** Whether a pod of the list ${pods} mounts a PersistentVolumeClaim: if none
 * does, claims say nothing about the release. */
bool k8s_mounts_claims(const struct doc_node *pods);

/**
 * Deployments and StatefulSets at the observed generation with all replicas
 * updated and available, Jobs complete, the claims that pods mount bound, an
 * HPA's minimum reached.  ImagePullBackOff, ErrImagePull, InvalidImageName,
 * CreateContainerConfigError, CrashLoopBackOff past K8S_CRASHES_MAX,
 * Unschedulable past the limit, a failed Job, refused quota (ReplicaFailure)
 * are FAILED and named with pod and container.
 */
void k8s_judge(const struct k8s_release_view *view, struct k8s_verdict *out);

#endif
