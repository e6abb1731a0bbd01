/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_job.h"

#include "base/base_json.h"
#include "base/base_text.h"

#include <string.h>

static const struct db_secret *
find_sealed(const struct apply_job *job, const char *pointer)
{
	for (size_t i = 0; i < job->n_secrets; i++) {
		if (strcmp(job->secrets[i].pointer, pointer) == 0)
			return &job->secrets[i];
	}
	return NULL;
}

static int
open_value(struct apply_job *job, const char *pointer, struct bytes *out,
	struct err *e)
{
	const struct db_secret *sealed = find_sealed(job, pointer);
	char *place;

	if (sealed == NULL)
		return err_set(e, ERR_INTERNAL, "",
			"the stored spec has no secret at %s; post it again",
			pointer);
	place = arena_format(job->arena, "%s/%s/%s%s", job->claim.kind,
		job->claim.namespace, job->claim.name, pointer);
	return auth_unseal(job->arena, job->worker->app->setup->keys, place,
		sealed->sealed, out, e);
}

int
apply_secrets_open(
	struct apply_job *job, const struct bytes **out, struct err *e)
{
	struct bytes *values =
		arena_array(job->arena, job->n_secrets + 1, sizeof(*values));

	for (size_t i = 0; i < job->n_secrets; i++) {
		if (open_value(job, job->secrets[i].pointer, &values[i], e) ==
			-1)
			return -1;
	}
	*out = values;
	return 0;
}

static int
write_data(struct json *j, struct apply_job *job,
	const struct kind_secret_object *object, struct err *e)
{
	json_key(j, "data");
	json_object_open(j);
	for (size_t i = 0; i < object->count; i++) {
		struct bytes value;

		if (open_value(job, object->keys[i].pointer, &value, e) == -1)
			return -1;
		json_member_text(j, object->keys[i].key,
			text_base64_encode(job->arena, value));
	}
	json_object_close(j);
	return 0;
}

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
	if (write_data(&j, job, object, e) == -1)
		return -1;
	json_object_close(&j);
	return 0;
}

/* A Secret of that name that is not this component's is never touched. */
static enum apply_did
check_owner(struct apply_job *job, const struct kind_secret_object *object,
	const char *path, bool *is_there, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET, .path = path};
	struct k8s_answer answer;

	if (apply_kube(job, &request, &answer, e) == -1)
		return APPLY_RETRY;
	*is_there = answer.status == 200;
	if (answer.status == 404)
		return APPLY_DONE;
	if (answer.status != 200) {
		k8s_refused(&request, &answer, e);
		return apply_did_of(e);
	}
	if (strcmp(apply_label(answer.body, APPLY_LABEL_COMPONENT),
		    job->claim.component) == 0)
		return APPLY_DONE;
	err_set(e, ERR_CONFLICT, "",
		"Secret %s in namespace %s is not roaster's; rename or delete "
		"it, then post the component again",
		object->name, job->claim.namespace);
	return APPLY_REFUSED;
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
	return apply_kube_ok(job, &request, &answer, e) == 0 ? APPLY_DONE
							     : apply_did_of(e);
}

/* One Secret as it should be: with its keys, or, if it has none, away. */
static enum apply_did
settle(struct apply_job *job, const struct kind_secret_object *object,
	bool is_wanted, struct err *e)
{
	const char *path =
		k8s_path(job->arena, "/api/v1/namespaces/{}/secrets/{}",
			job->claim.namespace, object->name);
	bool is_there = false;
	enum apply_did did = check_owner(job, object, path, &is_there, e);

	if (did != APPLY_DONE)
		return did;
	if (is_wanted)
		return write_secret(job, object, path, e);
	return is_there ? delete_secret(job, path, e) : APPLY_DONE;
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
		enum apply_did did =
			settle(job, &job->plan.secrets[i], false, e);

		/* Somebody else's of that name stays where it is. */
		if (did == APPLY_WAIT || did == APPLY_RETRY)
			return did;
	}
	return APPLY_DONE;
}
