/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_job.h"

#include <stdio.h>
#include <string.h>

static int
get_list(struct apply_job *job, const char *path, const char *release,
	const struct doc_node **out, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena, path, job->claim.namespace),
		.query = k8s_path(job->arena, APPLY_OF_RELEASE, release)};
	struct k8s_answer answer;

	if (apply_kube_ok(job, &request, &answer, e) == -1)
		return -1;
	*out = answer.body;
	return 0;
}

int
apply_observe_release(struct apply_job *job, const struct kind_release *release,
	struct k8s_verdict *out, struct err *e)
{
	struct k8s_release_view view = {
		.controllers_wanted = release->controllers,
		.now_ms = apply_unix_ms()};
	const struct {
		const char *path;
		const struct doc_node **list;
	} lists[] = {
		{"/apis/apps/v1/namespaces/{}/deployments", &view.deployments},
		{"/apis/apps/v1/namespaces/{}/statefulsets",
			&view.stateful_sets},
		{"/apis/batch/v1/namespaces/{}/jobs", &view.jobs},
		{"/api/v1/namespaces/{}/pods", &view.pods},
		{"/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
			&view.autoscalers},
	};
	struct err cause; /* what does not open cannot be told on either */

	if (apply_secrets_open(job, &view.masks, &cause) == 0)
		view.n_masks = job->n_secrets;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (get_list(job, lists[i].path, release->name, lists[i].list,
			    e) == -1)
			return -1;
	}
	if (k8s_mounts_claims(view.pods) &&
		get_list(job, "/api/v1/namespaces/{}/persistentvolumeclaims",
			release->name, &view.claims, e) == -1)
		return -1;
	k8s_judge(&view, out);
	return 0;
}

/* From good to bad, as a component is only as well as its worst release. */
static int
badness(enum k8s_health health)
{
	switch (health) {
	case K8S_READY:
		return 0;
	case K8S_PARTIAL:
		return 1;
	case K8S_WAITING:
		return 2;
	case K8S_ABSENT:
		return 3;
	case K8S_FAILED:
		return 4;
	}
	return 4;
}

int
apply_observe(struct apply_job *job, struct k8s_verdict *out, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->health = K8S_READY;
	for (size_t i = 0; i < job->plan.n_releases; i++) {
		struct k8s_verdict one;

		if (apply_observe_release(
			    job, &job->plan.releases[i], &one, e) == -1)
			return -1;
		out->ready += one.ready;
		out->wanted += one.wanted;
		if (i > 0 && badness(one.health) <= badness(out->health))
			continue;
		out->health = one.health;
		snprintf(out->why, sizeof(out->why), "%s", one.why);
		snprintf(out->pod, sizeof(out->pod), "%s", one.pod);
	}
	if (out->health == K8S_READY)
		snprintf(out->why, sizeof(out->why), "%u of %u pods ready",
			out->ready, out->wanted);
	return 0;
}

enum apply_did
apply_stage_ready(struct apply_job *job, const struct kind_release *release,
	struct err *e)
{
	struct k8s_verdict verdict;

	if (apply_observe_release(job, release, &verdict, e) == -1)
		return APPLY_RETRY;
	if (verdict.health == K8S_READY)
		return APPLY_DONE;
	err_set(e, ERR_UNAVAILABLE, "", "%s: %s", release->name, verdict.why);
	return verdict.health == K8S_FAILED ? APPLY_REFUSED : APPLY_WAIT;
}
