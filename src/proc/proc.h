/* SPDX-License-Identifier: Apache-2.0 */
/* Run one program with a deadline. No shell, ever. */
#ifndef PROC_H
#define PROC_H

#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum proc_verdict { PROC_GO_ON, PROC_TERMINATE, PROC_KILL };

#define PROC_OUTPUT_MAX (1024U * 1024U) /* of each stream; more is dropped */
#define PROC_GRACE_MS 20000U            /* between SIGTERM and SIGKILL */
#define PROC_FDS_MAX 4U

/* Whose rights a program runs with; only root may give others than its own. */
struct proc_account {
	uid_t uid;
	gid_t gid;
};

struct proc_command {
	const char *path; /* absolute */
	char *const *argv;
	char *const *environ;
	const char *folder; /* working directory; the account can enter it */
	const struct proc_account *account; /* NULL: the caller's */
	struct bytes input;                 /* to its standard input */
	unsigned deadline_ms;  /* then SIGTERM, PROC_GRACE_MS, SIGKILL */
	int fds[PROC_FDS_MAX]; /* above 2; kept open under the same numbers */
	unsigned n_fds;
	/* Asked every 250 ms or so while it runs; NULL: always go on. */
	enum proc_verdict (*ask)(void *cookie);
	/* Told once, when it runs; NULL: not told. */
	void (*started)(void *cookie, pid_t pid);
	void *cookie;
};

struct proc_result {
	int status; /* exit code, or 128 + signal */
	bool is_timed_out;
	bool is_stopped;     /* by ask */
	struct bytes output; /* standard output, in the arena */
	struct bytes errors; /* standard error */
	uint64_t cpu_us;     /* user + system */
	uint64_t wall_us;
};

/**
 * Run ${command} in a process group of its own and wait for its end.
 *
 * The child gets only the fds named, default signals, umask 077, and SIGKILL
 * when the calling thread dies (PR_SET_PDEATHSIG), so call it from a thread
 * that lives as long as the process.  When the leader ends the group is
 * killed; what an escaped process writes then is lost.  No core dumps. Thread
 * safe; the process may not ignore SIGCHLD, or wait for children at large. -1
 * with UNAVAILABLE if it could not be started (path and errno in the message).
 */
int proc_run(struct arena *arena, const struct proc_command *command,
	struct proc_result *out, struct err *e);

/** A memfd holding ${content}, close-on-exec, sealed against change; the
 * caller closes it. -1 with UNAVAILABLE. */
int proc_memfd(const char *name, struct bytes content, int *fd, struct err *e);

#endif
