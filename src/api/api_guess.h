/* SPDX-License-Identifier: Apache-2.0 */
/* A password somebody gives: verified at equal cost, counted if wrong. */
#ifndef API_GUESS_H
#define API_GUESS_H

#include "api/api_task.h"

struct api_guess {
	/* Filled by the caller; memory of the request's arena. */
	char *account;
	struct bytes password;
	api_step *on_right, *on_wrong;
	/* Filled by api_guess_begin. */
	const char *hash; /* the right password's, NULL: no such account */
	bool is_locked;
};

/** Verify ${guess}, which must live as long as the task. A wrong one is stored
 * before on_wrong answers; a locked account is answered here with 429. */
enum api_want api_guess_begin(struct api_task *task, struct api_guess *guess);

/** 429 for a locked account or address. */
enum api_want api_guess_refuse_locked(struct api_task *task);

#endif
