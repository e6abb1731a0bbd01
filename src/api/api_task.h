/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room know of a request between two steps. */
#ifndef API_TASK_H
#define API_TASK_H

#include "api/api_route.h"
#include "base/base_text.h"
#include "state/state.h"

typedef enum api_want api_on_rows(
	struct api_task *task, const struct db_reply *reply);
typedef enum api_want api_step(struct api_task *task);

struct api_progress {
	struct api_target target;
	struct text_form fields;  /* of query string and body: api_fields.h */
	bool is_json;             /* the body was JSON */
	struct err_list *refused; /* API_READ: why nothing is asked for */
	bool is_token_sent;       /* be it good or bad */
	/* The state in which what is asked for is refused; NULL: none is in
	 * the way. */
	const enum state *refusing;
	unsigned char token[AUTH_DIGEST_BYTES];
	const char *account; /* who is asking; NULL: not known (yet) */
	enum auth_role role;
	unsigned n_calls;
	struct db_call calls[DB_CALLS_MAX];
	/* What comes next; a failure without on_failure is a problem. */
	api_on_rows *on_rows;
	api_step *on_password;
	enum api_want (*on_failure)(struct api_task *task, const struct err *e);
	struct api_waiting *waiting; /* api_wait.h */
	struct api_guess *guess;     /* api_guess.h */
	void *own;                   /* of the route's functions */
};

/** Add a call of ${query} to what api_read or api_write sends; ${values} are
 * copied. */
void api_call(struct api_task *task, enum db_query query,
	const struct db_value *values);

/** Send what was added. ${next} is called with rows only: any other outcome
 * goes to on_failure. */
enum api_want api_read(struct api_task *task, api_on_rows *next);
enum api_want api_write(struct api_task *task, api_on_rows *next);

/** api_write that wakes the appliers behind the commit. */
enum api_want api_write_waking(struct api_task *task, api_on_rows *next);

enum api_want api_hash(
	struct api_task *task, struct bytes password, api_step *next);

/** ${hash} NULL: nobody's, but as costly. */
enum api_want api_verify(struct api_task *task, const char *hash,
	struct bytes password, api_step *next);

/** The four values that the functions which write begin with: token, roles
 * that may do ${action}, address, request id. */
#define API_ACTING 4U
void api_acting(struct api_task *task, enum auth_action action,
	struct db_value values[API_ACTING]);

/** Problem, log line or counter, as a failed reply deserves. */
void api_reply_error(
	struct api_task *task, const struct db_reply *reply, struct err *e);

/** Count one login; ${result} of enum api_login_result. */
enum api_login_result {
	API_LOGIN_ACCEPTED,
	API_LOGIN_REFUSED,
	API_LOGIN_LOCKED,
	API_LOGIN_BUSY,
	API_LOGIN_RESULTS
};
void api_count_login(struct api_task *task, enum api_login_result result);

/** Milliseconds as RFC 3339 text in ${arena}; NULL for 0. */
const char *api_time(struct arena *arena, int64_t unix_ms);

#endif
