/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_loop.h"
#include "k8s/k8s_stream.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 200 /* at is_over, at most */

/* What add, remove and keep left for the watcher's thread. */
struct order {
	struct order *next;
	struct arena *arena;    /* owns this */
	struct k8s_stream *add; /* NULL: end those with a tag of these, or, if
				 * they are kept, those with another one */
	const char **tags;
	size_t n_tags;
	bool are_kept;
};

struct k8s_watcher {
	const struct k8s_config *config;
	struct k8s_watch_hooks hooks;
	struct k8s_loop *loop;
	struct k8s_stream *streams; /* of the watcher's thread alone */
	int64_t open_ms;      /* when one of them is to be opened, monotonic */
	pthread_mutex_t lock; /* guards the orders */
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
	watcher->loop = k8s_loop_new();
	watcher->config = config;
	watcher->hooks = *hooks;
	watcher->last_order = &watcher->orders;
	return watcher;
}

static void
order_free(struct order *order)
{
	k8s_stream_free(order->add);
	arena_free(order->arena);
}

static void
drop(struct k8s_watcher *watcher, struct k8s_stream *stream)
{
	if (stream->is_running)
		(void)curl_multi_remove_handle(
			k8s_loop_multi(watcher->loop), stream->easy);
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
	k8s_loop_free(watcher->loop);
	pthread_mutex_destroy(&watcher->lock);
	free(watcher);
}

static struct order *
order_new(void)
{
	struct arena *arena = arena_new();
	struct order *order = arena_array(arena, 1, sizeof(*order));

	*order = (struct order){.arena = arena};
	return order;
}

static void
order_name(struct order *order, const char *const *tags, size_t count)
{
	order->tags = arena_array(order->arena, count + 1, sizeof(char *));
	order->n_tags = count;
	for (size_t i = 0; i < count; i++)
		order->tags[i] = arena_text(order->arena, tags[i]);
}

static void
give_order(struct k8s_watcher *watcher, struct order *order)
{
	pthread_mutex_lock(&watcher->lock);
	*watcher->last_order = order;
	watcher->last_order = &order->next;
	pthread_mutex_unlock(&watcher->lock);
	k8s_loop_wake(watcher->loop);
}

void
k8s_watcher_add(struct k8s_watcher *watcher, const char *tag, const char *path,
	const char *query)
{
	struct order *order = order_new();

	order->add = k8s_stream_new(tag, path, query);
	order->add->config = watcher->config;
	order->add->hooks = &watcher->hooks;
	give_order(watcher, order);
}

void
k8s_watcher_remove(struct k8s_watcher *watcher, const char *tag)
{
	struct order *order = order_new();

	order_name(order, &tag, 1);
	give_order(watcher, order);
}

void
k8s_watcher_keep(
	struct k8s_watcher *watcher, const char *const *tags, size_t count)
{
	struct order *order = order_new();

	order_name(order, tags, count);
	order->are_kept = true;
	give_order(watcher, order);
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

static bool
is_named(const struct order *order, const char *tag)
{
	for (size_t i = 0; i < order->n_tags; i++) {
		if (strcmp(order->tags[i], tag) == 0)
			return true;
	}
	return false;
}

static void
end_streams(struct k8s_watcher *watcher, const struct order *order)
{
	struct k8s_stream **at = &watcher->streams;

	while (*at != NULL) {
		struct k8s_stream *stream = *at;

		if (is_named(order, stream->tag) == order->are_kept) {
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
		end_streams(watcher, order);
	} else if (!is_known(watcher, order->add)) {
		order->add->next = watcher->streams;
		watcher->streams = order->add;
		watcher->open_ms = 0;
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

static void
open_stream(struct k8s_watcher *watcher, struct k8s_stream *stream, int64_t now)
{
	if (k8s_stream_begin(stream, now) == 0 &&
		curl_multi_add_handle(k8s_loop_multi(watcher->loop),
			stream->easy) != CURLM_OK)
		abort();
}

static void
open_due(struct k8s_watcher *watcher)
{
	const int64_t now = k8s_loop_now_ms();

	if (watcher->open_ms > now)
		return;
	watcher->open_ms = INT64_MAX;
	for (struct k8s_stream *stream = watcher->streams; stream != NULL;
		stream = stream->next) {
		if (!stream->is_running && stream->next_ms <= now)
			open_stream(watcher, stream, now);
		if (!stream->is_running && stream->next_ms < watcher->open_ms)
			watcher->open_ms = stream->next_ms;
	}
}

static void
end_done(struct k8s_watcher *watcher)
{
	CURLM *multi = k8s_loop_multi(watcher->loop);
	int left;
	CURLMsg *message;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		/* The message dies with the handle's removal. */
		const CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;
		char *private = NULL;
		struct k8s_stream *stream;

		(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		(void)curl_multi_remove_handle(multi, easy);
		stream = (void *)private;
		k8s_stream_end(stream, code, k8s_loop_now_ms());
		if (stream->next_ms < watcher->open_ms)
			watcher->open_ms = stream->next_ms;
	}
}

static int
patience_ms(const struct k8s_watcher *watcher)
{
	const int64_t left_ms = watcher->open_ms - k8s_loop_now_ms();

	if (left_ms <= 0)
		return 0;
	return left_ms < LOOK_MS ? (int)left_ms : LOOK_MS;
}

void
k8s_watcher_run(struct k8s_watcher *watcher, const atomic_bool *is_over)
{
	while (!atomic_load(is_over)) {
		take_orders(watcher);
		open_due(watcher);
		k8s_loop_turn(watcher->loop, patience_ms(watcher));
		end_done(watcher);
	}
}
