/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request means: route, rights, statements to run, answer. No sockets,
 * no Kore, no libpq calls: the shell carries out what a task wants and tells it
 * what came of it, until the task has its response.
 */
#ifndef API_H
#define API_H

#include "api/api_metrics.h"
#include "api/api_rate.h"
#include "auth/auth.h"
#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_log.h"
#include "config/config.h"
#include "db/db_pool.h"

/* Of one worker process; everything outlives all tasks. */
struct api_context {
	const struct config *config;
	const struct auth_keys *keys; /* AUTH_KEYS_SEAL */
	struct api_metrics *metrics;  /* shared by all workers; may be NULL */
	struct api_rate *rate;        /* of this worker; may be NULL */
	struct auth_pool *pool;       /* of this worker, for ids */
	const struct log *log;
	const char *version; /* "0.1.0 (abc)" */
	bool is_draining;    /* set by the shell: /readyz says so */
};

/* Strings live as long as the task. */
struct api_request {
	struct arena *arena; /* owns everything of this request */
	const char *method;  /* "GET", … */
	const char *path;    /* as sent, not decoded, without the query */
	struct bytes query;
	struct bytes body;
	const char *content_type;  /* NULL: header absent */
	const char *authorization; /* NULL: absent; never logged */
	unsigned n_authorizations; /* two are refused */
	const char *request_id;    /* X-Request-Id as sent; NULL: absent */
	const char *prefer;        /* Prefer; NULL: absent */
	const char *if_none_match; /* NULL: absent */
	const char *address;       /* of the client, numeric */
	int64_t now_ms;            /* unix time of arrival */
};

#define API_HEADERS_MAX 8U

struct api_header {
	const char *name; /* lower case */
	const char *value;
};

struct api_response {
	int status;
	struct bytes body; /* HEAD: what GET would get; not to be sent */
	unsigned n_headers;
	struct api_header
		headers[API_HEADERS_MAX]; /* content-type among them */
};

/* What the shell is to do next; then it calls the function named. */
enum api_want {
	API_SEND,     /* .response is complete; end with api_end */
	API_QUERY,    /* submit .query, then api_on_reply or api_on_error */
	API_PASSWORD, /* run .password off the loop, then api_on_password or
		       * api_on_error (queue full) */
	API_WAIT,     /* hold until .wait.component moves, be it since the task
		       * waited last: api_on_wake; or until .wait.until_ms, or
		       * if too many wait: api_on_deadline */
};

struct api_password_job {
	bool is_verify;   /* else: hash */
	const char *hash; /* verify: against this; NULL: nobody's (dummy) */
	struct bytes password;       /* borrowed until api_on_password */
	bool is_right;               /* out, of verify */
	char result[AUTH_HASH_SIZE]; /* out, of hash */
};

struct api_wait {
	const char *component; /* uuid: payload of the event channel */
	int64_t until_ms;      /* unix time */
};

struct api_task {
	const struct api_context *context;
	struct api_request request;
	const struct api_route *route; /* NULL: none fits */
	char request_id[129];
	struct api_response response;
	struct db_request query; /* done and cookie are the shell's */
	struct api_password_job password;
	struct api_wait wait;
	/* A statement to submit beside the answer, nobody waits for it (when a
	 * token was used is noted so); n_calls 0: none. */
	struct db_request aside;
	struct api_progress *progress; /* of room api */
};

/** Begin ${request} (copied; strings borrowed). ${task} is zeroed here and
 * must live at a fixed address. */
enum api_want api_begin(struct api_task *task,
	const struct api_context *context, const struct api_request *request);

/** The query of API_QUERY ended. ${reply} need not outlive the call. */
enum api_want api_on_reply(struct api_task *task, const struct db_reply *reply);

/** db_submit or the password queue said no (${e}: UNAVAILABLE or TOO_MANY). */
enum api_want api_on_error(struct api_task *task, const struct err *e);

enum api_want api_on_password(struct api_task *task);
enum api_want api_on_wake(struct api_task *task, int64_t now_ms);
enum api_want api_on_deadline(struct api_task *task);

/** Count and log the request once its answer is on its way. */
void api_end(struct api_task *task, uint64_t duration_us);

/** A problem body for an answer the HTTP server makes by itself (400, 413,
 * 431, …), in ${arena}; its content type is API_PROBLEM_TYPE. ${request_id}: a
 * UUID. */
struct bytes api_problem_body(
	struct arena *arena, int status, const char *request_id);

#define API_PROBLEM_TYPE "application/problem+json"
#define API_EVENT_CHANNEL "roaster_event"
#define API_BODY_MAX (2U * 1024U * 1024U)

/** The route table as Markdown, for docs/api.md. */
struct buf;
void api_markdown(struct buf *out);

/** The same, with the kinds' fields, as OpenAPI 3.1 in JSON. */
void api_openapi(struct buf *out);

#endif
