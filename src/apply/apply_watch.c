/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_watch.h"

static void
on_moved(void *cookie, const char *tag, const char *instance)
{
	struct apply_app *app = cookie;

	apply_nudges_add(app->nudges, tag, instance);
}

static void
on_linked(void *cookie, const char *tag, const struct err *e)
{
	struct apply_app *app = cookie;

	if (e != NULL) {
		LOG_EVENT(app->setup->log, LOG_LEVEL_WARN, "watch_lost",
			LOG_TEXT("namespace", tag),
			LOG_TEXT("why", e->message));
		return;
	}
	apply_nudges_add(app->nudges, tag, "");
}

struct k8s_watcher *
apply_watch_new(struct apply_app *app)
{
	const struct k8s_watch_hooks hooks = {
		.cookie = app, .moved = on_moved, .linked = on_linked};

	return k8s_watcher_new(app->setup->cluster, &hooks);
}

void
apply_watch_add(struct apply_app *app, const char *namespace)
{
	/* Not pods: what one of them has to do with being ready moves its
	 * controller as well, and while that is not so looks are frequent. */
	static const char *const paths[] = {
		"/apis/apps/v1/namespaces/{}/deployments",
		"/apis/apps/v1/namespaces/{}/statefulsets",
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(paths); i++)
		k8s_watcher_add(app->watcher, namespace,
			k8s_path(arena, paths[i], namespace),
			"labelSelector=app.kubernetes.io%2Finstance");
	arena_free(arena);
}

void
apply_watch_remove(struct apply_app *app, const char *namespace)
{
	k8s_watcher_remove(app->watcher, namespace);
}

void
apply_watch_only(
	struct apply_app *app, const char *const *namespaces, size_t count)
{
	for (size_t i = 0; i < count; i++)
		apply_watch_add(app, namespaces[i]);
	k8s_watcher_keep(app->watcher, namespaces, count);
}
