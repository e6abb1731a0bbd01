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
	pid_t leftover; /* of a postmaster before ours; 0: none was there */
};

/**
 * Find the programs, make folders and, once, the cluster (initdb); tell a
 * postmaster that an earlier roasterd left behind to end. -1 with UNAVAILABLE.
 */
int run_postgres_prepare(
	const struct run_shell *shell, struct run_postgres *out, struct err *e);

/** Whether ours may be started: the one before is dead. What it locked is then
 * free, and leftover 0. To be asked again while it says no. */
bool run_postgres_take_over(
	const struct run_shell *shell, struct run_postgres *postgres);

/** argv of the postmaster, in ${arena}. */
char **run_postgres_argv(
	struct arena *arena, const struct run_postgres *postgres);

#endif
