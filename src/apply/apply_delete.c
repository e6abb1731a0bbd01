/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_helm.h"
#include "apply/apply_namespace.h"
#include "base/base_json.h"
#include "fail/fail.h"

#include <string.h>

/* Kinds of objects that make a namespace somebody's; what Kubernetes and
 * roaster put into every namespace does not count. */
static const char *const inhabitants[] = {
	"/api/v1/namespaces/{}/pods",
	"/api/v1/namespaces/{}/services",
	"/api/v1/namespaces/{}/configmaps",
	"/api/v1/namespaces/{}/secrets",
	"/api/v1/namespaces/{}/persistentvolumeclaims",
	"/api/v1/namespaces/{}/serviceaccounts",
	"/apis/apps/v1/namespaces/{}/deployments",
	"/apis/apps/v1/namespaces/{}/statefulsets",
	"/apis/batch/v1/namespaces/{}/jobs",
};

static const char *const everywhere[] = {"kube-root-ca.crt", "default"};

static enum apply_did
waiting(struct err *e, const char *what, const char *name)
{
	err_set(e, ERR_UNAVAILABLE, "", "waiting until %s %s is gone", what,
		name);
	return APPLY_WAIT;
}

/* 1: there, 0: not there, -1: no answer. */
static int
namespace_is_there(struct apply_job *job, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena, "/api/v1/namespaces/{}",
			job->claim.namespace)};
	struct k8s_answer answer;

	if (apply_kube(job, &request, &answer, e) == -1)
		return -1;
	if (answer.status == 404)
		return 0;
	return answer.status == 200 ? 1 : k8s_refused(&request, &answer, e);
}

/* ${is_foreign}: of the plan's releases, those that roaster did not make; they
 * and all that is theirs stay. */
static enum apply_did
uninstall_releases(struct apply_job *job, bool *is_foreign, struct err *e)
{
	for (size_t i = job->plan.n_releases; i-- > 0;) {
		const struct apply_helm_goal goal = {
			.release = job->plan.releases[i].name};
		enum apply_did did = apply_helm_reach(job, &goal, e);

		is_foreign[i] = did == APPLY_REFUSED && e->code == ERR_CONFLICT;
		if (did != APPLY_DONE && !is_foreign[i])
			return did;
	}
	return APPLY_DONE;
}

static int
list_names(struct apply_job *job, const char *path, const char *query,
	const struct doc_node **items, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena, path, job->claim.namespace),
		.query = query,
		.is_metadata_only = true};
	struct k8s_answer answer;

	if (apply_kube_ok(job, &request, &answer, e) == -1)
		return -1;
	*items = doc_get(answer.body, "items");
	return 0;
}

static enum apply_did
wait_for_pods(struct apply_job *job, const bool *is_foreign, struct err *e)
{
	for (size_t i = 0; i < job->plan.n_releases; i++) {
		const char *release = job->plan.releases[i].name;
		const struct doc_node *items;
		const char *query =
			k8s_path(job->arena, APPLY_OF_RELEASE, release);

		if (is_foreign[i])
			continue;
		if (list_names(job, "/api/v1/namespaces/{}/pods", query, &items,
			    e) == -1)
			return APPLY_RETRY;
		if (items != NULL && items->count > 0)
			return waiting(e, "pod",
				doc_text(items->items[0], "metadata.name", ""));
	}
	FAILPOINT(apply_releases_gone);
	return APPLY_DONE;
}

static int
delete_selected(struct apply_job *job, const char *path, const char *query,
	struct err *e)
{
	const struct k8s_request request = {.verb = K8S_DELETE,
		.path = k8s_path(job->arena, path, job->claim.namespace),
		.query = query};
	struct k8s_answer answer;

	return apply_kube_ok(job, &request, &answer, e);
}

/* Data volumes only when that was asked for, and only those that the charts
 * labelled as this component's. They are waited for: one that is still going
 * would count as an inhabitant of the namespace. */
