/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_worker.h"
#include "apply/apply_job.h"
#include "fail/fail.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

/* Back-offs and looks that fall due raise no NOTIFY. */
#define IDLE_MS 1000U
#define DATABASE_PAUSE_MS 1000
/* As long as a claim can still be ours. */
#define RECORD_TRIES 20U

static void
pause_ms(struct apply_worker *w, int ms)
{
	struct pollfd p = {.fd = w->app->over_fd, .events = POLLIN};

	(void)poll(&p, 1, ms);
}

static void
note_away(struct apply_worker *w, const struct err *e)
{
	LOG_EVENT(w->app->setup->log, LOG_LEVEL_WARN, "database_away",
		LOG_INT("worker", w->number), LOG_TEXT("why", e->message));
}

/* 1: ${job} is claimed, 0: nothing is due, -1: the database is away. */
static int
claim(struct apply_worker *w, struct apply_job *job, struct err *e)
{
	struct db_call call = db_call_make(job->arena, DB_QUERY_apply_claim,
		(struct db_value[]){db_text(w->app->node),
			db_int(job->arena, APPLY_LEASE_S),
			db_bool(w->is_first)});
	int64_t asked_ms = apply_clock_ms();
	struct db_reply reply;
	int rc;

	if (db_link_run(w->link, &call, &reply, e) == -1)
		return -1;
	rc = db_rows(&reply, 0) == 1;
	if (rc == 1)
		db_claim_got(job->arena, &reply, 0, 0, &job->claim);
	db_link_clear(w->link);
	job->claimed_ms = asked_ms;
	if (rc == 1)
		apply_claims_add(
			w->app->claims, w->number, job->claim.fence, asked_ms);
	return rc;
}

/* Whatever became of the component: what is next is decided anew. */
static int
give_back(struct apply_job *job, struct err *e)
{
	struct db_call call = db_call_make(job->arena, DB_QUERY_apply_give_back,
		(struct db_value[]){db_text(job->claim.component),
			db_int(job->arena, job->claim.fence)});

	return apply_run_call(job->worker, &call, e);
}

/* ${out} NULL: nothing but the claim is given back. */
static int
tell(struct apply_job *job, const struct apply_outcome *out, struct err *e)
{
	return out == NULL ? give_back(job, e) : apply_record(job, out, e);
}

/* The result of a step outlives a short outage of the database. One whose
 * answer was lost may be there already: then the second try writes the same
 * again, or finds the fence given back or the state moved on, and is refused.
 */
static int
record(struct apply_job *job, const struct apply_outcome *out, struct err *e)
{
	int rc = tell(job, out, e);

	for (unsigned i = 1; rc == -1 && i < RECORD_TRIES &&
			     !atomic_load(&job->worker->app->is_over);
		i++) {
		note_away(job->worker, e);
		pause_ms(job->worker, DATABASE_PAUSE_MS);
		rc = tell(job, out, e);
	}
	return rc;
}

static void
finish(struct apply_job *job, const struct apply_outcome *out)
{
	struct err e;

	if (record(job, out, &e) != 0)
		return;
	LOG_EVENT(job->worker->app->setup->log, LOG_LEVEL_WARN,
		"step_not_recorded",
		LOG_TEXT("component", job->claim.component),
		LOG_INT("fence", job->claim.fence), LOG_TEXT("why", e.message));
	/* The claim may still be ours, in a state that we were not told. */
	(void)record(job, NULL, &e);
}

static void
do_step(struct apply_worker *w, struct apply_job *job)
{
	struct apply_outcome out;

	job->is_kept = false;
	if (state_parse(job->claim.state, &job->state) == 0) {
		apply_decide(job, &out);
		FAILPOINT(apply_step_done);
		finish(job, &out);
	} else {
		LOG_EVENT(w->app->setup->log, LOG_LEVEL_ERROR, "state_unknown",
			LOG_TEXT("component", job->claim.component),
			LOG_TEXT("state", job->claim.state));
	}
}

/* The others looked for work before there was any, and sleep. */
static void
do_steps(struct apply_worker *w, struct apply_job *job)
{
	FAILPOINT(apply_claim_taken);
	do
		do_step(w, job);
	while (job->is_kept);
	apply_claims_drop(w->app->claims, w->number);
	if (w->is_first)
		apply_wake(w->app);
}

/* 1: a step was done, 0: nothing is due, -1: the database is away. */
static int
turn(struct apply_worker *w)
{
	struct apply_job job = {.worker = w, .arena = arena_new()};
	struct err e;
	int rc = claim(w, &job, &e);

	if (rc == 1)
		do_steps(w, &job);
	else if (rc == -1)
		note_away(w, &e);
	arena_free(job.arena);
	return rc;
}

static void
sleep_until_woken(struct apply_worker *w)
{
	eventfd_t token;
	struct err e;

	if (db_link_wait(w->link, w->app->wake_fd, IDLE_MS, &e) == -1)
		pause_ms(w, DATABASE_PAUSE_MS);
	(void)eventfd_read(w->app->wake_fd, &token);
}

static void *
run(void *cookie)
{
	struct apply_worker *w = cookie;

	while (!atomic_load(&w->app->is_over)) {
		int rc = turn(w);

		if (rc == 0)
			sleep_until_woken(w);
		else if (rc == -1)
			pause_ms(w, DATABASE_PAUSE_MS);
	}
	return NULL;
}

static void
release(struct apply_worker *w)
{
	k8s_client_free(w->client);
	db_link_free(w->link);
	arena_free(w->arena);
	free(w);
}

int
apply_worker_start(struct apply_app *app, unsigned number, bool is_first,
	struct apply_worker **out, struct err *e)
{
	struct apply_worker *w = calloc(1, sizeof(*w));
	int rc;

	if (w == NULL)
		abort();
	w->app = app;
	w->number = number;
	w->is_first = is_first;
	w->arena = arena_new();
	w->link = apply_link_new(app, "roaster_wake");
	w->client = k8s_client_new(app->setup->cluster);
	rc = pthread_create(&w->thread, NULL, run, w);
	if (rc != 0) {
		release(w);
		return err_set(e, ERR_UNAVAILABLE, "",
			"cannot start a worker thread: %s", strerror(rc));
	}
	*out = w;
	return 0;
}

void
apply_worker_join(struct apply_worker *w)
{
	if (w == NULL)
		return;
	pthread_join(w->thread, NULL);
	release(w);
}
