/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_taken.h"
#include "apply/apply_helm.h"

#include <string.h>

#define HELM_RELEASE "meta.helm.sh/release-name"

/* Types of kind_name that are objects. One that is not here is left to helm,
 * which refuses objects that are not its release's. */
static const struct {
	const char *type;
	const char *path;
} types[] = {
	{"ConfigMap", "/api/v1/namespaces/{}/configmaps/{}"},
	{"Deployment", "/apis/apps/v1/namespaces/{}/deployments/{}"},
	{"PersistentVolumeClaim",
		"/api/v1/namespaces/{}/persistentvolumeclaims/{}"},
	{"Role", "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles/{}"},
	{"RoleBinding", "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/"
			"rolebindings/{}"},
	{"Secret", "/api/v1/namespaces/{}/secrets/{}"},
	{"Service", "/api/v1/namespaces/{}/services/{}"},
	{"ServiceAccount", "/api/v1/namespaces/{}/serviceaccounts/{}"},
	{"StatefulSet", "/apis/apps/v1/namespaces/{}/statefulsets/{}"},
};

static const char *
path_of(const char *type)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].type, type) == 0)
			return types[i].path;
	}
	return NULL;
}

static const char *
annotation(const struct doc_node *object, const char *key)
{
	/* Not doc_text with a path: the key has dots. */
	const struct doc_node *value =
		doc_get(doc_at(object, "metadata.annotations"), key);

	return value == NULL || value->type != DOC_SCALAR ? ""
							  : value->text.data;
}

static bool
is_release_of(const struct apply_job *job, const char *release)
{
	for (size_t i = 0; i < job->plan.n_releases; i++) {
		if (strcmp(job->plan.releases[i].name, release) == 0)
			return true;
	}
	return false;
}

static enum apply_did
taken(const struct apply_job *job, const struct kind_name *name,
	const char *holder, struct err *e)
{
	err_set(e, ERR_CONFLICT, "",
		"%s %s in namespace %s belongs to %s; delete or rename it, or "
		"use another namespace",
		name->type, name->name, job->claim.namespace, holder);
	return APPLY_TAKEN;
}

/* Ours: what we wrote beside helm, and what a release of ours made, also if
 * it outlived it. */
static enum apply_did
check_object(struct apply_job *job, const struct kind_name *name,
	const struct doc_node *object, struct err *e)
{
	const char *kind = apply_label(object, APPLY_LABEL_KIND);
	const char *owner = apply_label(object, APPLY_LABEL_NAME);
	const char *release = annotation(object, HELM_RELEASE);

	if (kind[0] != '\0' && (strcmp(kind, job->claim.kind) != 0 ||
				       strcmp(owner, job->claim.name) != 0))
		return taken(job, name,
			arena_format(job->arena, "%s %s", kind, owner), e);
	if (kind[0] != '\0' || is_release_of(job, release))
		return APPLY_DONE;
	if (release[0] != '\0')
		return taken(job, name,
			arena_format(
				job->arena, "the Helm release %s", release),
			e);
	return taken(job, name, "somebody else", e);
}

static enum apply_did
check_named(struct apply_job *job, const struct kind_name *name,
	const char *path, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(
			job->arena, path, job->claim.namespace, name->name),
		.is_metadata_only = true};
	struct k8s_answer answer;

	if (apply_kube(job, &request, &answer, e) == -1)
		return APPLY_RETRY;
	if (answer.status == 404)
		return APPLY_DONE;
	if (answer.status == 200)
		return check_object(job, name, answer.body, e);
	k8s_refused(&request, &answer, e);
	return apply_did_of(e);
}

static enum apply_did
check_release(
	struct apply_job *job, const struct kind_name *name, struct err *e)
{
	struct helm_revision *revisions;
	size_t count;

	if (apply_helm_revisions(job, name->name, &revisions, &count, e) == -1)
		return APPLY_RETRY;
	for (size_t i = 0; i < count; i++) {
		if (revisions[i].operation == NULL)
			return taken(job, name,
				"somebody else: roaster did not make it", e);
	}
	return APPLY_DONE;
}

enum apply_did
apply_names_free(struct apply_job *job, struct err *e)
{
	enum apply_did did = APPLY_DONE;

	for (size_t i = 0; did == APPLY_DONE && i < job->names.count; i++) {
		const struct kind_name *name = &job->names.items[i];
		const char *path = path_of(name->type);

		if (strcmp(name->type, "release") == 0)
			did = check_release(job, name, e);
		else if (path != NULL)
			did = check_named(job, name, path, e);
	}
	return did;
}
