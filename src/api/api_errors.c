/* SPDX-License-Identifier: Apache-2.0 */
/* What each problem is called, where it comes from and what cures it: one
 * table for the answers, for docs/api.md and for GET /docs/errors, where the
 * "type" of a problem leads. */
#include "api/api_answer.h"
#include "api/api_routes.h"

#define MARKDOWN_TYPE "text/markdown; charset=utf-8"

struct api_error {
	const char *title, *cause, *cure;
};

/* clang-format off */
static const struct api_error table[ERR_CODE_COUNT] = {
	[ERR_NONE] = {"OK", "", ""},
	[ERR_INVALID] = {"Bad Request",
		"A field, the YAML or the request itself is not what it has "
		"to be",
		"`errors` has each place that is wrong: cure them all, and "
		"send it again"},
	[ERR_UNAUTHENTICATED] = {"Unauthorized",
		"No token was sent, or one that is not valid (any more); or "
		"user and password do not fit",
		"Log in with `POST /v1/login`, and send the token as "
		"`Authorization: Bearer <token>`"},
	[ERR_FORBIDDEN] = {"Forbidden",
		"The user's role may not do this, or `old_password` is wrong",
		"Let somebody do it whose role may: the table of routes has "
		"the least one"},
	[ERR_NOT_FOUND] = {"Not Found",
		"There is nothing at this path, or nothing of this name",
		"Compare the path with the table of routes, the name with "
		"the list of its kind"},
	[ERR_METHOD] = {"Method Not Allowed",
		"The path takes other methods",
		"Take one of the header `Allow`"},
	[ERR_CONFLICT] = {"Conflict",
		"Somebody else holds a name that is needed, a user of that "
		"name exists, or the state of the component is in the way",
		"Do what `detail` says; where there is a `state`, `allowed` "
		"has what may be asked for in it"},
	[ERR_LENGTH] = {"Length Required",
		"It was not said how long the body is",
		"Send the header `Content-Length`, 0 if there is no body"},
	[ERR_STALE] = {"Precondition Failed",
		"It was changed since it was read",
		"Read it again, and decide anew"},
	[ERR_TOO_LARGE] = {"Content Too Large",
		"The body is larger than is taken",
		"Send less: a body has at most 2 MiB, a YAML 1 MiB"},
	[ERR_URI_TOO_LONG] = {"URI Too Long",
		"Path and query string are longer than is taken",
		"Send the fields in the body"},
	[ERR_MEDIA_TYPE] = {"Unsupported Media Type",
		"The body is neither a form nor JSON, or does not say so",
		"Send `Content-Type: application/x-www-form-urlencoded` or "
		"`application/json`"},
	[ERR_MISMATCH] = {"Unprocessable Content",
		"An idempotency key came again with another request",
		"Take a new key"},
	[ERR_TOO_MANY] = {"Too Many Requests",
		"Too many wrong passwords, or too much at once",
		"Wait as many seconds as `Retry-After` says"},
	[ERR_HEADERS] = {"Request Header Fields Too Large",
		"The headers are too many or too long",
		"Send fewer"},
	[ERR_INTERNAL] = {"Internal Server Error",
		"Something went wrong in roaster; nothing was stored",
		"Tell who runs it the `request_id`: its log has more"},
	[ERR_NOT_IMPLEMENTED] = {"Not Implemented",
		"The method or a `Transfer-Encoding` is not supported",
		"Send a plain body with `Content-Length`"},
	[ERR_UNAVAILABLE] = {"Service Unavailable",
		"The database is away or busy, or the server is stopping",
		"Send it again after `Retry-After` seconds; if `detail` says "
		"that a write may have been stored, look first"},
};
/* clang-format on */

const char *
api_title(enum err_code code)
{
	return table[code].title;
}

void
api_errors_table(struct buf *out)
{
	buf_text(out, "| status | title | `code` | cause | cure |\n"
		      "|---|---|---|---|---|\n");
	for (unsigned i = ERR_NONE + 1; i < ERR_CODE_COUNT; i++) {
		enum err_code code = (enum err_code)i;

		buf_format(out, "| %d | %s | `%s` | %s | %s |\n",
			err_status(code), table[i].title, err_word(code),
			table[i].cause, table[i].cure);
	}
}

/* A heading for each, so that the fragment of a type finds it. */
enum api_want
api_errors(struct api_task *task)
{
	struct buf out;

	buf_init(&out, task->request.arena);
	buf_text(&out, "# Errors\n\nAn answer with a status from 400 is a "
		       "problem (RFC 9457); its `code` is one of these.\n");
	for (unsigned i = ERR_NONE + 1; i < ERR_CODE_COUNT; i++) {
		enum err_code code = (enum err_code)i;

		buf_format(&out, "\n## %s\n\n%d %s. %s.\n\n%s.\n",
			err_word(code), err_status(code), table[i].title,
			table[i].cause, table[i].cure);
	}
	return api_send(task, 200, MARKDOWN_TYPE, buf_bytes(&out));
}
