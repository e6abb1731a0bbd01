/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The embedded PostgreSQL: a private cluster on a unix socket below the state
 * folder. The only implementation; dev/ uses it through roasterd.
 */
#ifndef RUN_POSTGRES_H
#define RUN_POSTGRES_H

#include "proc/proc.h"
#include "run/run_shell.h"

struct run_postgres {
	const char *program;                /* postgres */
	const char *data;                   /* PGDATA */
	const char *socket;                 /* folder */
	const struct proc_account *account; /* NULL: ours */
};

/**
 * Find the programs, make folders and, once, the cluster (initdb); stop a
 * postmaster that an earlier roasterd left behind. -1 with UNAVAILABLE.
 */
int run_postgres_prepare(
	const struct run_shell *shell, struct run_postgres *out, struct err *e);

/** argv of the postmaster, in ${arena}. */
char **run_postgres_argv(
	struct arena *arena, const struct run_postgres *postgres);

#endif