static enum apply_did
delete_volumes(struct apply_job *job, struct err *e)
{
	static const char path[] =
		"/api/v1/namespaces/{}/persistentvolumeclaims";

	if (!job->claim.delete_data)
		return APPLY_DONE;
	for (size_t i = 0; i < job->plan.n_releases; i++) {
		const struct doc_node *items;
		const char *query = k8s_path(job->arena,
			"labelSelector=app.kubernetes.io%2Finstance%3D{}"
			"%2C" APPLY_LABEL_KIND "%3D{}%2C" APPLY_LABEL_NAME
			"%3D{}",
			job->plan.releases[i].name, job->claim.kind,
			job->claim.name);

		if (delete_selected(job, path, query, e) == -1 ||
			list_names(job, path, query, &items, e) == -1)
			return APPLY_RETRY;
		if (items != NULL && items->count > 0)
			return waiting(e, "PersistentVolumeClaim",
				doc_text(items->items[0], "metadata.name", ""));
	}
	return APPLY_DONE;
}

static bool
is_everywhere(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(everywhere); i++) {
		if (strcmp(name, everywhere[i]) == 0)
			return true;
	}
	return false;
}

/* 1: somebody's object is in the namespace (${out} names it), 0: none, -1. */
static int
find_inhabitant(struct apply_job *job, const char **out, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(inhabitants); i++) {
		const struct doc_node *items;

		if (list_names(job, inhabitants[i], NULL, &items, e) == -1)
			return -1;
		for (size_t k = 0; items != NULL && k < items->count; k++) {
			*out = doc_text(items->items[k], "metadata.name", "");
			if (!is_everywhere(*out))
				return 1;
		}
	}
	return 0;
}

/* The last component of a namespace leaves it: the namespace goes if roaster
 * made it, its data may go and nobody else lives there; else only our rights
 * in it go. Who is the last is asked only now: releases take their time to go,
 * and another one may have come meanwhile. */
static enum apply_did
leave_namespace(struct apply_job *job, struct err *e)
{
	struct apply_managed managed;
	const char *inhabitant = "";
	int rc = 1;

	if (apply_namespace_get(job, &managed, e) == -1)
		return APPLY_RETRY;
	if (managed.components > 1)
		return APPLY_DONE;
	if (managed.is_made && job->claim.delete_data) {
		rc = find_inhabitant(job, &inhabitant, e);
		if (rc == -1)
			return APPLY_RETRY;
	}
	if (rc == 0) {
		if (apply_kube_delete(job,
			    k8s_path(job->arena, "/api/v1/namespaces/{}",
				    job->claim.namespace),
			    e) == -1)
			return APPLY_RETRY;
		return waiting(e, "namespace", job->claim.namespace);
	}
	if (apply_namespace_leave(job, e) == -1)
		return APPLY_RETRY;
	FAILPOINT(apply_rights_gone);
	return apply_namespace_forget(job, e) == 0 ? APPLY_DONE : APPLY_RETRY;
}

enum apply_did
apply_delete(struct apply_job *job, struct err *e)
{
	bool *is_foreign = arena_array(
		job->arena, job->plan.n_releases + 1, sizeof(*is_foreign));
	struct apply_managed managed;
	enum apply_did did;
	int is_there = namespace_is_there(job, e);

	if (is_there == -1 || apply_namespace_get(job, &managed, e) == -1)
		return APPLY_RETRY;
	if (is_there == 0)
		return managed.is_managed && managed.components == 1 &&
				       apply_namespace_forget(job, e) == -1
			       ? APPLY_RETRY
			       : APPLY_DONE;
	if (!managed.is_managed)
		return APPLY_DONE; /* nothing of ours was ever in it */
	/* What failed may have failed for our rights: the last attempt gave
	 * them back, and then it crashed. */
	if (job->claim.attempts > 0 && apply_namespace_enter(job, e) == -1)
		return APPLY_RETRY;
	did = uninstall_releases(job, is_foreign, e);
	if (did == APPLY_DONE)
		did = wait_for_pods(job, is_foreign, e);
	if (did == APPLY_DONE)
		did = apply_secrets_delete(job, e);
	if (did == APPLY_DONE)
		did = delete_volumes(job, e);
	if (did != APPLY_DONE)
		return did;
	FAILPOINT(apply_volumes_gone);
	return leave_namespace(job, e);
}
