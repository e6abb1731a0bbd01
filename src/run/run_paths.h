/* SPDX-License-Identifier: Apache-2.0 */
/* Where things are below the state folder. Private to room run. */
#ifndef RUN_PATHS_H
#define RUN_PATHS_H

#include "base/base_arena.h"
#include "base/base_err.h"
#include "config/config.h"

#include <stdbool.h>

struct run_paths {
	const char *state;  /* absolute */
	const char *keys;   /* 0700 */
	const char *id;     /* 16 hex digits, made once for this state folder */
	bool is_embedded;   /* no database_url: PostgreSQL is ours */
	const char *socket; /* folder of the embedded PostgreSQL's socket */
	const char *owner;  /* conninfo: migrate, first start */
	const char *api;    /* conninfo of the API */
	const char *apply;  /* conninfo of the applier */
};

/**
 * Find the state folder (config, or the default for this user), make what is
 * missing of it, and work out the rest. -1 with UNAVAILABLE, naming the folder.
 */
int run_paths_open(struct arena *arena, const struct config *config,
	struct run_paths *out, struct err *e);

/** Make folder ${path} with ${mode} unless it is there, and its parents with
 * 0755. -1 with UNAVAILABLE. */
int run_folder(
	struct arena *arena, const char *path, unsigned mode, struct err *e);

/** Write ${text} to ${path} whole, mode 0600. -1 with UNAVAILABLE. */
int run_file(
	struct arena *arena, const char *path, const char *text, struct err *e);

#endif
