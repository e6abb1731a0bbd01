/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers that hold a pipe open as long as they live, and how they are run. */
#ifndef PROC_WORLD_H
#define PROC_WORLD_H

#include "proc_unit.h"

#include <fcntl.h>

#define EXIT_ON_TERM 5

/* --- helpers: each says its pid on the fd that it is given --- */

static int told_fd; /* for the signal handler of a helper */

static inline void
tell_pid(const char *fd)
{
	pid_t pid = getpid();

	told_fd = atoi(fd);
	/* Nothing outlives a broken test, nor ends in time to please it. */
	(void)alarm(2 * PATIENCE_MS / 1000);
	(void)!write(told_fd, &pid, sizeof(pid));
}

static inline _Noreturn void
hold(void)
{
	for (;;)
		(void)pause();
}

static inline int
help_hold(char **args)
{
	tell_pid(args[0]);
	hold();
}

static inline int
help_stubborn(char **args)
{
	(void)signal(SIGTERM, SIG_IGN);
	tell_pid(args[0]);
	hold();
}

static inline void
leave(int sig)
{
	pid_t pid = getpid();

	(void)sig;
	(void)!write(told_fd, &pid, sizeof(pid));
	_exit(EXIT_ON_TERM);
}

static inline int
help_polite(char **args)
{
	(void)signal(SIGTERM, leave);
	tell_pid(args[0]);
	hold();
}

/* --- fixture: a helper with a pipe that its processes hold open --- */

struct world {
	struct arena *arena;
	struct proc_command command;
	struct proc_result result;
	int from;  /* the helpers' pids come here */
	int to;    /* the helpers' end */
	pid_t pid; /* the first that was read */
	unsigned asked;
	unsigned told; /* by started */
	pid_t told_pid;
	const enum proc_verdict *verdicts; /* once it is ready, one a time */
};

static inline pid_t
read_pid(const struct world *w)
{
	pid_t pid = 0;

	assert_true(wait_readable(w->from));
	assert_int_equal(read(w->from, &pid, sizeof(pid)), sizeof(pid));
	return pid;
}

static inline void
note_start(void *cookie, pid_t pid)
{
	struct world *w = cookie;

	w->told++;
	w->told_pid = pid;
}

static inline enum proc_verdict
next_verdict(void *cookie)
{
	struct world *w = cookie;

	if (w->pid == 0)
		w->pid = read_pid(w);
	return w->verdicts[w->asked++];
}

static inline struct world *
world_new(struct arena *arena, const char *helper)
{
	struct world *w = arena_alloc(arena, sizeof(*w));
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	w->arena = arena;
	w->from = ends[0];
	w->to = ends[1];
	w->command =
		helper_command(arena, helper, arena_format(arena, "%d", w->to));
	w->command.fds[0] = w->to;
	w->command.n_fds = 1;
	w->command.started = note_start;
	w->command.cookie = w;
	return w;
}

/* Our end of the helpers' side is closed, so that theirs is the last. */
static inline void
world_run(struct world *w, const enum proc_verdict *verdicts)
{
	w->verdicts = verdicts;
	w->command.ask = verdicts == NULL ? NULL : next_verdict;
	run_well(w->arena, &w->command, &w->result);
	(void)close(w->to);
	assert_int_equal(w->told, 1);
	assert_no_children();
}

static inline void
assert_all_gone(struct world *w)
{
	assert_true(wait_end(w->from));
	(void)close(w->from);
}

#endif
