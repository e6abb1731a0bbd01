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
	api_step *on_unlocked; /* only for api_guess_look_again */
	/* Filled by api_guess_begin. */
	const char *hash; /* the right password's, NULL: no such account */
	bool is_locked;
};

/** Verify ${guess}, which must live as long as the task. A wrong one is stored
 * before on_wrong answers; a locked account is answered here with 429. Many may
 * be verified at the same time: on_right has to look again, see below, or call
 * a function of the database that does. */
enum api_want api_guess_begin(struct api_task *task, struct api_guess *guess);

/** An on_right: 429 if others locked the account meanwhile, else on_unlocked.
 * Nothing that depends on the password may be done before. */
enum api_want api_guess_look_again(struct api_task *task);

/** An on_failure of what looks again: 429 if it found the account locked. */
enum api_want api_guess_not_stored(struct api_task *task, const struct err *e);

/** Wrong passwords from one address that lock it. */
int64_t api_guess_address_limit(const struct config *config);

#endif
