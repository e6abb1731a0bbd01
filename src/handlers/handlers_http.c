/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_http.h"

#include "base/base_buf.h"
#include "fail/fail.h"
#include "handlers/handlers_clock.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Lives in its own arena. The arena outlives the request of Kore if a
 * statement beside the answer is still on its way. */
struct task {
	struct handlers_http *shell;
	struct http_request *http;
	struct arena *arena;
	struct api_task api;
	struct db_ticket *ticket; /* at most one of these three is under way */
	struct handlers_job *job;
	struct handlers_waiter waiter;
	bool is_ready; /* api.response is there */
	uint64_t began_us;
};

/* What Kore keeps for us with a request, and frees with it. */
struct state {
	struct task *task;
};

static void carry_on(struct task *t, enum api_want want);

/* --- what a task can want ------------------------------------------------- */

static void
on_reply(void *cookie, const struct db_reply *reply)
{
	struct task *t = cookie;

	t->ticket = NULL;
	carry_on(t, api_on_reply(&t->api, reply));
}

static int
start_query(struct task *t, struct err *e)
{
	t->api.query.done = on_reply;
	t->api.query.cookie = t;
	t->ticket = db_submit(t->shell->pool, &t->api.query, e);
	return t->ticket == NULL ? -1 : 0;
}

static int
start_password(struct task *t, struct err *e)
{
	t->job = handlers_password_submit(
		t->shell->password, &t->api.password, t, e);
	return t->job == NULL ? -1 : 0;
}

void
handlers_http_on_password(void *owner)
{
	struct task *t = owner;

	t->job = NULL;
	carry_on(t, api_on_password(&t->api));
}

static int
start_wait(struct task *t)
{
	const uint64_t now_ms = kore_time_ms();
	int64_t left_ms = t->api.wait.until_ms - handlers_clock_unix_ms();

	if (left_ms < 0)
		left_ms = 0;
	return handlers_wait_hold(t->shell->wait, &t->waiter,
		t->api.wait.component, now_ms + (uint64_t)left_ms, now_ms);
}

void
handlers_http_on_wait(
	struct handlers_waiter *waiter, enum handlers_wait_end why)
{
	char *at = (char *)waiter - offsetof(struct task, waiter);
	struct task *t = (void *)at;

	if (why == HANDLERS_WAIT_OVER)
		carry_on(t, api_on_deadline(&t->api));
	else
		carry_on(t, api_on_wake(&t->api, handlers_clock_unix_ms()));
}

/* One step: nothing under way any more, the task says what is next. */
static enum api_want
refused(struct task *t, enum api_want want, const struct err *e)
{
	if (want == API_WAIT)
		return api_on_deadline(&t->api);
	return api_on_error(&t->api, e);
}

static int
start(struct task *t, enum api_want want, struct err *e)
{
	switch (want) {
	case API_QUERY:
		return start_query(t, e);
	case API_PASSWORD:
		return start_password(t, e);
	case API_WAIT:
		return start_wait(t);
	case API_SEND:
		break;
	}
	t->is_ready = true;
	http_request_wakeup(t->http);
	return 0;
}

static void
carry_on(struct task *t, enum api_want want)
{
	struct err e = {.code = ERR_NONE};

	while (start(t, want, &e) != 0)
		want = refused(t, want, &e);
}

/* --- from Kore ------------------------------------------------------------ */

/* By hand, since each request asks for it: inet_ntop goes through printf. */
static const char *
ipv4_text(struct arena *arena, const struct in_addr *address)
{
	const unsigned char *bytes = (const unsigned char *)address;
	char *out = arena_alloc(arena, INET_ADDRSTRLEN), *to = out;

	for (unsigned i = 0; i < sizeof(*address); i++) {
		if (i > 0)
			*to++ = '.';
		if (bytes[i] >= 100)
			*to++ = (char)('0' + bytes[i] / 100);
		if (bytes[i] >= 10)
			*to++ = (char)('0' + bytes[i] / 10 % 10);
		*to++ = (char)('0' + bytes[i] % 10);
	}
	return out;
}

static const char *
client_address(struct arena *arena, const struct connection *c)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (c->family == AF_INET)
		return ipv4_text(arena, &c->addr.ipv4.sin_addr);
	if (c->family == AF_INET6)
		(void)inet_ntop(
			AF_INET6, &c->addr.ipv6.sin6_addr, text, sizeof(text));
	return arena_text(arena, text);
}

struct wanted_header {
	const char *name;
	size_t offset; /* of the member of struct api_request */
};

static const struct wanted_header wanted_headers[] = {
	{"content-type", offsetof(struct api_request, content_type)},
	{"authorization", offsetof(struct api_request, authorization)},
	{"x-request-id", offsetof(struct api_request, request_id)},
	{"prefer", offsetof(struct api_request, prefer)},
	{"if-none-match", offsetof(struct api_request, if_none_match)},
};

