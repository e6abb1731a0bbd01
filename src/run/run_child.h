/* SPDX-License-Identifier: Apache-2.0 */
/* The supervisor's children: started, watched, started again. Private. */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include "base/base_log.h"
#include "proc/proc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct run_child {
	const char *name;    /* in the log */
	const char *program; /* absolute */
	char **argv;
	const struct proc_account *account; /* NULL: ours */
	int stop_signal;                    /* asks it to end */
	int orphan_signal; /* it gets this when the supervisor dies */
	unsigned stop_ms;  /* then SIGKILL */
	int errors;        /* its standard error; 0: ours */
	pid_t pid;         /* 0: not running */
	unsigned failures; /* ends, in a row, of short lives */
	int64_t started_ms;
	int64_t start_at_ms; /* not before */
};

/** Start it, with our standard output and error. -1 with UNAVAILABLE. */
int run_child_start(struct run_child *child, int64_t now_ms, struct err *e);

/**
 * It ended at ${now_ms}: how long to wait before it is started again, from 0.
 * Not at all, if it lived for 10 seconds or this is its first end since; else
 * its starts are 0.1 s apart at least, and twice as long after each such end,
 * up to 5 s.
 */
int64_t run_child_pause(struct run_child *child, int64_t now_ms);

/** It ended with ${status} (of waitpid): note it and plan the next start. */
void run_child_ended(struct run_child *child, int status, int64_t now_ms,
	const struct log *log);

#endif
