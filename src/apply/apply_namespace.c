/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_namespace.h"

#include "apply/apply_cluster.h"
#include "apply/apply_taken.h"
#include "apply/apply_watch.h"
#include "base/base_json.h"
#include "fail/fail.h"

#include <string.h>

static int
create_namespace(struct apply_job *job, struct err *e)
{
	struct k8s_request request = {
		.verb = K8S_CREATE, .path = "/api/v1/namespaces"};
	struct k8s_answer answer;
	struct buf body;
	struct json j;

	buf_init(&body, job->arena);
	json_init(&j, &body);
	json_object_open(&j);
	json_member_text(&j, "apiVersion", "v1");
	json_member_text(&j, "kind", "Namespace");
	apply_json_metadata(&j, job, NULL, job->claim.namespace);
	json_object_close(&j);
	request.body = buf_bytes(&body);
	return apply_kube_ok(job, &request, &answer, e);
}

/* How the namespace was found. */
struct found {
	bool is_made; /* by roaster, now or before */
	bool is_new;  /* now: nothing can be in it */
};

/* There afterwards. A namespace that is not ours is never edited. */
static enum apply_did
ensure_namespace(struct apply_job *job, struct found *found, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena, "/api/v1/namespaces/{}",
			job->claim.namespace)};
	struct k8s_answer answer;
	const char *phase;

	*found = (struct found){.is_made = true};
	if (apply_kube(job, &request, &answer, e) == -1)
		return APPLY_RETRY;
	if (answer.status == 404) {
		found->is_new = true;
		return create_namespace(job, e) == 0 ? APPLY_DONE
						     : apply_did_of(e);
	}
	if (answer.status != 200) {
		k8s_refused(&request, &answer, e);
		return apply_did_of(e);
	}
	phase = doc_text(answer.body, "status.phase", "");
	if (strcmp(phase, "Terminating") == 0) {
		err_set(e, ERR_CONFLICT, "",
			"namespace %s is being deleted; waiting until it is "
			"gone",
			job->claim.namespace);
		return APPLY_RETRY;
	}
	found->is_made = strcmp(apply_label(answer.body, APPLY_LABEL_MANAGER),
				 APPLY_MANAGER) == 0;
	return APPLY_DONE;
}

static void
write_binding(struct json *j, const struct apply_job *job)
{
	const struct apply_identity *self = &job->worker->identity;

	json_object_open(j);
	json_member_text(j, "apiVersion", "rbac.authorization.k8s.io/v1");
	json_member_text(j, "kind", "RoleBinding");
	apply_json_metadata(j, job, NULL, APPLY_BINDING);
	json_key(j, "roleRef");
	json_object_open(j);
	json_member_text(j, "apiGroup", "rbac.authorization.k8s.io");
	json_member_text(j, "kind", "ClusterRole");
	json_member_text(j, "name", APPLY_BINDING);
	json_object_close(j);
	json_key(j, "subjects");
	json_array_open(j);
	json_object_open(j);
	json_member_text(j, "kind", self->kind);
	if (self->namespace == NULL)
		json_member_text(j, "apiGroup", "rbac.authorization.k8s.io");
	else
		json_member_text(j, "namespace", self->namespace);
	json_member_text(j, "name", self->name);
	json_object_close(j);
	json_array_close(j);
	json_object_close(j);
}

static int
store_namespace(struct apply_job *job, bool is_made, struct err *e)
{
	struct db_value values[] = {
		db_text(job->claim.namespace), db_bool(is_made)};
	struct db_call call =
		db_call_make(job->arena, DB_QUERY_apply_namespace, values);

	return apply_run_call(job->worker, &call, e);
}

static struct db_value
texts(struct apply_job *job, const char *const *items, size_t count)
{
	return db_texts(job->arena, items, count);
}

/* What the component consists of, before the first of it is made: the watch
 * finds the component by its releases. */
static int
describe(struct apply_job *job, struct err *e)
{
	const struct kind_plan *plan = &job->plan;
	struct arena *arena = job->arena;
	size_t n = plan->n_endpoints, r = plan->n_releases;
	const char **releases = arena_array(arena, r + 1, sizeof(char *));
	const char **charts = arena_array(arena, r + 1, sizeof(char *));
	const char **names = arena_array(arena, n + 1, sizeof(char *));
	const char **hosts = arena_array(arena, n + 1, sizeof(char *));
	const char **urls = arena_array(arena, n + 1, sizeof(char *));
	int64_t *ports = arena_array(arena, n + 1, sizeof(*ports));
	struct db_call call;

	for (size_t i = 0; i < r; i++) {
		releases[i] = plan->releases[i].name;
		charts[i] = plan->releases[i].chart;
	}
	for (size_t i = 0; i < n; i++) {
		const struct kind_endpoint *p = &plan->endpoints[i];

		names[i] = p->name;
		hosts[i] = arena_format(
			arena, "%s.%s.svc", p->service, job->claim.namespace);
		urls[i] = arena_format(
			arena, "%s://%s:%u", p->scheme, hosts[i], p->port);
		ports[i] = p->port;
	}
	call = db_call_make(arena, DB_QUERY_apply_describe,
		(struct db_value[]){db_text(job->claim.component),
			db_int(arena, job->claim.fence),
			texts(job, releases, r), texts(job, charts, r),
			texts(job, names, n), texts(job, hosts, n),
			db_ints(arena, ports, n), texts(job, urls, n)});
	return apply_run_call(job->worker, &call, e);
}

