/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_cluster.h"

#include <string.h>

static const char *
first_column(struct apply_job *job, const struct db_reply *reply)
{
	if (db_rows(reply, 0) == 0)
		return NULL;
	return db_column(job->arena, reply, 0, 0, 0);
}

/* The UID that belongs to the database; ${uid} itself if it has none yet. */
static int
stored_uid(
	struct apply_job *job, const char *uid, const char **out, struct err *e)
{
	struct db_value values[] = {db_text(uid)};
	struct db_call call =
		db_call_make(job->arena, DB_QUERY_apply_cluster, values);
	struct db_reply reply;

	if (db_link_run(job->worker->link, &call, &reply, e) == -1)
		return -1;
	*out = first_column(job, &reply);
	db_link_clear(job->worker->link);
	if (*out != NULL)
		return 0;
	err_set(e, ERR_INTERNAL, "",
		"the database does not say which cluster is its own");
	return -1;
}

void
apply_cluster_forget(struct apply_worker *worker)
{
	k8s_client_stay(worker->client, false);
	worker->known_ms = 0;
}

/* The one at the other end of the connection. */
static int
present_uid(struct apply_job *job, const char **out, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = "/api/v1/namespaces/kube-system",
		.is_metadata_only = true,
		.timeout_ms = 5000};
	struct k8s_answer answer;

	if (apply_kube_send(job, &request, &answer, e) != 0)
		return -1;
	if (answer.status != 200)
		return k8s_refused(&request, &answer, e);
	*out = doc_text(answer.body, "metadata.uid", "");
	return 0;
}

int
apply_cluster_check(struct apply_job *job, struct err *e)
{
	struct apply_worker *w = job->worker;
	int64_t now_ms = apply_clock_ms();
	const char *uid = "";
	const char *stored;

	if (w->known_ms != 0 && now_ms - w->known_ms < APPLY_KNOWN_MS)
		return 0;
	apply_cluster_forget(w);
	if (present_uid(job, &uid, e) == -1)
		return -1;
	if (stored_uid(job, uid, &stored, e) == -1)
		return -1;
	if (strcmp(uid, stored) != 0)
		return err_set(e, ERR_CONFLICT, "",
			"this is another cluster (kube-system has UID %s, this "
			"database belongs to %s); nothing is done to it",
			uid, stored);
	k8s_client_stay(w->client, true);
	w->known_ms = now_ms;
	return 0;
}

/* "system:serviceaccount:NAMESPACE:NAME", or any other user name. */
static void
split_user(struct arena *arena, const char *user, struct apply_identity *out)
{
	static const char prefix[] = "system:serviceaccount:";
	const char *namespace;
	const char *colon;

	*out = (struct apply_identity){.kind = "User", .name = user};
	if (strncmp(user, prefix, sizeof(prefix) - 1) != 0)
		return;
	namespace = user + sizeof(prefix) - 1;
	colon = strchr(namespace, ':');
	if (colon == NULL)
		return;
	out->kind = "ServiceAccount";
	out->namespace =
		arena_copy(arena, namespace, (size_t)(colon - namespace));
	out->name = colon + 1;
}

int
apply_identity_ask(struct apply_job *job, struct err *e)
{
	static const char body[] =
		"{\"apiVersion\":\"authentication.k8s.io/v1\","
		"\"kind\":\"SelfSubjectReview\"}";
	const struct k8s_request request = {.verb = K8S_CREATE,
		.path = "/apis/authentication.k8s.io/v1/selfsubjectreviews",
		.body = {body, sizeof(body) - 1}};
	struct arena *keep = job->worker->arena;
	struct k8s_answer answer;
	const char *user;

	if (job->worker->identity.name != NULL)
		return 0;
	if (apply_kube_ok(job, &request, &answer, e) == -1)
		return -1;
	user = doc_text(answer.body, "status.userInfo.username", "");
	if (user[0] == '\0')
		return err_set(e, ERR_UNAVAILABLE, "",
			"Kubernetes does not say which user roasterd is");
	split_user(keep, arena_text(keep, user), &job->worker->identity);
	return 0;
}
