/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_helm.h"

#include "base/base_json.h"
#include "base/base_text.h"
#include "fail/fail.h"

#include <string.h>

/* Each repair leaves the release nearer to its goal; more than this many in a
 * row means that something else works on it. */
#define REPAIRS_MAX 4U

/* Part of every digest: a new recipe makes every release differ. */
#define RECIPE "1"

static enum apply_did
busy(const char *release, const char *what, struct err *e)
{
	err_set(e, ERR_CONFLICT, "", "release %s: %s", release, what);
	return APPLY_RETRY;
}

static enum apply_did
did_of_outcome(
	const struct helm_judgement *judged, const char *release, struct err *e)
{
	switch (judged->outcome) {
	case HELM_OK:
		return APPLY_DONE;
	case HELM_REFUSED:
		err_set(e, ERR_INVALID, "", "helm refused release %s: %s",
			release, judged->message);
		return APPLY_REFUSED;
	case HELM_BUSY:
	case HELM_RETRY:
	case HELM_KILLED:
		break;
	}
	err_set(e, ERR_UNAVAILABLE, "", "helm failed for release %s: %s",
		release, judged->message);
	return APPLY_RETRY;
}

static enum apply_did
run_verb(struct apply_job *job, const struct apply_helm_goal *goal,
	enum helm_verb verb, unsigned revision, struct err *e)
{
	const struct apply_setup *setup = job->worker->app->setup;
	char *fence =
		arena_format(job->arena, "%lld", (long long)job->claim.fence);
	const struct helm_run run = {.verb = verb,
		.helm = setup->helm,
		.namespace = job->claim.namespace,
		.release = goal->release,
		.chart_path = goal->chart_path,
		.timeout_s = setup->config->helm_timeout,
		.revision = revision,
		.stamp = {.operation = job->claim.running != NULL
					       ? job->claim.running
					       : job->claim.component,
			.fence = fence,
			.digest = goal->digest}};
	bool has_input = verb == HELM_INSTALL || verb == HELM_UPGRADE;
	struct helm_judgement judged;

	if (apply_helm_run(job, &run,
		    has_input ? goal->values : (struct bytes){"", 0}, &judged,
		    e) == -1)
		return APPLY_RETRY;
	return did_of_outcome(&judged, goal->release, e);
}

/* A pending-install whose helm is dead: its Secret goes, by uid and version,
 * so that nothing newer can be hit. The objects stay and are taken over. */
static enum apply_did
drop_pending(struct apply_job *job, const struct helm_revision *revision,
	struct err *e)
{
	struct k8s_request request = {.verb = K8S_DELETE,
		.path = k8s_path(job->arena, "/api/v1/namespaces/{}/secrets/{}",
			job->claim.namespace, revision->secret)};
	struct k8s_answer answer;
	struct buf body;
	struct json j;

	buf_init(&body, job->arena);
	json_init(&j, &body);
	json_object_open(&j);
	json_key(&j, "preconditions");
	json_object_open(&j);
	json_member_text(&j, "uid", revision->uid);
	json_member_text(&j, "resourceVersion", revision->resource_version);
	json_object_close(&j);
	json_object_close(&j);
	request.body = buf_bytes(&body);
	return apply_kube_ok(job, &request, &answer, e) == 0 ? APPLY_DONE
							     : APPLY_RETRY;
}

/* Two deployed revisions: the lower one is labelled superseded. */
static enum apply_did
demote(struct apply_job *job, const struct helm_revision *revision,
	struct err *e)
{
	static const char body[] =
		"{\"metadata\":{\"labels\":{\"status\":\"superseded\"}}}";
	const struct k8s_request request = {.verb = K8S_MERGE,
		.path = k8s_path(job->arena, "/api/v1/namespaces/{}/secrets/{}",
			job->claim.namespace, revision->secret),
		.body = {body, sizeof(body) - 1}};
	struct k8s_answer answer;

	return apply_kube_ok(job, &request, &answer, e) == 0 ? APPLY_DONE
							     : APPLY_RETRY;
}

