/* SPDX-License-Identifier: Apache-2.0 */
/* Responses: headers, JSON bodies, problems (RFC 9457). */
#ifndef API_ANSWER_H
#define API_ANSWER_H

#include "api/api_task.h"
#include "base/base_json.h"

/** Add a header; at most API_HEADERS_MAX with the four of every answer. What is
 * in ${value} was checked, or made here: it holds no end of a line. */
void api_header(struct api_task *task, const char *name, const char *value);

/** A Retry-After header. */
void api_retry_after(struct api_task *task, unsigned seconds);

/** The whole answer. ${body} lives as long as the task. API_SEND. */
enum api_want api_send(struct api_task *task, int status,
	const char *content_type, struct bytes body);

/** A JSON answer in the making: open it, write members, send it. */
struct api_json {
	struct buf text;
	struct json json;
};

struct json *api_json_open(struct api_task *task, struct api_json *answer);
enum api_want api_json_send(
	struct api_task *task, int status, struct api_json *answer);

/** {"result":"SUCCESS"} */
enum api_want api_send_success(struct api_task *task);

/** Answer with ${e} as a problem. */
enum api_want api_refuse(struct api_task *task, const struct err *e);

/** Answer with all of ${errors} (at least one) in one problem. */
enum api_want api_refuse_all(
	struct api_task *task, const struct err_list *errors);

/** Answer with a problem made here; arguments as of err_set. */
enum api_want api_refuse_text(struct api_task *task, enum err_code code,
	const char *path, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Where it is said what the codes mean. */
#define API_ERRORS_PATH "/docs/errors"

/** What ${code} is called: "Bad Request". */
const char *api_title(enum err_code code);

/** All codes with cause and cure, as a table of Markdown. */
void api_errors_table(struct buf *out);

#endif
