/* SPDX-License-Identifier: Apache-2.0 */
/* One watch: what it wants, the connection that it has, when it tries again. */
#ifndef K8S_STREAM_H
#define K8S_STREAM_H

#include "k8s/k8s_curl.h"
#include "k8s/k8s_lines.h"

#define K8S_BACKOFF_MIN_MS 1000U
#define K8S_BACKOFF_MAX_MS 30000U

/**
 * How long to wait after ${failures} failures in a row: 1 s doubling to 30 s,
 * less up to a quarter of it by ${random}, never less than 1 s.
 */
unsigned k8s_backoff_ms(unsigned failures, unsigned random);

struct k8s_stream {
	struct k8s_stream *next;
	struct arena *arena; /* owns this, the texts and the line held */
	const struct k8s_config *config;
	const struct k8s_watch_hooks *hooks;
	const char *tag;
	const char *path;
	const char *query; /* NULL: none */
	CURL *easy;
	struct k8s_lines lines;

	/* While it runs */
	bool is_running;
	bool is_open;                 /* the API server answered 200 */
	struct arena *exchange_arena; /* owns what the next three point to */
	struct k8s_request request;
	struct k8s_exchange exchange;
	struct buf refusal; /* the body of an answer other than 200 */
	struct err ended;   /* by an ERROR event; code NONE: not */
	int64_t started_ms;

	/* Between two tries */
	int64_t next_ms; /* when to open it, monotonic */
	unsigned failures;
	struct err told; /* the loss last told; code NONE: none */
};

/** A watch in an arena of its own, not opened yet. */
struct k8s_stream *k8s_stream_new(
	const char *tag, const char *path, const char *query);
void k8s_stream_free(struct k8s_stream *stream);

/** Make stream->easy ready to be run, at ${now_ms}, which is monotonic. -1 if
 * that failed: it is over again, and will be tried later. */
int k8s_stream_begin(struct k8s_stream *stream, int64_t now_ms);

/** The exchange is over with ${code}: tell a loss, plan the next try. */
void k8s_stream_end(struct k8s_stream *stream, CURLcode code, int64_t now_ms);

#endif
