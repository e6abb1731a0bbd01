/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_cluster.h"

#include <stdio.h>
#include <string.h>

/* Between looks while something is on its way; the watch is usually faster. */
#define SETTLE_MS 2000

void
apply_outcome_init(struct apply_outcome *out)
{
	*out = (struct apply_outcome){.event = EVENT_COUNT,
		.stage = -1,
		.ready = -1,
		.wanted = -1,
		.delay_ms = 0};
}

static void __attribute__((format(printf, 2, 3)))
say(struct apply_outcome *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->message, sizeof(out->message), format, args);
	va_end(args);
}

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
	say(out, "%s begins", job->claim.queued_action);
}

/* --- stages --------------------------------------------------------------- */

/* With what this step took, which is minutes if helm hangs. */
static bool
is_over_time(const struct apply_job *job)
{
	int64_t limit_ms =
		(int64_t)job->worker->app->setup->config->start_timeout * 1000;
	int64_t step_ms = apply_clock_ms() - job->claimed_ms;

	return job->claim.phase_ms + step_ms > limit_ms;
}

static void
time_out(
	const struct apply_job *job, const char *why, struct apply_outcome *out)
{
	out->event = EVENT_TIMEOUT;
	say(out, "not ready after %u s: %s",
		job->worker->app->setup->config->start_timeout, why);
}

static void
stage_failed(const struct apply_job *job, enum apply_did did,
	const struct err *e, struct apply_outcome *out)
{
	if (did == APPLY_REFUSED || did == APPLY_TAKEN) {
		/* Only a component that never was may be gone again. */
		out->event = did == APPLY_TAKEN && job->claim.generation == 1
				     ? EVENT_TAKEN
				     : EVENT_FAILED;
		say(out, "%s", e->message);
		return;
	}
	if (is_over_time(job)) {
		time_out(job, e->message, out);
		return;
	}
	say(out, "stage %d of %zu (%s): %s", job->claim.stage + 1,
		job->kind->n_stages, job->kind->stages[job->claim.stage].name,
		e->message);
	out->is_retry = did == APPLY_RETRY;
	out->delay_ms = SETTLE_MS;
}

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
		stage_failed(job, did, &e, out);
		return;
	}
	out->stage = job->claim.stage + 1;
	out->is_applied = stage->type == KIND_STAGE_RELEASE;
	say(out, "stage %d of %zu done: %s", out->stage, job->kind->n_stages,
		stage->name);
	if ((size_t)out->stage == job->kind->n_stages)
		out->event = EVENT_APPLIED;
}

/* --- observing --------------------------------------------------------------
 */

static enum state_event
event_of_health(enum k8s_health health)
{
	switch (health) {
	case K8S_ABSENT:
		return EVENT_ABSENT;
	case K8S_WAITING:
		return EVENT_WAITING;
	case K8S_PARTIAL:
		return EVENT_PARTIAL;
	case K8S_READY:
		return EVENT_READY;
	case K8S_FAILED:
		return EVENT_FAILED;
	}
	return EVENT_UNKNOWN;
}

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
		say(out, "state is as last seen; %s", e->message);
}

static bool
is_going_back(const struct db_claim *claim)
{
	return claim->failed_generation > 0 &&
	       claim->failed_generation == claim->observed_generation;
}

static void
say_verdict(const struct apply_job *job, const struct k8s_verdict *verdict,
	struct apply_outcome *out)
{
	const struct db_claim *claim = &job->claim;

	if (job->state == STATE_ERROR && verdict->health != K8S_FAILED &&
		verdict->health != K8S_READY)
		return; /* it does not say why: what was recorded does */
	if (is_going_back(claim))
		say(out, "%s; generation %d runs, as generation %d failed: %s",
			verdict->why, claim->run_generation,
			claim->failed_generation, claim->failure);
	else
		say(out, "%s", verdict->why);
}

static bool
is_on_its_way(enum state state)
{
	return state == STATE_PENDING || state == STATE_STARTING ||
	       state == STATE_UPDATING;
}

/* Where nothing is expected to move the watch is relied on. */
static int
delay_after(const struct apply_job *job, enum state_event event)
{
	bool is_settled = job->state == STATE_RUNNING ||
			  job->state == STATE_ERROR || event == EVENT_READY;

	return is_settled ? (int)job->worker->app->setup->config
					    ->observe_interval *
				    1000
			  : SETTLE_MS;
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
	out->event = event_of_health(verdict.health);
	out->ready = (int)verdict.ready;
	out->wanted = (int)verdict.wanted;
	say_verdict(job, &verdict, out);
	out->delay_ms = delay_after(job, out->event);
	if (is_on_its_way(job->state) && is_over_time(job) &&
		out->event != EVENT_READY && out->event != EVENT_FAILED)
		time_out(job, verdict.why, out);
}

static void
delete_all(struct apply_job *job, struct apply_outcome *out)
{
	struct err e = {0};
	enum apply_did did = apply_delete(job, &e);

	if (did == APPLY_DONE) {
		out->event = EVENT_GONE;
		say(out, "deleted");
		return;
	}
	out->is_retry = did != APPLY_WAIT;
	out->delay_ms = SETTLE_MS;
	say(out, "%s", e.message);
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
