/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_MS 200 /* at is_over, at most */

/* What add and remove left for the watcher's thread. */
struct order {
	struct order *next;
	struct k8s_stream *add; /* NULL: remove */
	char *remove;           /* a tag */
};

struct k8s_watcher {
	const struct k8s_config *config;
	struct k8s_watch_hooks hooks;
	CURLM *multi;
	struct k8s_stream *streams; /* of the watcher's thread alone */
	pthread_mutex_t lock;       /* guards the orders */
	struct order *orders;
	struct order **last_order;
};

struct k8s_watcher *
k8s_watcher_new(
	const struct k8s_config *config, const struct k8s_watch_hooks *hooks)
{
	struct k8s_watcher *watcher = calloc(1, sizeof(*watcher));

	if (watcher == NULL || pthread_mutex_init(&watcher->lock, NULL) != 0)
		abort();
	watcher->multi = curl_multi_init();
	if (watcher->multi == NULL)
		abort();
	watcher->config = config;
	watcher->hooks = *hooks;
	watcher->last_order = &watcher->orders;
	return watcher;
}

static void
order_free(struct order *order)
{
	k8s_stream_free(order->add);
	free(order->remove);
	free(order);
}

static void
drop(struct k8s_watcher *watcher, struct k8s_stream *stream)
{
	if (stream->is_running)
		(void)curl_multi_remove_handle(watcher->multi, stream->easy);
	k8s_stream_free(stream);
}

void
k8s_watcher_free(struct k8s_watcher *watcher)
{
	struct k8s_stream *stream;
	struct order *order;

	if (watcher == NULL)
		return;
	while ((order = watcher->orders) != NULL) {
		watcher->orders = order->next;
		order_free(order);
	}
	while ((stream = watcher->streams) != NULL) {
		watcher->streams = stream->next;
		drop(watcher, stream);
	}
	(void)curl_multi_cleanup(watcher->multi);
	pthread_mutex_destroy(&watcher->lock);
	free(watcher);
}

static void
give_order(
	struct k8s_watcher *watcher, struct k8s_stream *add, const char *remove)
{
	struct order *order = calloc(1, sizeof(*order));

	if (order == NULL)
		abort();
	order->add = add;
	if (remove != NULL && (order->remove = strdup(remove)) == NULL)
		abort();
	pthread_mutex_lock(&watcher->lock);
	*watcher->last_order = order;
	watcher->last_order = &order->next;
	pthread_mutex_unlock(&watcher->lock);
	(void)curl_multi_wakeup(watcher->multi);
}

void
k8s_watcher_add(struct k8s_watcher *watcher, const char *tag, const char *path,
	const char *query)
{
	struct k8s_stream *stream = k8s_stream_new(tag, path, query);

	stream->config = watcher->config;
	stream->hooks = &watcher->hooks;
	give_order(watcher, stream, NULL);
}

void
k8s_watcher_remove(struct k8s_watcher *watcher, const char *tag)
{
	give_order(watcher, NULL, tag);
}

static bool
is_known(const struct k8s_watcher *watcher, const struct k8s_stream *wanted)
{
	for (const struct k8s_stream *stream = watcher->streams; stream != NULL;
		stream = stream->next) {
		if (strcmp(stream->tag, wanted->tag) == 0 &&
			strcmp(stream->path, wanted->path) == 0)
			return true;
	}
	return false;
}

static void
remove_tag(struct k8s_watcher *watcher, const char *tag)
{
	struct k8s_stream **at = &watcher->streams;

	while (*at != NULL) {
		struct k8s_stream *stream = *at;

		if (strcmp(stream->tag, tag) != 0) {
			at = &stream->next;
			continue;
		}
		*at = stream->next;
		drop(watcher, stream);
	}
}

static void
obey(struct k8s_watcher *watcher, struct order *order)
{
	if (order->add == NULL) {
		remove_tag(watcher, order->remove);
	} else if (!is_known(watcher, order->add)) {
		order->add->next = watcher->streams;
		watcher->streams = order->add;
		order->add = NULL;
	}
	order_free(order);
}

static void
take_orders(struct k8s_watcher *watcher)
{
	struct order *order, *next;

	pthread_mutex_lock(&watcher->lock);
	order = watcher->orders;
	watcher->orders = NULL;
	watcher->last_order = &watcher->orders;
	pthread_mutex_unlock(&watcher->lock);
	for (; order != NULL; order = next) {
		next = order->next;
		obey(watcher, order);
	}
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Open what is due; returns how long nothing else will be, in ms. */
static int
open_due(struct k8s_watcher *watcher)
{
	const int64_t now = now_ms();
	int64_t wait_ms = LOOK_MS;

	for (struct k8s_stream *stream = watcher->streams; stream != NULL;
		stream = stream->next) {
		if (stream->is_running)
			continue;
		if (stream->next_ms > now) {
			if (stream->next_ms - now < wait_ms)
				wait_ms = stream->next_ms - now;
			continue;
		}
		if (k8s_stream_begin(stream, now) == 0 &&
			curl_multi_add_handle(watcher->multi, stream->easy) !=
				CURLM_OK)
			abort();
	}
	return (int)wait_ms;
}

static void
end_done(struct k8s_watcher *watcher)
{
	int left;
	CURLMsg *message;

	while ((message = curl_multi_info_read(watcher->multi, &left)) !=
		NULL) {
		/* The message dies with the handle's removal. */
		const CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;
		char *stream = NULL;

		(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &stream);
		(void)curl_multi_remove_handle(watcher->multi, easy);
		k8s_stream_end((void *)stream, code, now_ms());
	}
}

void
k8s_watcher_run(struct k8s_watcher *watcher, const atomic_bool *is_over)
{
	int running, wait_ms;

	while (!atomic_load(is_over)) {
		take_orders(watcher);
		wait_ms = open_due(watcher);
		if (curl_multi_perform(watcher->multi, &running) != CURLM_OK)
			abort();
		end_done(watcher);
		(void)curl_multi_poll(watcher->multi, NULL, 0, wait_ms, NULL);
	}
}
