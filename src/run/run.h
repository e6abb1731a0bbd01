/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subcommands, configuration, the supervisor and its private PostgreSQL. The
 * one place where processes of roasterd begin.
 */
#ifndef RUN_H
#define RUN_H

#include "config/config.h"

#include <stdbool.h>

/* What the api process got from its subcommand. */
struct run_api {
	const struct config *config;
	const char *conninfo; /* of PostgreSQL, role roaster_api if embedded */
	const char *keys_dir;
	const char *config_file; /* NULL: none */
};

/**
 * Carry out the subcommand of ${argv}: run (default), apply, migrate,
 * reset-password USER, check, version, help. Does not return for these: the
 * process exits with 0, 1 (failed) or 2 (usage).  For `api` it fills ${out}
 * (memory of the process) and returns: the caller is Kore's parent.
 */
void run_main(int argc, char **argv, struct run_api *out);

/**
 * Read ${config_file} (NULL: none) and the environment; strings of ${out} are
 * in ${arena}. -1 with INVALID, or UNAVAILABLE if it cannot be read.
 */
int run_config_read(struct arena *arena, const char *config_file,
	struct config *out, struct err *e);

#endif
