/* SPDX-License-Identifier: Apache-2.0 */
#include "live.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CHURN_MS 20

struct session {
	struct k8s_watcher *watcher;
	atomic_bool is_over;
	atomic_uint moves, links;
	bool is_quiet;
	int64_t over_ms; /* when is_over was set */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
moved(void *cookie, const char *tag, const char *instance)
{
	struct session *session = cookie;

	atomic_fetch_add(&session->moves, 1);
	if (!session->is_quiet)
		live_say("moved %s %s", tag, instance);
}

static void
linked(void *cookie, const char *tag, const struct err *e)
{
	struct session *session = cookie;

	if (e == NULL)
		atomic_fetch_add(&session->links, 1);
	if (session->is_quiet)
		return;
	if (e == NULL)
		live_say("linked %s", tag);
	else
		live_say("lost %s %s", tag, e->message);
}

static void *
run(void *cookie)
{
	struct session *session = cookie;

	k8s_watcher_run(session->watcher, &session->is_over);
	return NULL;
}

static void
start(struct session *session, const struct k8s_config *config, pthread_t *id)
{
	const struct k8s_watch_hooks hooks = {session, moved, linked};

	session->watcher = k8s_watcher_new(config, &hooks);
	if (pthread_create(id, NULL, run, session) != 0)
		abort();
}

static void
stop(struct session *session, pthread_t id)
{
	session->over_ms = now_ms();
	atomic_store(&session->is_over, true);
	pthread_join(id, NULL);
	live_say("stopped %lld", (long long)(now_ms() - session->over_ms));
}

/* SECONDS TAG PATH [TAG PATH]...: watch until then. */
int
live_watch(const struct k8s_config *config, char **args)
{
	struct session session = {.is_quiet = false};
	pthread_t id;

	start(&session, config, &id);
	for (char **at = args + 1; at[0] != NULL && at[1] != NULL; at += 2)
		k8s_watcher_add(session.watcher, at[0], at[1], NULL);
	usleep((useconds_t)(strtod(args[0], NULL) * 1e6));
	stop(&session, id);
	k8s_watcher_free(session.watcher);
	return 0;
}

/* SECONDS TAG PATH: once it is watched, and watched for another tag, keep it
 * alone, until then. */
int
live_keep(const struct k8s_config *config, char **args)
{
	struct session session = {.is_quiet = false};
	const char *tag = args[1];
	pthread_t id;

	start(&session, config, &id);
	k8s_watcher_add(session.watcher, "other", args[2], NULL);
	k8s_watcher_add(session.watcher, tag, args[2], NULL);
	while (atomic_load(&session.links) < 2)
		usleep(CHURN_MS * 1000);
	k8s_watcher_keep(session.watcher, &tag, 1);
	live_say("kept %s", tag);
	usleep((useconds_t)(strtod(args[0], NULL) * 1e6));
	stop(&session, id);
	k8s_watcher_free(session.watcher);
	return 0;
}

/* SECONDS PATH: add and remove watches all the time, from two threads. */
static void *
churn(void *cookie)
{
	struct session *session = cookie;
	const char *path = "/api/v1/namespaces";

	for (unsigned i = 0; !atomic_load(&session->is_over); i++) {
		const char *tag = i % 2 == 0 ? "even" : "odd";

		k8s_watcher_add(session->watcher, tag, path, NULL);
		usleep(CHURN_MS * 1000);
		if (i % 3 == 0)
			k8s_watcher_remove(session->watcher, tag);
	}
	return NULL;
}

int
live_churn(const struct k8s_config *config, char **args)
{
	struct session session = {.is_quiet = true};
	pthread_t id, other;

	start(&session, config, &id);
	if (pthread_create(&other, NULL, churn, &session) != 0)
		abort();
	k8s_watcher_add(session.watcher, "lasting", args[1], NULL);
	usleep((useconds_t)(strtod(args[0], NULL) * 1e6));
	stop(&session, id);
	pthread_join(other, NULL);
	k8s_watcher_free(session.watcher);
	live_say("moves %u", atomic_load(&session.moves));
	return 0;
}
