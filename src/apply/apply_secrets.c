/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_secret_value.h"
#include "base/base_json.h"
#include "fail/fail.h"

#include <string.h>

static int
render(struct apply_job *job, const struct kind_secret_object *object,
	struct buf *body, struct err *e)
{
	struct json j;

	json_init(&j, body);
	json_object_open(&j);
	json_member_text(&j, "apiVersion", "v1");
	json_member_text(&j, "kind", "Secret");
	apply_json_metadata(&j, job, job->claim.namespace, object->name);
	json_member_text(&j, "type", "Opaque");
	if (apply_secret_data(&j, job, object, e) == -1)
		return -1;
	json_object_close(&j);
	return 0;
}

/* One that lives with a volume outlives the component it was made for: the next
 * one of that kind and name takes it over, as it does the volume. */
static bool
is_ours(const struct apply_job *job, const struct kind_secret_object *object,
	const struct doc_node *found)
{
	if (strcmp(apply_label(found, APPLY_LABEL_COMPONENT),
		    job->claim.component) == 0)
		return true;
	return object->volume != NULL &&
	       strcmp(apply_label(found, APPLY_LABEL_KIND), job->claim.kind) ==
		       0 &&
	       strcmp(apply_label(found, APPLY_LABEL_NAME), job->claim.name) ==
		       0;
}

static enum apply_did
not_ours(const struct apply_job *job, const struct kind_secret_object *object,
	const struct doc_node *found, struct err *e)
{
	const char *kind = apply_label(found, APPLY_LABEL_KIND);

	if (kind[0] == '\0')
		err_set(e, ERR_CONFLICT, "",
			"Secret %s in namespace %s is not roaster's; rename "
			"or delete it, then post the component again",
			object->name, job->claim.namespace);
	else
		err_set(e, ERR_CONFLICT, "",
			"Secret %s in namespace %s belongs to %s %s; post it "
			"under that name, or delete that one with its data",
			object->name, job->claim.namespace, kind,
			apply_label(found, APPLY_LABEL_NAME));
	return APPLY_REFUSED;
}

/* The Secret as it is, ${found} NULL if there is none. One of that name that is
 * not this component's is never touched. */
static enum apply_did
find_ours(struct apply_job *job, const struct kind_secret_object *object,
	const char *path, const struct doc_node **found, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET, .path = path};
	struct k8s_answer answer;

	*found = NULL;
	if (apply_kube(job, &request, &answer, e) == -1)
		return APPLY_RETRY;
	if (answer.status == 404)
		return APPLY_DONE;
	if (answer.status != 200) {
		k8s_refused(&request, &answer, e);
		return apply_did_of(e);
	}
	*found = answer.body;
	return is_ours(job, object, *found) ? APPLY_DONE
					    : not_ours(job, object, *found, e);
}

static enum apply_did
delete_secret(struct apply_job *job, const char *path, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_DELETE, .path = path};
	struct k8s_answer answer;

	return apply_kube_ok(job, &request, &answer, e) == 0 ? APPLY_DONE
							     : apply_did_of(e);
}

static enum apply_did
write_secret(struct apply_job *job, const struct kind_secret_object *object,
	const char *path, struct err *e)
{
	struct k8s_request request = {.verb = K8S_APPLY, .path = path};
	struct k8s_answer answer;
	struct buf body;

	buf_init(&body, job->arena);
	if (render(job, object, &body, e) == -1)
		return APPLY_REFUSED;
	request.body = buf_bytes(&body);
	if (apply_kube_ok(job, &request, &answer, e) == -1)
		return apply_did_of(e);
	FAILPOINT(apply_secret_written);
	return APPLY_DONE;
}

/* One Secret as it should be: with its keys, or, if it has none, away. */
static enum apply_did
settle(struct apply_job *job, const struct kind_secret_object *object,
	bool is_wanted, struct err *e)
{
	const char *path =
		k8s_path(job->arena, "/api/v1/namespaces/{}/secrets/{}",
			job->claim.namespace, object->name);
	const struct doc_node *found;
	enum apply_did did = find_ours(job, object, path, &found, e);

	if (did == APPLY_DONE && is_wanted && object->volume != NULL)
		did = apply_secret_generate(job, object, found, e);
	if (did != APPLY_DONE)
		return did;
	if (is_wanted)
		return write_secret(job, object, path, e);
	return found != NULL ? delete_secret(job, path, e) : APPLY_DONE;
}

enum apply_did
apply_stage_secrets(struct apply_job *job, struct err *e)
{
	enum apply_did did = APPLY_DONE;

	for (size_t i = 0; did == APPLY_DONE && i < job->plan.n_secrets; i++)
		did = settle(job, &job->plan.secrets[i],
			job->plan.secrets[i].count > 0, e);
	return did;
}

enum apply_did
apply_secrets_delete(struct apply_job *job, struct err *e)
{
	for (size_t i = 0; i < job->plan.n_secrets; i++) {
		const struct kind_secret_object *object = &job->plan.secrets[i];
		enum apply_did did = APPLY_DONE;

		if (object->volume == NULL || job->claim.delete_data)
			did = settle(job, object, false, e);
		/* Somebody else's of that name stays where it is. */
		if (did == APPLY_WAIT || did == APPLY_RETRY)
			return did;
	}
	return APPLY_DONE;
}