/* The first of each counts; how many say who one is, is told. */
static void
read_header(struct api_request *r, const struct http_header *header)
{
	const char **member;

	if (strcasecmp(header->header, "authorization") == 0)
		r->n_authorizations++;
	for (size_t i = 0; i < COUNT_OF(wanted_headers); i++) {
		if (strcasecmp(header->header, wanted_headers[i].name) != 0)
			continue;
		member = (void *)((char *)r + wanted_headers[i].offset);
		if (*member == NULL)
			*member = arena_text(r->arena, header->value);
	}
}

/* All but the body is copied: a statement beside the answer may borrow it
 * after Kore's request is gone. */
static struct api_request
read_request(struct arena *arena, const struct http_request *http)
{
	const struct http_header *header;
	struct api_request r = {
		.arena = arena,
		.method = http_method_text(http->method),
		.path = arena_text(arena, http->path),
		.address = client_address(arena, http->owner),
		.now_ms = handlers_clock_unix_ms(),
	};

	if (http->query_string != NULL) {
		r.query.len = strlen(http->query_string);
		r.query.data =
			arena_copy(arena, http->query_string, r.query.len);
	}
	if (http->http_body != NULL) {
		r.body.data = (const char *)http->http_body->data;
		r.body.len = (size_t)http->http_body_length;
	}
	TAILQ_FOREACH(header, &http->req_headers, list)
	read_header(&r, header);
	return r;
}

static struct task *
task_new(struct handlers_http *h, struct http_request *http)
{
	struct arena *arena = arena_new();
	struct task *t = arena_alloc(arena, sizeof(*t));
	struct state *state = http_state_create(http, sizeof(*state));

	state->task = t;
	t->shell = h;
	t->http = http;
	t->arena = arena;
	t->began_us = handlers_clock_us();
	return t;
}

/* --- to Kore -------------------------------------------------------------- */

static void
on_aside(void *cookie, const struct db_reply *reply)
{
	(void)reply;
	arena_free(cookie);
}

/* Nobody waits for it, but its values live in the arena: it gets that. */
static void
submit_aside(struct task *t)
{
	struct db_request request = t->api.aside;
	struct err e;

	if (request.n_calls == 0)
		return;
	request.done = on_aside;
	request.cookie = t->arena;
	if (db_submit(t->shell->pool, &request, &e) != NULL)
		t->arena = NULL;
}

/* Kore takes them as they are; api_header's values hold no end of a line. */
static void
write_headers(struct task *t)
{
	const struct api_response *r = &t->api.response;
	struct buf lines;

	assert(r->n_headers <= API_HEADERS_MAX);
	buf_init(&lines, t->arena);
	for (unsigned i = 0; i < r->n_headers; i++) {
		buf_text(&lines, r->headers[i].name);
		buf_text(&lines, ": ");
		buf_text(&lines, r->headers[i].value);
		buf_text(&lines, "\r\n");
	}
	t->http->resp_lines = buf_string(&lines);
	t->http->resp_lines_length = lines.len;
}

static int
respond(struct task *t)
{
	const struct api_response *r = &t->api.response;

	FAILPOINT(handlers_answer_due);
	write_headers(t);
	if (r->status == HTTP_STATUS_NOT_MODIFIED)
		t->http->flags |= HTTP_REQUEST_NO_CONTENT_LENGTH;
	http_response(t->http, r->status, r->body.data, r->body.len);
	api_end(&t->api, handlers_clock_us() - t->began_us);
	submit_aside(t);
	return KORE_RESULT_OK;
}

int
handlers_http_dispatch(struct handlers_http *h, struct http_request *http)
{
	const struct state *state = http_state_get(http);
	struct task *t = state == NULL ? NULL : state->task;
	struct api_request request;

	if (t == NULL) {
		t = task_new(h, http);
		request = read_request(t->arena, http);
		carry_on(t, api_begin(&t->api, h->api, &request));
	}
	if (t->is_ready)
		return respond(t);
	http_request_sleep(http);
	return KORE_RESULT_RETRY;
}

/* Tokens and passwords do not stay behind in freed memory. Kore reads the
 * head of each request into a block of its own, and with it what the client
 * sent behind. */
static void
wipe(struct http_request *http)
{
	if (http->headers != NULL)
		explicit_bzero(http->headers, http->headers_length);
	if (http->http_body != NULL)
		explicit_bzero(http->http_body->data, http->http_body->length);
}

void
handlers_http_free(struct http_request *http)
{
	const struct state *state = http_state_get(http);
	struct task *t = state == NULL ? NULL : state->task;

	if (t != NULL) {
		db_drop(t->ticket);
		handlers_password_drop(t->shell->password, t->job);
		handlers_wait_drop(t->shell->wait, &t->waiter);
		arena_free(t->arena);
	}
	wipe(http);
}