static enum apply_did
foreign(struct apply_job *job, const struct apply_helm_goal *goal,
	struct err *e)
{
	err_set(e, ERR_CONFLICT, "",
		"a Helm release %s that roaster did not make is in namespace "
		"%s; uninstall or rename it, or use another namespace",
		goal->release, job->claim.namespace);
	return APPLY_REFUSED;
}

/* An unchanged release is run again only if its objects went away. */
static enum apply_did
keep(struct apply_job *job, const struct apply_helm_goal *goal, struct err *e)
{
	struct k8s_verdict verdict;

	if (goal->wanted == NULL)
		return APPLY_DONE;
	if (apply_observe_release(job, goal->wanted, &verdict, e) == -1)
		return apply_did_of(e);
	if (verdict.health == K8S_ABSENT)
		return run_verb(job, goal, HELM_UPGRADE, 0, e);
	return APPLY_DONE;
}

/* One decision carried out; ${is_over}: the goal is reached or cannot be. */
static enum apply_did
carry_out(struct apply_job *job, const struct apply_helm_goal *goal,
	const struct helm_advice *advice, bool *is_over, struct err *e)
{
	*is_over = true;
	switch (advice->decision) {
	case HELM_DO_NOTHING:
		return keep(job, goal, e);
	case HELM_DO_INSTALL:
		return run_verb(job, goal, HELM_INSTALL, 0, e);
	case HELM_DO_UPGRADE:
		return run_verb(job, goal, HELM_UPGRADE, 0, e);
	case HELM_DO_REFUSE_FOREIGN:
		return foreign(job, goal, e);
	case HELM_DO_DROP_PENDING:
		*is_over = false;
		return drop_pending(job, advice->revision, e);
	case HELM_DO_ROLLBACK:
		*is_over = false;
		return run_verb(
			job, goal, HELM_ROLLBACK, advice->revision->number, e);
	case HELM_DO_UNINSTALL:
		*is_over = false;
		return run_verb(job, goal, HELM_UNINSTALL, 0, e);
	case HELM_DO_DEMOTE:
		*is_over = false;
		return demote(job, advice->revision, e);
	}
	return APPLY_RETRY;
}

enum apply_did
apply_helm_reach(struct apply_job *job, const struct apply_helm_goal *goal,
	struct err *e)
{
	for (unsigned i = 0; i < REPAIRS_MAX; i++) {
		struct helm_revision *revisions;
		struct helm_advice advice;
		enum apply_did did;
		size_t count;
		bool is_over;

		if (apply_helm_revisions(
			    job, goal->release, &revisions, &count, e) == -1)
			return APPLY_RETRY;
		helm_advise(revisions, count, goal->digest,
			goal->digest == NULL, &advice);
		did = carry_out(job, goal, &advice, &is_over, e);
		if (is_over || did != APPLY_DONE)
			return did;
		FAILPOINT(apply_repair_done);
	}
	return busy(goal->release, "it changes while it is being repaired", e);
}

/* What the release is made of, as a label value: 32 hex digits. */
static const char *
digest_of(struct apply_job *job, const struct helm_chart *chart,
	const struct kind_release *release)
{
	const struct bytes parts[] = {
		{RECIPE, sizeof(RECIPE) - 1},
		{chart->sha256, strlen(chart->sha256)},
		release->values,
	};
	unsigned char digest[AUTH_DIGEST_BYTES];

	auth_digest(parts, COUNT_OF(parts), digest);
	return text_hex(job->arena, (struct bytes){(const char *)digest, 16});
}

enum apply_did
apply_stage_release(struct apply_job *job, const struct kind_release *release,
	struct err *e)
{
	const struct helm_chart *chart = helm_chart_find(release->chart);
	struct apply_helm_goal goal = {.release = release->name,
		.values = release->values,
		.wanted = release};

	if (chart == NULL) {
		err_set(e, ERR_INVALID, "",
			"this roasterd has no chart %s; use a newer one",
			release->chart);
		return APPLY_REFUSED;
	}
	goal.digest = digest_of(job, chart, release);
	goal.chart_path = arena_format(job->arena, "%s/%s.tgz",
		job->worker->app->store.charts, chart->sha256);
	return apply_helm_reach(job, &goal, e);
}
