/* SPDX-License-Identifier: Apache-2.0 */
/* What has to be true before anybody serves. Private to room run. */
#ifndef RUN_FIRST_H
#define RUN_FIRST_H

#include "run/run_shell.h"

/** Keys in the state folder; schema up to date; with the embedded database
 * also its roles and the file state/conninfo. -1 with the step's error. */
int run_first_prepare(const struct run_shell *shell, struct err *e);

/** Make the first admin if there is none, and print its password: the one line
 * on standard output that ever holds it. -1 with UNAVAILABLE. */
int run_first_admin(const struct run_shell *shell, struct err *e);

/** A new random password for ${name}, printed to standard output. -1 with
 * NOT_FOUND or UNAVAILABLE. */
int run_first_reset(
	const struct run_shell *shell, const char *name, struct err *e);

#endif
