/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_stream.h"

#include "k8s/k8s_event.h"
#include "k8s/k8s_login.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define LINE_MAX_BYTES (4U * 1024U * 1024U)
#define REFUSAL_MAX (64U * 1024U)
/* The API server ends the watch after this time, spread so that many watches
 * do not come again all at once; libcurl ends it if the server does not. */
#define WATCH_S 270U
#define WATCH_SPREAD_S 60U
#define WATCH_GRACE_S 30U
/* One that stayed open so long was no failure. */
#define HEALTHY_MS 10000
#define HTTP_OK 200
#define HTTP_UNAUTHORIZED 401

static const char metadata[] =
	"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
	"application/json";

static unsigned
random_number(void)
{
	unsigned number = 0;

	/* Only spreads load: without entropy there is just no spread. */
	(void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
	return number;
}

unsigned
k8s_backoff_ms(unsigned failures, unsigned random)
{
	unsigned wait_ms = K8S_BACKOFF_MIN_MS;

	for (; failures > 1 && wait_ms < K8S_BACKOFF_MAX_MS; failures--)
		wait_ms *= 2;
	if (wait_ms > K8S_BACKOFF_MAX_MS)
		wait_ms = K8S_BACKOFF_MAX_MS;
	wait_ms -= random % (wait_ms / 4);
	return wait_ms < K8S_BACKOFF_MIN_MS ? K8S_BACKOFF_MIN_MS : wait_ms;
}

static void
lose(struct k8s_stream *stream, const struct err *e)
{
	stream->ended = *e;
}

/* One line of an open watch. */
static void
on_line(void *cookie, struct bytes line)
{
	struct k8s_stream *stream = cookie;
	const struct k8s_watch_hooks *hooks = stream->hooks;
	struct arena *arena;
	struct k8s_event event;
	struct err e;

	if (line.data == NULL) { /* too long to know whose it is */
		hooks->linked(hooks->cookie, stream->tag, NULL);
		return;
	}
	arena = arena_new();
	if (k8s_event_read(arena, line, &event, &e) != 0) {
		lose(stream, &e);
	} else if (event.type == K8S_EVENT_MOVED) {
		hooks->moved(hooks->cookie, stream->tag, event.instance);
	} else if (event.type == K8S_EVENT_ERROR) {
		err_set(&e, ERR_UNAVAILABLE, "", "watch %s: %s", stream->path,
			event.message);
		lose(stream, &e);
	}
	arena_free(arena);
}

struct k8s_stream *
k8s_stream_new(const char *tag, const char *path, const char *query)
{
	struct arena *arena = arena_new();
	struct k8s_stream *stream = arena_alloc(arena, sizeof(*stream));

	stream->arena = arena;
	stream->tag = arena_text(arena, tag);
	stream->path = arena_text(arena, path);
	stream->query = arena_text(arena, query);
	stream->lines.max = LINE_MAX_BYTES;
	stream->lines.told = on_line;
	stream->lines.cookie = stream;
	buf_init(&stream->lines.held, arena);
	return stream;
}

static void
finish(struct k8s_stream *stream)
{
	k8s_curl_end(&stream->exchange);
	arena_free(stream->exchange_arena);
	stream->exchange_arena = NULL;
	stream->is_running = false;
}

void
k8s_stream_free(struct k8s_stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->easy != NULL)
		curl_easy_cleanup(stream->easy);
	finish(stream);
	arena_free(stream->arena);
}

static int
status_of(const struct k8s_stream *stream)
{
	return k8s_curl_reply(stream->easy, (struct bytes){NULL, 0}).status;
}

/* The empty line behind the headers: the watch stands, though nothing may
 * move for minutes. */
static size_t
on_header(char *data, size_t size, size_t count, void *cookie)
{
	struct k8s_stream *stream = cookie;
	const struct k8s_watch_hooks *hooks = stream->hooks;

	if (size * count == 2 && data[0] == '\r' && !stream->is_open &&
		status_of(stream) == HTTP_OK) {
		stream->is_open = true;
		stream->told.code = ERR_NONE;
		hooks->linked(hooks->cookie, stream->tag, NULL);
	}
	return size * count;
}

