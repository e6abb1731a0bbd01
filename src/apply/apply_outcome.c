/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_outcome.h"

#include <stdarg.h>
#include <stdio.h>

void
apply_outcome_init(struct apply_outcome *out)
{
	*out = (struct apply_outcome){.event = EVENT_COUNT,
		.stage = -1,
		.ready = -1,
		.wanted = -1,
		.delay_ms = 0};
}

void
apply_outcome_say(struct apply_outcome *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->message, sizeof(out->message), format, args);
	va_end(args);
}

/* Only where the table has an end for it. With what this step took, which is
 * minutes if helm hangs. */
static bool
is_over_time(const struct apply_job *job)
{
	int64_t limit_ms =
		(int64_t)job->worker->app->setup->config->start_timeout * 1000;
	int64_t step_ms = apply_clock_ms() - job->claimed_ms;

	return state_moves(job->state, EVENT_TIMEOUT) &&
	       job->claim.phase_ms + step_ms > limit_ms;
}

static void
time_out(
	const struct apply_job *job, const char *why, struct apply_outcome *out)
{
	out->event = EVENT_TIMEOUT;
	apply_outcome_say(out, "not ready after %u s: %s",
		job->worker->app->setup->config->start_timeout, why);
}

static bool
ends(const struct apply_job *job, enum apply_did did)
{
	return (did == APPLY_REFUSED || did == APPLY_TAKEN) &&
	       state_moves(job->state, EVENT_FAILED);
}

void
apply_outcome_of_stage(const struct apply_job *job, enum apply_did did,
	const struct err *e, struct apply_outcome *out)
{
	if (ends(job, did)) {
		/* Only a component that never was may be gone again. */
		out->event = did == APPLY_TAKEN && job->claim.generation == 1
				     ? EVENT_TAKEN
				     : EVENT_FAILED;
		apply_outcome_say(out, "%s", e->message);
		return;
	}
	if (is_over_time(job)) {
		time_out(job, e->message, out);
		return;
	}
	apply_outcome_say(out, "stage %d of %zu (%s): %s", job->claim.stage + 1,
		job->kind->n_stages, job->kind->stages[job->claim.stage].name,
		e->message);
	out->is_retry = did != APPLY_WAIT;
	out->delay_ms = APPLY_SETTLE_MS;
}

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
		apply_outcome_say(out,
			"%s; generation %d runs, as generation %d failed: %s",
			verdict->why, claim->run_generation,
			claim->failed_generation, claim->failure);
	else
		apply_outcome_say(out, "%s", verdict->why);
}

/* Where nothing is expected to move the watch is relied on. What has just
 * become Degraded is not settled: its pods move on, and they are not watched.
 */
static int
delay_after(const struct apply_job *job, enum state_event event)
{
	bool is_settled = event == EVENT_READY || job->state == STATE_ERROR;

	return is_settled ? (int)job->worker->app->setup->config
					    ->observe_interval *
				    1000
			  : APPLY_SETTLE_MS;
}

void
apply_outcome_of_look(const struct apply_job *job,
	const struct k8s_verdict *verdict, struct apply_outcome *out)
{
	out->event = event_of_health(verdict->health);
	out->ready = (int)verdict->ready;
	out->wanted = (int)verdict->wanted;
	say_verdict(job, verdict, out);
	out->delay_ms = delay_after(job, out->event);
	if (is_over_time(job) && out->event != EVENT_READY &&
		out->event != EVENT_FAILED)
		time_out(job, verdict->why, out);
}