int
apply_namespace_get(
	struct apply_job *job, struct apply_managed *out, struct err *e)
{
	struct db_call call =
		db_call_make(job->arena, DB_QUERY_apply_namespace_get,
			(struct db_value[]){db_text(job->claim.namespace)});
	struct db_reply reply;

	*out = (struct apply_managed){0};
	if (db_link_run(job->worker->link, &call, &reply, e) == -1)
		return -1;
	if (db_rows(&reply, 0) == 1) {
		out->is_managed = true;
		out->is_made = db_column_bool(&reply, 0, 0, 0);
		out->components = db_column_int(&reply, 0, 0, 1, 0);
	}
	db_link_clear(job->worker->link);
	return 0;
}

int
apply_namespace_forget(struct apply_job *job, struct err *e)
{
	struct db_call call =
		db_call_make(job->arena, DB_QUERY_apply_namespace_forget,
			(struct db_value[]){db_text(job->claim.namespace)});

	if (apply_job_check(job, e) == -1)
		return -1;
	apply_watch_remove(job->worker->app, job->claim.namespace);
	return apply_run_call(job->worker, &call, e);
}

/* Where the committed ClusterRole does not exist roasterd runs with rights that
 * somebody else gave it. */
int
apply_namespace_enter(struct apply_job *job, struct err *e)
{
	struct k8s_request request = {.verb = K8S_CREATE,
		.path = k8s_path(job->arena,
			"/apis/rbac.authorization.k8s.io/v1/namespaces/{}/"
			"rolebindings",
			job->claim.namespace)};
	struct k8s_answer answer;
	struct buf body;
	struct json j;

	if (apply_identity_ask(job, e) == -1)
		return -1;
	buf_init(&body, job->arena);
	json_init(&j, &body);
	write_binding(&j, job);
	request.body = buf_bytes(&body);
	if (apply_kube(job, &request, &answer, e) == -1)
		return -1;
	if (answer.status == 404 || answer.status == 409 ||
		(answer.status >= 200 && answer.status <= 299))
		return 0;
	return k8s_refused(&request, &answer, e);
}

int
apply_namespace_leave(struct apply_job *job, struct err *e)
{
	return apply_kube_delete(job,
		k8s_path(job->arena,
			"/apis/rbac.authorization.k8s.io/v1/namespaces/{}/"
			"rolebindings/{}",
			job->claim.namespace, APPLY_BINDING),
		e);
}

/* A namespace that nothing of ours came into is left as it was found. */
static int
give_up_namespace(struct apply_job *job, struct err *e)
{
	struct apply_managed managed;

	if (apply_namespace_get(job, &managed, e) == -1)
		return -1;
	if (managed.components > 1)
		return 0;
	if (apply_namespace_leave(job, e) == -1)
		return -1;
	return apply_namespace_forget(job, e);
}

static enum apply_did
check_names(struct apply_job *job, struct err *e)
{
	enum apply_did did = apply_names_free(job, e);
	struct err cause;

	if (did != APPLY_TAKEN || give_up_namespace(job, &cause) == 0)
		return did;
	*e = cause;
	return APPLY_RETRY;
}

/* With a release of ours in it they were taken before; should they be gone all
 * the same, the first attempt fails and the next one takes them again. */
static bool
has_rights(const struct apply_job *job, const struct found *found)
{
	return !found->is_new && job->claim.is_applied &&
	       job->claim.attempts == 0;
}

/* Noted before the rights are taken: whatever ends the component then, its
 * deletion gives them back. */
enum apply_did
apply_stage_namespace(struct apply_job *job, struct err *e)
{
	struct found found;
	enum apply_did did = ensure_namespace(job, &found, e);

	if (did != APPLY_DONE)
		return did;
	FAILPOINT(apply_space_made);
	if (store_namespace(job, found.is_made, e) == -1)
		return APPLY_RETRY;
	if (!has_rights(job, &found) && apply_namespace_enter(job, e) == -1)
		return apply_did_of(e);
	FAILPOINT(apply_rights_taken);
	if (!found.is_new)
		did = check_names(job, e);
	if (did != APPLY_DONE)
		return did;
	if (describe(job, e) == -1)
		return APPLY_RETRY;
	apply_watch_add(job->worker->app, job->claim.namespace);
	return APPLY_DONE;
}
