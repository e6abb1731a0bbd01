/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_count.h"
#include "api/api_task.h"

/* A probe that went well is no news: some ask each second, and a line is a
 * fifth of what its answer costs. */
static enum log_level
level_of(const struct api_task *task)
{
	const struct api_route *route = task->route;

	if (task->response.status >= 500)
		return LOG_LEVEL_WARN;
	if (route != NULL && (route->flags & API_FREE) != 0 &&
		task->response.status < 400)
		return LOG_LEVEL_DEBUG;
	return LOG_LEVEL_INFO;
}

/* Only the template of the path: the rest is whatever a client made up. */
void
api_end(struct api_task *task, uint64_t duration_us)
{
	int status = task->response.status;

	api_count_answer(task->context->metrics, api_route_number(task->route),
		status, duration_us);
	LOG_EVENT(task->context->log, level_of(task), "request",
		LOG_TEXT("method", task->request.method),
		LOG_TEXT("route",
			task->route == NULL ? NULL : task->route->template),
		LOG_INT("status", status),
		LOG_INT("ms", (int64_t)(duration_us / 1000)),
		LOG_TEXT("request_id", task->request_id),
		LOG_TEXT("account", task->progress->account));
}
