/* SPDX-License-Identifier: Apache-2.0 */
/* `roasterd run`: parent of PostgreSQL, api and apply. Private. */
#ifndef RUN_SUPERVISE_H
#define RUN_SUPERVISE_H

#include "run/run_shell.h"

/** Start all, keep all running, and end all on SIGTERM or SIGINT. Returns the
 * exit code of the process. */
int run_supervise(struct run_shell *shell);

#endif
