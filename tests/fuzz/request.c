/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole request: "METHOD /path?query", headers, an empty line, a body. An
 * admin's session and an empty database answer reads, all else fails.
 */
#include "fuzz.h"

#include "api/api.h"
#include "api/api_route.h"
#include "api/api_task.h"
#include "auth/auth_internal.h"

#include <libpq-fe.h>
#include <string.h>
#include <strings.h>

#define NOW_MS INT64_C(1795252812345)
#define STEPS_MAX 16U
#define COLUMNS 24

static int64_t
clock_ms(void)
{
	return NOW_MS;
}

static void
write_log(void *cookie, const char *line, unsigned len)
{
	struct arena *arena = cookie;

	fuzz_must(len > 0 && memchr(line, '\n', len) == line + len - 1,
		"an event is one line");
	(void)fuzz_json_read(arena, (struct bytes){line, len});
}

/* --- the request -----------------------------------------------------------
 */

static void
read_header(struct arena *arena, struct bytes line, struct api_request *out)
{
	const char *name = fuzz_text(arena, fuzz_cut(&line, ':'));
	const char *value = fuzz_text(arena, line);
	const struct {
		const char *name;
		const char **to;
	} headers[] = {
		{"authorization", &out->authorization},
		{"content-type", &out->content_type},
		{"x-request-id", &out->request_id},
		{"prefer", &out->prefer},
		{"if-none-match", &out->if_none_match},
	};

	value += strspn(value, " ");
	for (size_t i = 0; i < COUNT_OF(headers); i++)
		if (strcasecmp(headers[i].name, name) == 0)
			*headers[i].to = value;
	out->n_authorizations += strcasecmp(name, "authorization") == 0;
}

static void
read_request(struct arena *arena, struct bytes in, struct api_request *out)
{
	struct bytes line = fuzz_cut(&in, '\n');

	*out = (struct api_request){
		.arena = arena, .address = "192.0.2.1", .now_ms = NOW_MS};
	out->method = fuzz_text(arena, fuzz_cut(&line, ' '));
	out->path = fuzz_text(arena, fuzz_cut(&line, '?'));
	out->query = line;
	while ((line = fuzz_cut(&in, '\n')).len > 0)
		read_header(arena, line, out);
	out->body = in;
}

/* --- what the shell would do -----------------------------------------------
 */

static PGresult *
rows_of(const char *const *cells)
{
	static char name[] = "x";
	PGresAttDesc attributes[COLUMNS];
	PGresult *out = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

	memset(attributes, 0, sizeof(attributes));
	for (int i = 0; i < COLUMNS; i++)
		attributes[i].name = name;
	fuzz_must(PQsetResultAttrs(out, COLUMNS, attributes) == 1, "libpq");
	for (int i = 0; cells != NULL && cells[i] != NULL; i++) {
		char cell[16] = "";

		strncpy(cell, cells[i], sizeof(cell) - 1);
		fuzz_must(PQsetvalue(out, 0, i, cell, (int)strlen(cell)) == 1,
			"libpq");
	}
	return out;
}

static void
check_values(const struct db_request *query)
{
	for (unsigned i = 0; i < query->n_calls; i++) {
		const struct db_call *call = &query->calls[i];

		for (unsigned k = 0; k < db_query_row(call->query)->n_values;
			k++)
			if (call->values[k].data != NULL &&
				!call->values[k].is_binary)
				fuzz_must(text_is_utf8(fuzz_bytes(
						  call->values[k].data)),
					"a parameter is UTF-8");
	}
}

static enum api_want
answer_reads(struct api_task *task)
{
	static const char *const session[] = {"ann", "admin", "f", NULL};
	struct pg_result *results[DB_CALLS_MAX];
	struct db_reply reply = {.outcome = DB_DONE,
		.sqlstate = "",
		.message = "",
		.n_results = task->query.n_calls,
		.results = results};
	enum api_want want;

	for (unsigned i = 0; i < reply.n_results; i++)
		results[i] = rows_of(i == 0 ? session : NULL);
	want = api_on_reply(task, &reply);
	for (unsigned i = 0; i < reply.n_results; i++)
		PQclear(results[i]);
	return want;
}

static enum api_want
answer_query(struct api_task *task)
{
	struct err e;

	check_values(&task->query);
	if (task->query.calls[0].query == DB_QUERY_session)
		return answer_reads(task);
	(void)err_set(&e, ERR_UNAVAILABLE, "", "the database is away");
	return api_on_error(task, &e);
}

static enum api_want
answer(struct api_task *task, enum api_want want)
{
	switch (want) {
	case API_QUERY:
		return answer_query(task);
	case API_PASSWORD:
		task->password.is_right = false;
		memcpy(task->password.result, "hash", sizeof("hash"));
		return api_on_password(task);
	case API_WAIT:
		return api_on_deadline(task);
	case API_SEND:
		break;
	}
	return API_SEND;
}

static void
check_response(struct arena *arena, const struct api_response *r)
{
	fuzz_must(r->status >= 200 && r->status < 600, "a status");
	fuzz_must(r->status != 500, "nothing is unforeseen");
	for (unsigned i = 0; i < r->n_headers; i++) {
		fuzz_clean(r->headers[i].value);
		if (strcmp(r->headers[i].name, "content-type") == 0 &&
			strstr(r->headers[i].value, "json") != NULL)
			(void)fuzz_json_read(arena, r->body);
	}
}

void
fuzz_request(struct arena *arena, struct bytes in)
{
	static char *const no_environment[] = {NULL};
	struct api_task *task = arena_alloc(arena, sizeof(*task));
	const struct log log = {.process = "api",
		.threshold = LOG_LEVEL_DEBUG,
		.now_ms = clock_ms,
		.write = write_log,
		.cookie = arena};
	/* The curve's base point: any key that something can be sealed to. */
	static const struct auth_keys keys = {.public_key = {9}};
	struct auth_pool pool = {.left = 0};
	struct config config;
	struct api_context context = {.config = &config,
		.pool = &pool,
		.keys = &keys,
		.log = &log,
		.version = "1.2.3"};
	struct api_request request;
	enum api_want want;
	struct err e;

	(void)config_load(arena, "", NULL, no_environment, &config, &e);
	read_request(arena, in, &request);
	want = api_begin(task, &context, &request);
	for (unsigned i = 0; want != API_SEND; i++) {
		fuzz_must(i < STEPS_MAX, "a request comes to an end");
		want = answer(task, want);
	}
	check_response(arena, &task->response);
	api_end(task, 1000);
}
