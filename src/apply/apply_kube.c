/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_cluster.h"

#include "base/base_json.h"

#include <string.h>

static const char *
verb_text(enum k8s_verb verb)
{
	switch (verb) {
	case K8S_GET:
		return "get";
	case K8S_CREATE:
		return "create";
	case K8S_APPLY:
		return "apply";
	case K8S_MERGE:
		return "merge";
	case K8S_DELETE:
		return "delete";
	}
	return "";
}

int
apply_job_check(const struct apply_job *job, struct err *e)
{
	const struct apply_worker *worker = job->worker;

	return apply_claims_check(
		worker->app->claims, worker->number, apply_clock_ms(), e);
}

int
apply_kube_send(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e)
{
	int rc;

	if (apply_job_check(job, e) == -1)
		return -1;
	rc = k8s_send(job->worker->client, job->arena, request, answer, e);
	if (rc == 1)
		return 1;
	apply_counts_add(job->worker->app->counts,
		"roaster_kube_requests_total",
		arena_format(job->arena, "verb=\"%s\",code=\"%d\"",
			verb_text(request->verb), rc == 0 ? answer->status : 0),
		1);
	return rc;
}

/* A new connection may lead to another cluster: it is asked over it first.
 * Where none lasts longer than a request that has to do. */
int
apply_kube(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e)
{
	int rc = apply_kube_send(job, request, answer, e);

	if (rc == 1) {
		apply_cluster_forget(job->worker);
		rc = apply_cluster_check(job, e);
		if (rc == 0)
			rc = apply_kube_send(job, request, answer, e);
	}
	if (rc == 0)
		return 0;
	apply_cluster_forget(job->worker);
	return rc == -1 ? -1 : apply_kube_send(job, request, answer, e);
}

int
apply_kube_ok(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e)
{
	if (apply_kube(job, request, answer, e) == -1)
		return -1;
	if (answer->status < 200 || answer->status > 299)
		return k8s_refused(request, answer, e);
	return 0;
}

int
apply_kube_delete(struct apply_job *job, const char *path, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_DELETE, .path = path};
	struct k8s_answer answer;

	if (apply_kube(job, &request, &answer, e) == -1)
		return -1;
	if (answer.status == 404 ||
		(answer.status >= 200 && answer.status <= 299))
		return 0;
	return k8s_refused(&request, &answer, e);
}

const char *
apply_label(const struct doc_node *object, const char *key)
{
	/* Not doc_text with a path: the key has dots. */
	const struct doc_node *label =
		doc_get(doc_at(object, "metadata.labels"), key);

	return label == NULL || label->type != DOC_SCALAR ? ""
							  : label->text.data;
}

enum apply_did
apply_did_of(const struct err *e)
{
	/* The API server checks what it is sent: that never heals. All else
	 * may, rights and conflicts too. */
	return e->code == ERR_INVALID ? APPLY_REFUSED : APPLY_RETRY;
}

void
apply_json_metadata(struct json *j, const struct apply_job *job,
	const char *namespace, const char *name)
{
	json_key(j, "metadata");
	json_object_open(j);
	json_member_text(j, "name", name);
	if (namespace != NULL)
		json_member_text(j, "namespace", namespace);
	json_key(j, "labels");
	json_object_open(j);
	json_member_text(j, APPLY_LABEL_MANAGER, APPLY_MANAGER);
	if (namespace != NULL) {
		json_member_text(
			j, APPLY_LABEL_COMPONENT, job->claim.component);
		json_member_text(j, APPLY_LABEL_KIND, job->claim.kind);
		json_member_text(j, APPLY_LABEL_NAME, job->claim.name);
	}
	json_object_close(j);
	json_object_close(j);
}
