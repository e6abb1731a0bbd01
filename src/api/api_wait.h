/* SPDX-License-Identifier: Apache-2.0 */
/* Accepted operations: hold the answer until they ended, then say how. */
#ifndef API_WAIT_H
#define API_WAIT_H

#include "api/api_answer.h"
#include "db/db_row.h"

struct api_waiting {
	size_t count;
	struct db_operation *items; /* as they were last seen */
	bool is_accepted;           /* something changed: 202 until it ended */
	int64_t until_ms;           /* unix time; 0: do not wait */
	bool is_over;               /* ask once more, then answer */
	/* Not asked to wait: hold only until an applier has looked. */
	bool is_glance;
	/* Answer with what the items say now. */
	api_step *answer;
};

/** Fill progress->waiting's until_ms from "?wait=" or a Prefer header, of which
 * the first counts. -1 with INVALID. */
int api_wait_read(struct api_task *task, struct err *e);

/** Hold, if nobody asked to wait, until an applier that is there has looked at
 * the new component, GLANCE_MS at most: it may find a name taken. */
void api_wait_glance(struct api_task *task);

/** The first item that failed as somebody else has a name of it; NULL: none. */
const struct db_operation *api_wait_taken(const struct api_task *task);

/** Hold until all items of task->progress->waiting ended, then answer. */
enum api_want api_wait_begin(struct api_task *task);

/** Whether ${operation} will not change any more. */
bool api_operation_is_ended(const struct db_operation *operation);

/** 200 or 202, with Retry-After, for what the items say. */
int api_wait_status(struct api_task *task);

/** "SUCCESS", or "FAILED", "SUPERSEDED", "CANCELLED" if that was waited for;
 * with the cause of the first failure. */
void api_wait_result(const struct api_task *task, struct json *j);

/** One operation as v1 answers show it. */
void api_operation_write(const struct db_operation *operation, struct json *j);

#endif
