/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef PROC_INTERNAL_H
#define PROC_INTERNAL_H

#include "base/base_buf.h"
#include "proc/proc.h"

/* --- the child --- */

/* clang-format off */
/* What the child does between fork and exec, as messages name it. */
#define PROC_STEPS(X)             \
	X(GROUP,   "setpgid")     \
	X(ACCOUNT, "setuid")      \
	X(DEATH,   "prctl")       \
	X(CORE,    "setrlimit")   \
	X(FOLDER,  "chdir")       \
	X(STDIO,   "dup2")        \
	X(CLOSE,   "close_range") \
	X(KEEP,    "fcntl")       \
	X(EXEC,    "execve")
/* clang-format on */

enum proc_step {
#define X(name, text) PROC_STEP_##name,
	PROC_STEPS(X)
#undef X
		PROC_STEP_COUNT
};

/* Why the program did not start; the child writes one to its report pipe. */
struct proc_failure {
	enum proc_step step;
	int error; /* errno */
};

/* All that the child needs, made before the fork. */
struct proc_child {
	const struct proc_command *command;
	pid_t parent;
	int stdio[3]; /* each above 2 */
	int report;   /* close-on-exec: a proc_failure, or end of file */
};

/** Become the program. Runs in a fork of a process with threads, with all
 * signals blocked: only async-signal-safe calls. */
_Noreturn void proc_child(const struct proc_child *child);

/* --- when to end it --- */

struct proc_stop {
	uint64_t due_ms; /* of the next signal, on the caller's clock */
	int sent;        /* 0, SIGTERM or SIGKILL */
	bool is_timed_out;
	bool is_stopped;
};

/** The signal to send at ${now_ms}, 0 for none: what ${verdict} asks for, or
 * what is due. Pure. */
int proc_stop_signal(
	struct proc_stop *stop, uint64_t now_ms, enum proc_verdict verdict);

/* --- its output --- */

struct proc_stream {
	int fd; /* not blocking; -1 after its end */
	struct buf text;
};

/** Read once; keep what is below PROC_OUTPUT_MAX. True if there was any. */
bool proc_stream_read(struct proc_stream *stream);

/** Read what is there by now, at most as much as a pipe can hold. */
void proc_stream_drain(struct proc_stream *stream);

/* --- fds --- */

/** Move ${*fd} above standard error if it is not, so that dup2 in a child
 * cannot hit it; -1 with errno. Close-on-exec. */
int proc_fd_raise(int *fd);

/** proc_memfd, but gives the fd, or -1 with errno. */
int proc_memfd_open(const char *name, struct bytes content);

void proc_fd_close(int *fd); /* -1 is legal; ${*fd} becomes -1 */

#endif