static size_t
on_body(char *data, size_t size, size_t count, void *cookie)
{
	struct k8s_stream *stream = cookie;
	const struct bytes input = {data, size * count};

	if (stream->is_open)
		k8s_lines_feed(&stream->lines, input);
	else if (stream->refusal.len + input.len <= REFUSAL_MAX)
		buf_put(&stream->refusal, data, input.len);
	/* 0 ends the exchange. */
	return stream->ended.code == ERR_NONE ? input.len : 0;
}

static void
aim(struct k8s_stream *stream)
{
	const unsigned seconds = WATCH_S + random_number() % WATCH_SPREAD_S;

	stream->request = (struct k8s_request){
		.verb = K8S_GET,
		.path = stream->path,
		.query = arena_format(stream->exchange_arena,
			"watch=1&allowWatchBookmarks=true&timeoutSeconds=%u"
			"%s%s",
			seconds, stream->query == NULL ? "" : "&",
			stream->query == NULL ? "" : stream->query),
		.timeout_ms = (seconds + WATCH_GRACE_S) * 1000U,
	};
	stream->exchange = (struct k8s_exchange){
		.config = stream->config,
		.request = &stream->request,
		.accept = metadata,
	};
}

/* The same loss is told once. */
static void
tell_loss(struct k8s_stream *stream, const struct err *e)
{
	const struct k8s_watch_hooks *hooks = stream->hooks;

	if (stream->told.code == e->code &&
		strcmp(stream->told.message, e->message) == 0)
		return;
	stream->told = *e;
	hooks->linked(hooks->cookie, stream->tag, e);
}

static void
plan(struct k8s_stream *stream, int64_t now_ms, unsigned at_least_ms)
{
	unsigned wait_ms = 0;
	const bool was_healthy =
		stream->is_open && now_ms - stream->started_ms >= HEALTHY_MS;

	stream->failures = was_healthy ? 0 : stream->failures + 1;
	if (!was_healthy)
		wait_ms = k8s_backoff_ms(stream->failures, random_number());
	if (wait_ms < at_least_ms)
		wait_ms = at_least_ms;
	stream->next_ms = now_ms + wait_ms;
}

int
k8s_stream_begin(struct k8s_stream *stream, int64_t now_ms)
{
	struct err e;

	if (stream->easy == NULL)
		stream->easy = k8s_curl_new();
	stream->exchange_arena = arena_new();
	buf_init(&stream->refusal, stream->exchange_arena);
	stream->lines.held.len = 0;
	stream->lines.is_skipping = false;
	stream->ended.code = ERR_NONE;
	stream->is_open = false;
	stream->is_running = true;
	stream->started_ms = now_ms;
	aim(stream);
	if (k8s_curl_begin(stream->easy, &stream->exchange,
		    stream->exchange_arena, &e) != 0) {
		tell_loss(stream, &e);
		finish(stream);
		plan(stream, now_ms, 0);
		return -1;
	}
	(void)curl_easy_setopt(stream->easy, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(stream->easy, CURLOPT_HEADERDATA, stream);
	(void)curl_easy_setopt(stream->easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(stream->easy, CURLOPT_WRITEDATA, stream);
	(void)curl_easy_setopt(stream->easy, CURLOPT_PRIVATE, stream);
	return 0;
}

/* Why an answer other than 200 came; what it wants as a pause, in seconds. */
static unsigned
read_refusal(struct k8s_stream *stream, struct err *e)
{
	const struct k8s_reply reply =
		k8s_curl_reply(stream->easy, buf_bytes(&stream->refusal));
	struct k8s_answer answer;

	if (reply.status == HTTP_UNAUTHORIZED)
		k8s_login_forget(stream->config);
	if (k8s_answer_read(stream->exchange_arena, &reply, &answer, e) != 0)
		return 0;
	(void)k8s_refused(&stream->request, &answer, e);
	return answer.retry_after_s;
}

void
k8s_stream_end(struct k8s_stream *stream, CURLcode code, int64_t now_ms)
{
	struct err e = stream->ended;
	unsigned pause_s = 0;

	if (e.code == ERR_NONE && code != CURLE_OK)
		(void)k8s_curl_failed(&stream->exchange, code, &e);
	else if (e.code == ERR_NONE && !stream->is_open)
		pause_s = read_refusal(stream, &e);
	if (e.code != ERR_NONE)
		tell_loss(stream, &e);
	finish(stream);
	plan(stream, now_ms, pause_s * 1000U);
}
