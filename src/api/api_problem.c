/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_answer.h"
#include "base/base_utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INSTANCE_BYTES_MAX 200U

/* err's path "spec.configs[3].name" as a JSON pointer (RFC 6901). */
static const char *
pointer_of(struct arena *arena, const char *path)
{
	struct buf out;

	if (path[0] == '/')
		return path;
	buf_init(&out, arena);
	buf_text(&out, "/");
	for (; *path != '\0'; path++) {
		if (*path == '.' || *path == '[')
			buf_text(&out, "/");
		else if (*path == '~')
			buf_text(&out, "~0");
		else if (*path == '/')
			buf_text(&out, "~1");
		else if (*path != ']')
			buf_put(&out, path, 1);
	}
	return buf_string(&out);
}

/* One problem as a line of text, for people who see only that. */
static const char *
sentence(struct arena *arena, const struct err *e)
{
	struct buf out;

	buf_init(&out, arena);
	if (e->line > 0)
		buf_format(&out, "line %u, column %u: ", e->line, e->column);
	if (e->path[0] != '\0')
		buf_format(&out, "%s: ", e->path);
	buf_text(&out, e->message);
	return buf_string(&out);
}

static const char *
detail_of(struct arena *arena, const struct err_list *errors)
{
	const char *first = sentence(arena, &errors->items[0]);

	if (errors->total == 1)
		return first;
	return arena_format(
		arena, "%u problems, the first at %s", errors->total, first);
}

static void
write_error(struct arena *arena, const struct err *e, struct json *j)
{
	json_object_open(j);
	if (e->path[0] != '\0')
		json_member_text(j, "pointer", pointer_of(arena, e->path));
	if (e->line > 0) {
		json_member_int(j, "line", e->line);
		json_member_int(j, "column", e->column);
	}
	json_member_text(j, "detail", e->message);
	json_object_close(j);
}

/* A problem that is about no place in particular needs no list. */
static void
write_errors(struct arena *arena, const struct err_list *errors, struct json *j)
{
	const struct err *first = &errors->items[0];

	if (errors->total == 1 && first->line == 0 && first->path[0] == '\0')
		return;
	json_key(j, "errors");
	json_array_open(j);
	for (unsigned i = 0; i < errors->count; i++)
		write_error(arena, &errors->items[i], j);
	json_array_close(j);
}

static void
write_start(struct json *j, enum err_code code, int status, const char *detail)
{
	char type[64];

	(void)snprintf(
		type, sizeof(type), API_ERRORS_PATH "#%s", err_word(code));
	json_object_open(j);
	json_member_text(j, "type", type);
	json_member_text(j, "title", api_title(code));
	json_member_int(j, "status", status);
	json_member_text(j, "detail", detail);
	json_member_text(j, "code", err_word(code));
}

static void
write_request(const struct api_task *task, const char *detail, struct json *j)
{
	struct bytes path = {task->request.path, strlen(task->request.path)};

	path.len = utf8_cut(path, INSTANCE_BYTES_MAX);
	json_key(j, "instance");
	json_bytes(j, path);
	json_member_text(j, "request_id", task->request_id);
	if (strncmp(task->request.path, "/v1/", 4) != 0)
		return;
	json_member_text(j, "message", detail);
	json_key(j, "path");
	json_bytes(j, path);
}

/* What may be asked for instead, where a state is in the way. */
static void
write_allowed(const struct api_task *task, struct json *j)
{
	const enum state *state = task->progress->refusing;

	if (state == NULL)
		return;
	json_member_text(j, "state", state_text(*state));
	json_key(j, "allowed");
	json_array_open(j);
	for (unsigned i = 0; i < EVENT_COUNT; i++) {
		const char *word = state_request_word((enum state_event)i);

		if (word != NULL && state_answer(*state, (enum state_event)i) !=
					    ANSWER_REFUSE)
			json_text(j, word);
	}
	json_array_close(j);
}

static bool
has_header(const struct api_task *task, const char *name)
{
	for (unsigned i = 0; i < task->response.n_headers; i++)
		if (strcmp(task->response.headers[i].name, name) == 0)
			return true;
	return false;
}

/* Headers that belong to a status wherever it comes from. */
static void
add_headers(struct api_task *task, enum err_code code)
{
	if ((code == ERR_UNAVAILABLE || code == ERR_TOO_MANY) &&
		!has_header(task, "retry-after"))
		api_retry_after(task, 1);
	if (code == ERR_UNAUTHENTICATED)
		api_header(task, "www-authenticate",
			task->progress->is_token_sent
				? "Bearer realm=\"roaster\", "
				  "error=\"invalid_token\""
				: "Bearer realm=\"roaster\"");
}

enum api_want
api_refuse_all(struct api_task *task, const struct err_list *errors)
{
	struct arena *arena = task->request.arena;
	enum err_code code = errors->items[0].code;
	const char *detail = detail_of(arena, errors);
	struct api_json answer;
	struct json *j = api_json_open(task, &answer);

	write_start(j, code, err_status(code), detail);
	write_request(task, detail, j);
	write_errors(arena, errors, j);
	write_allowed(task, j);
	json_object_close(j);
	add_headers(task, code);
	return api_send(task, err_status(code), API_PROBLEM_TYPE,
		buf_bytes(&answer.text));
}

enum api_want
api_refuse(struct api_task *task, const struct err *e)
{
	struct err_list errors;

	err_list_init(&errors);
	err_list_add(&errors, e);
	return api_refuse_all(task, &errors);
}

enum api_want
api_refuse_text(struct api_task *task, enum err_code code, const char *path,
	const char *format, ...)
{
	char message[sizeof(((struct err *)NULL)->message)];
	struct err e;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	(void)err_set(&e, code, path, "%s", message);
	return api_refuse(task, &e);
}

/* --- answers that the HTTP server makes by itself ------------------------- */

static const struct server_problem {
	int status;
	const char *detail;
} server_problems[] = {
	{400, "this is not a well-formed HTTP/1.1 request"},
	{405, "the method is not one of HTTP's"},
	{408, "the request did not arrive in time"},
	{411, "a body needs a Content-Length header"},
	{413, "the body is larger than 2 MiB"},
	{414, "the request's address is too long"},
	{417, "the Expect header is not understood"},
	{429, "there are too many requests at once; try again"},
	{431, "the request's headers are too large or too many"},
	{500, "something went wrong here; the server's log has more"},
	{501, "this method or Transfer-Encoding is not supported here"},
	{503, "the server cannot take the request now; try again"},
	{505, "the version of HTTP is not supported; use HTTP/1.1"},
};

static enum err_code
code_of(int status)
{
	for (unsigned i = 0; i < ERR_CODE_COUNT; i++)
		if (err_status((enum err_code)i) == status)
			return (enum err_code)i;
	return status < 500 ? ERR_INVALID : ERR_INTERNAL;
}

struct bytes
api_problem_body(struct arena *arena, int status, const char *request_id)
{
	const char *detail = "the request could not be answered";
	struct buf text;
	struct json j;

	for (size_t i = 0; i < COUNT_OF(server_problems); i++)
		if (server_problems[i].status == status)
			detail = server_problems[i].detail;
	buf_init(&text, arena);
	json_init(&j, &text);
	write_start(&j, code_of(status), status, detail);
	/* What was asked for may not even have been readable. */
	json_member_text(
		&j, "instance", arena_format(arena, "urn:uuid:%s", request_id));
	json_member_text(&j, "request_id", request_id);
	json_object_close(&j);
	return buf_bytes(&text);
}
