/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The programs that the tests of proc run: this very test program, which main
 * turns into a helper when its first argument is "helper".
 */
#ifndef PROC_UNIT_H
#define PROC_UNIT_H

#include "proc/proc.h"
#include "unit.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 120000 /* for what must happen; never waited out */

struct helper {
	const char *name;
	int (*main)(char **args);
};

/* A helper: its input is its output. */
static inline int
help_copy(char **args)
{
	char chunk[4096];
	ssize_t n;

	(void)args;
	while ((n = read(0, chunk, sizeof(chunk))) > 0) {
		if (write(1, chunk, (size_t)n) != n)
			return 1;
	}
	return n == 0 ? 0 : 1;
}

/* The exit status of helper argv[2] with the arguments behind it; -1 if this
 * process is none. */
static inline int
helper_main(int argc, char **argv, const struct helper *helpers, size_t n)
{
	if (argc < 3 || strcmp(argv[1], "helper") != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(argv[2], helpers[i].name) == 0)
			return helpers[i].main(argv + 3);
	}
	return 99;
}

/* A command that runs helper ${name} with ${arg} (NULL: none). */
static inline struct proc_command
helper_command(struct arena *arena, const char *name, const char *arg)
{
	char **argv = arena_array(arena, 5, sizeof(*argv));
	char *path = arena_alloc(arena, PATH_MAX);

	assert_true(readlink("/proc/self/exe", path, PATH_MAX - 1) > 0);
	argv[0] = path;
	argv[1] = arena_text(arena, "helper");
	argv[2] = arena_text(arena, name);
	argv[3] = arena_text(arena, arg);
	return (struct proc_command){
		.path = path,
		.argv = argv,
		.environ = arena_array(arena, 1, sizeof(char *)),
		.folder = "/",
		.deadline_ms = PATIENCE_MS,
	};
}

static inline void
run_well(struct arena *arena, const struct proc_command *command,
	struct proc_result *out)
{
	struct err e = {0};

	if (proc_run(arena, command, out, &e) != 0)
		fail_msg("%s", e.message);
}

static inline void
assert_bytes(struct bytes got, const char *wanted)
{
	assert_int_equal(got.len, strlen(wanted));
	assert_memory_equal(got.data == NULL ? "" : got.data, wanted, got.len);
}

/* Wait until ${fd} has something to read or has ended. */
static inline bool
wait_readable(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, PATIENCE_MS) == 1;
}

/* True if all that held the write end of pipe ${fd} are gone. */
static inline bool
wait_end(int fd)
{
	char c;

	return wait_readable(fd) && read(fd, &c, 1) == 0;
}

static inline void
assert_no_children(void)
{
	siginfo_t info;

	assert_int_equal(
		waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), -1);
}

/* The end of a child of the test itself. */
static inline int
status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

#endif
