/* SPDX-License-Identifier: Apache-2.0 */
/* `roasterd apply`. Private to room run. */
#ifndef RUN_APPLY_H
#define RUN_APPLY_H

#include "run/run_shell.h"

/** Be an applier until SIGTERM or SIGINT. Returns the exit code. */
int run_apply(struct run_shell *shell);

#endif
