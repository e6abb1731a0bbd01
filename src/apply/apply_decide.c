/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_cluster.h"
#include "apply/apply_outcome.h"

#include <stdio.h>
#include <string.h>

/* --- requests ------------------------------------------------------------- */

static enum state_event
event_of_action(const char *action)
{
	static const struct {
		const char *action;
		enum state_event event;
	} rows[] = {
		{"create", EVENT_SPEC},
		{"update", EVENT_SPEC},
		{"stop", EVENT_STOP},
		{"restart", EVENT_RESTART},
		{"delete", EVENT_DELETE},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strcmp(rows[i].action, action) == 0)
			return rows[i].event;
	}
	return EVENT_COUNT;
}

static void
take_up(const struct apply_job *job, struct apply_outcome *out)
{
	out->is_take_up = true;
	out->event = event_of_action(job->claim.queued_action);
	apply_outcome_say(out, "%s begins", job->claim.queued_action);
}

/* --- stages --------------------------------------------------------------- */

/* NULL: the spec wants none of that chart. */
static const struct kind_release *
release_of(const struct apply_job *job, const char *chart)
{
	for (size_t i = 0; i < job->plan.n_releases; i++) {
		if (strcmp(job->plan.releases[i].chart, chart) == 0)
			return &job->plan.releases[i];
	}
	return NULL;
}

enum apply_did
apply_stage(
	struct apply_job *job, const struct kind_stage *stage, struct err *e)
{
	const struct kind_release *release =
		stage->chart == NULL ? NULL : release_of(job, stage->chart);

	if (stage->chart != NULL && release == NULL)
		return APPLY_DONE;
	switch (stage->type) {
	case KIND_STAGE_NAMESPACE:
		return apply_stage_namespace(job, e);
	case KIND_STAGE_SECRETS:
		return apply_stage_secrets(job, e);
	case KIND_STAGE_RELEASE:
		return apply_stage_release(job, release, e);
	case KIND_STAGE_READY:
		return apply_stage_ready(job, release, e);
	}
	return APPLY_RETRY;
}

static void
run_stage(struct apply_job *job, struct apply_outcome *out)
{
	const struct kind_stage *stage = &job->kind->stages[job->claim.stage];
	struct err e = {0};
	enum apply_did did = apply_stage(job, stage, &e);

	if (did != APPLY_DONE) {
		apply_outcome_of_stage(job, did, &e, out);
		return;
	}
	out->stage = job->claim.stage + 1;
	out->is_applied = stage->type == KIND_STAGE_RELEASE;
	apply_outcome_say(out, "stage %d of %zu done: %s", out->stage,
		job->kind->n_stages, stage->name);
	if ((size_t)out->stage == job->kind->n_stages)
		out->event = EVENT_APPLIED;
}

/* --- observing --------------------------------------------------------------
 */

/* An outage is not the component's time; if this is lost, a part of it is. */
static void
stop_clock(struct apply_job *job)
{
	struct db_call call = db_call_make(job->arena, DB_QUERY_apply_unseen,
		(struct db_value[]){db_text(job->claim.component),
			db_int(job->arena, job->claim.fence)});
	struct err e;

	(void)apply_run_call(job->worker, &call, &e);
}

/* A failed read says nothing about the component: its state stays, and so does
 * the cause of an Error, which nothing would find again. */
static void
unknown(struct apply_job *job, const struct err *e, struct apply_outcome *out)
{
	stop_clock(job);
	out->event = EVENT_UNKNOWN;
	out->is_retry = true;
	if (job->state != STATE_ERROR)
		apply_outcome_say(out, "state is as last seen; %s", e->message);
}

static void
observe(struct apply_job *job, struct apply_outcome *out)
{
	struct k8s_verdict verdict;
	struct err e;

	if (apply_observe(job, &verdict, &e) == -1) {
		unknown(job, &e, out);
		return;
	}
	apply_outcome_of_look(job, &verdict, out);
}

static void
delete_all(struct apply_job *job, struct apply_outcome *out)
{
	struct err e = {0};
	enum apply_did did = apply_delete(job, &e);

	if (did == APPLY_DONE) {
		out->event = EVENT_GONE;
		apply_outcome_say(out, "deleted");
		return;
	}
	out->is_retry = did != APPLY_WAIT;
	out->delay_ms = APPLY_SETTLE_MS;
	apply_outcome_say(out, "%s", e.message);
}

/* --- the decision
 * ------------------------------------------------------------- */

static void
act(struct apply_job *job, struct apply_outcome *out)
{
	bool has_stages = (size_t)job->claim.stage < job->kind->n_stages;

	if (job->state == STATE_DELETING)
		delete_all(job, out);
	else if (state_runs_stages(job->state) && has_stages)
		run_stage(job, out);
	else
		observe(job, out);
}

void
apply_decide(struct apply_job *job, struct apply_outcome *out)
{
	struct err e;

	apply_outcome_init(out);
	if (job->claim.queued != NULL) {
		take_up(job, out);
		return;
	}
	if (job->state == STATE_STOPPED) {
		out->delay_ms = -1;
		return;
	}
	if (apply_cluster_check(job, &e) == -1 || apply_job_load(job, &e) == -1)
		unknown(job, &e, out);
	else
		act(job, out);
}
