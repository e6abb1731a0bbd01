/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_app.h"
#include "apply/apply_clock.h"
#include "apply/apply_watch.h"
#include "apply/apply_worker.h"
#include "fail/fail.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define RECLAIM_PAUSE_MS 1000

/* Our lock proves that whoever held these claims before is dead, and its
 * helms with it: they are due at once. Waits for the database. */
static void
reclaim(struct apply_app *app)
{
	struct arena *arena = arena_new();
	struct db_link *link = apply_link_new(app, NULL);
	struct db_call call = db_call_make(arena, DB_QUERY_apply_reclaim,
		(struct db_value[]){db_text(app->node)});
	struct pollfd p = {.fd = app->over_fd, .events = POLLIN};
	struct db_reply reply;
	struct err e;

	while (poll(&p, 1, 0) == 0) {
		if (db_link_run(link, &call, &reply, &e) == 0) {
			LOG_EVENT(app->setup->log, LOG_LEVEL_INFO,
				"apply_ready", LOG_TEXT("node", app->node),
				LOG_INT("reclaimed",
					db_column_int(&reply, 0, 0, 0, 0)));
			break;
		}
		LOG_EVENT(app->setup->log, LOG_LEVEL_WARN, "database_away",
			LOG_TEXT("why", e.message));
		(void)poll(&p, 1, RECLAIM_PAUSE_MS);
	}
	db_link_free(link);
	arena_free(arena);
}

static void *
watch(void *cookie)
{
	struct apply_app *app = cookie;

	k8s_watcher_run(app->watcher, &app->is_over);
	return NULL;
}

/* The last one is for first looks: a new component never waits for a helm. */
static int
start_workers(
	struct apply_app *app, struct apply_worker **workers, struct err *e)
{
	unsigned last = (unsigned)app->setup->config->apply_threads;

	for (unsigned i = 0; i <= last; i++) {
		if (apply_worker_start(app, i, i == last, &workers[i], e) == -1)
			return -1;
	}
	return 0;
}

static int
work(struct apply_app *app, struct err *e)
{
	struct apply_worker *workers[APPLY_WORKERS_MAX] = {NULL};
	pthread_t watching;
	int rc = pthread_create(&watching, NULL, watch, app);

	if (rc != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"cannot start the watch thread: %s", strerror(rc));
	rc = start_workers(app, workers, e);
	if (rc == 0)
		apply_clock_run(app);
	else
		atomic_store(&app->is_over, true);
	for (unsigned i = 0; i < APPLY_WORKERS_MAX; i++)
		apply_worker_join(workers[i]);
	pthread_join(watching, NULL);
	return rc;
}

static int
open_app(struct apply_app *app, struct err *e)
{
	const struct apply_setup *setup = app->setup;

	if (apply_store_open(app->arena, setup->state_dir, &app->store, e) ==
			-1 ||
		apply_node_open(app->arena, setup->state_dir, &app->node,
			&app->lock_fd, e) == -1)
		return -1;
	app->wake_fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
	if (app->wake_fd == -1)
		return err_set(
			e, ERR_UNAVAILABLE, "", "eventfd: %s", strerror(errno));
	return 0;
}

static void
close_app(struct apply_app *app)
{
	k8s_watcher_free(app->watcher);
	apply_nudges_free(app->nudges);
	apply_counts_free(app->counts);
	apply_claims_free(app->claims);
	if (app->wake_fd != -1)
		close(app->wake_fd);
	if (app->lock_fd != -1)
		close(app->lock_fd);
	arena_free(app->arena);
}

int
apply_run(const struct apply_setup *setup, int over_fd, struct err *e)
{
	struct apply_app app = {.setup = setup,
		.over_fd = over_fd,
		.arena = arena_new(),
		.lock_fd = -1,
		.wake_fd = -1,
		.claims = apply_claims_new(),
		.counts = apply_counts_new(),
		.nudges = apply_nudges_new()};
	int rc = -1;

	app.watcher = apply_watch_new(&app);
	if (open_app(&app, e) == 0) {
		reclaim(&app);
		FAILPOINT(apply_claims_back);
		rc = work(&app, e);
	}
	close_app(&app);
	return rc;
}
