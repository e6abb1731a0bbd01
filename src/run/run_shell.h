/* SPDX-License-Identifier: Apache-2.0 */
/* What every subcommand begins with. Private to room run. */
#ifndef RUN_SHELL_H
#define RUN_SHELL_H

#include "base/base_log.h"
#include "run/run_paths.h"

struct run_shell {
	struct arena *arena; /* as long as the process */
	struct config config;
	struct run_paths paths;
	struct log log;
	const char *config_file; /* NULL: none */
};

/**
 * Load the configuration (--config=FILE, $ROASTER_CONFIG, or
 * /etc/roaster/roaster.conf if it is there) and open the paths. -1 with
 * INVALID or UNAVAILABLE.
 */
int run_shell_open(struct run_shell *shell, const char *process,
	const char *config_file, struct err *e);

/** "0.1.0 (abc)" */
const char *run_version(void);

/** The program ${name} in PATH, absolute; NULL if it is not there. */
const char *run_find(struct arena *arena, const char *name);

#endif
