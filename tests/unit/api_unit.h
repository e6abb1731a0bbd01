/* SPDX-License-Identifier: Apache-2.0 */
/* A worker without a shell: the test carries out what a task wants. */
#ifndef API_UNIT_H
#define API_UNIT_H

#include "api/api.h"
#include "api/api_task.h"
#include "db_fake.h"
#include "unit.h"

#define API_UNIT_NOW_MS INT64_C(1795252812345)
#define API_UNIT_TOKEN \
	"roaster_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_zmiyt"

/* Nobody's memory but the test's. */
struct api_unit {
	struct config config;
	struct api_metrics metrics;
	struct auth_pool pool;
	struct log log;
	struct api_context context;
	struct api_request request;
	struct api_task task;
	char lines[4096]; /* the log */
	struct fake fakes[DB_CALLS_MAX];
	struct pg_result *results[DB_CALLS_MAX];
	unsigned n_fakes;
};

static inline int64_t
api_unit_clock(void)
{
	return API_UNIT_NOW_MS;
}

static inline void
api_unit_write(void *cookie, const char *line, unsigned len)
{
	struct api_unit *u = cookie;
	size_t at = strlen(u->lines);

	assert_true(at + len < sizeof(u->lines));
	memcpy(u->lines + at, line, len);
}

/* ${method} and ${path} as an admin would send them; change u->request. */
static inline struct api_unit *
api_unit_open(struct arena *arena, const char *method, const char *path)
{
	static char *const no_environment[] = {NULL};
	struct api_unit *u = arena_alloc(arena, sizeof(*u));
	struct err e;

	auth_init();
	assert_int_equal(
		config_load(arena, "", NULL, no_environment, &u->config, &e),
		0);
	u->log = (struct log){.process = "api",
		.threshold = LOG_LEVEL_DEBUG,
		.now_ms = api_unit_clock,
		.write = api_unit_write,
		.cookie = u};
	u->context = (struct api_context){.config = &u->config,
		.metrics = &u->metrics,
		.pool = &u->pool,
		.log = &u->log,
		.version = "1.2.3"};
	u->request = (struct api_request){.arena = arena,
		.method = method,
		.path = path,
		.authorization = "Bearer " API_UNIT_TOKEN,
		.n_authorizations = 1,
		.request_id = "id-1",
		.address = "192.0.2.1",
		.now_ms = API_UNIT_NOW_MS};
	return u;
}

static inline void
api_unit_form(struct api_unit *u, const char *text)
{
	u->request.content_type = "application/x-www-form-urlencoded";
	u->request.body = unit_bytes(text);
}

static inline enum api_want
api_unit_begin(struct api_unit *u)
{
	return api_begin(&u->task, &u->context, &u->request);
}

/* A result of the reply to come; see fake_open. */
static inline void
api_unit_rows(
	struct api_unit *u, int columns, size_t rows, const char *const *cells)
{
	fake_open(&u->fakes[u->n_fakes], columns, rows, cells);
	u->results[u->n_fakes] = u->fakes[u->n_fakes].result;
	u->n_fakes++;
}

/* Answer the query with the rows that were added. */
static inline enum api_want
api_unit_reply(struct api_unit *u)
{
	struct db_reply reply = {.outcome = DB_DONE,
		.sqlstate = "",
		.message = "",
		.n_results = u->n_fakes,
		.results = u->results};
	enum api_want want;

	assert_int_equal(u->task.query.n_calls, u->n_fakes);
	want = api_on_reply(&u->task, &reply);
	while (u->n_fakes > 0)
		fake_close(&u->fakes[--u->n_fakes]);
	return want;
}

static inline enum api_want
api_unit_fail(struct api_unit *u, enum db_outcome outcome, const char *sqlstate,
	const char *message)
{
	struct db_reply reply = {
		.outcome = outcome, .sqlstate = sqlstate, .message = message};

	return api_on_reply(&u->task, &reply);
}

/* The session's row. */
static inline void
api_unit_session(struct api_unit *u, const char *role)
{
	api_unit_rows(u, 3, 1, (const char *const[]){"ann", role, "f"});
}

static inline const char *
api_unit_body(const struct api_unit *u)
{
	return arena_copy(u->request.arena, u->task.response.body.data,
		u->task.response.body.len);
}

/* NULL if it is not there. */
static inline const char *
api_unit_header(const struct api_unit *u, const char *name)
{
	const struct api_response *r = &u->task.response;

	for (unsigned i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return NULL;
}

static inline void
api_unit_has(const struct api_unit *u, const char *part)
{
	if (strstr(api_unit_body(u), part) == NULL)
		fail_msg("%s is not in %s", part, api_unit_body(u));
}

/* That value ${i} of call ${call} of the query is ${text}. */
static inline void
api_unit_value(
	const struct api_unit *u, unsigned call, unsigned i, const char *text)
{
	const char *value = u->task.query.calls[call].values[i].data;

	if (text == NULL)
		assert_null(value);
	else
		assert_string_equal(value, text);
}

static inline void
api_unit_calls(const struct api_unit *u, unsigned n, const enum db_query *list)
{
	assert_int_equal(u->task.query.n_calls, n);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(u->task.query.calls[i].query, list[i]);
}

#define API_UNIT_CALLS(u, ...)                                                \
	api_unit_calls((u), COUNT_OF(((const enum db_query[]){__VA_ARGS__})), \
		(const enum db_query[]){__VA_ARGS__})

#endif
