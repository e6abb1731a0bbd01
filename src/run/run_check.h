/* SPDX-License-Identifier: Apache-2.0 */
/* `roasterd check`: what is missing here. Private to room run. */
#ifndef RUN_CHECK_H
#define RUN_CHECK_H

#include "run/run_shell.h"

/** Print a line for each thing roasterd needs, with the cure where it is
 * missing. Returns the exit code: 0 if nothing is missing. */
int run_check(struct run_shell *shell);

#endif
