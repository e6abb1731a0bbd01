/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_answer.h"

#include "base/base_time.h"

#include <assert.h>
#include <string.h>

#define JSON_TYPE "application/json"

void
api_header(struct api_task *task, const char *name, const char *value)
{
	struct api_response *response = &task->response;

	assert(response->n_headers < API_HEADERS_MAX);
	response->headers[response->n_headers++] =
		(struct api_header){name, value};
}

void
api_retry_after(struct api_task *task, unsigned seconds)
{
	api_header(task, "retry-after",
		arena_format(task->request.arena, "%u", seconds));
}

/* Almost everything is for one client, at one time. */
static bool
is_cacheable(const struct api_task *task)
{
	return task->route != NULL && (task->route->flags & API_SAME) != 0;
}

enum api_want
api_send(struct api_task *task, int status, const char *content_type,
	struct bytes body)
{
	task->response.status = status;
	task->response.body = body;
	api_header(task, "content-type", content_type);
	api_header(task, "x-content-type-options", "nosniff");
	api_header(task, "x-request-id", task->request_id);
	if (!is_cacheable(task))
		api_header(task, "cache-control", "no-store");
	return API_SEND;
}

struct json *
api_json_open(struct api_task *task, struct api_json *answer)
{
	buf_init(&answer->text, task->request.arena);
	json_init(&answer->json, &answer->text);
	return &answer->json;
}

enum api_want
api_json_send(struct api_task *task, int status, struct api_json *answer)
{
	return api_send(task, status, JSON_TYPE, buf_bytes(&answer->text));
}

enum api_want
api_send_success(struct api_task *task)
{
	struct api_json answer;
	struct json *j = api_json_open(task, &answer);

	json_object_open(j);
	json_member_text(j, "result", "SUCCESS");
	json_object_close(j);
	return api_json_send(task, 200, &answer);
}

const char *
api_time(struct arena *arena, int64_t unix_ms)
{
	char text[TIME_TEXT_SIZE];

	if (unix_ms == 0)
		return NULL;
	time_format(unix_ms, text);
	return arena_text(arena, text);
}
