/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc.h"

#include "proc/proc_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ASK_EVERY_MS 250U

/* A program that runs, seen from its parent. */
struct run {
	const struct proc_command *command;
	pid_t pid;
	int pidfd;
	int report;                /* what proc_child says; -1 once read */
	struct proc_stream output; /* of the child */
	struct proc_stream errors;
	struct proc_stop stop;
	uint64_t next_ask_ms;
	bool is_failed; /* then failure says why it did not start */
	struct proc_failure failure;
};

static uint64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

static uint64_t
now_ms(void)
{
	return now_us() / 1000U;
}

static uint64_t
time_us(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_usec;
}

static const char *
step_text(enum proc_step step)
{
	static const char *const texts[] = {
#define X(name, text) [PROC_STEP_##name] = text,
		PROC_STEPS(X)
#undef X
	};

	return texts[step];
}

static int
cannot_start(const struct proc_command *command, const char *step, int error,
	struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "", "cannot start %s: %s: %s",
		command->path, step, strerror(error));
}

/* ${*ours} does not block; both are close-on-exec and above 2. */
static int
open_pipe(int *ours, int *childs)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	*ours = ends[0];
	*childs = ends[1];
	if (proc_fd_raise(ours) != 0 || proc_fd_raise(childs) != 0)
		return -1;
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

/* Input is a file in memory and not a pipe: whatever the child does with it,
 * nobody has to feed it and nobody gets SIGPIPE. */
static int
open_fds(struct run *run, struct proc_child *child, struct err *e)
{
	child->stdio[0] = proc_memfd_open("stdin", run->command->input);
	if (child->stdio[0] == -1)
		return cannot_start(run->command, "memfd", errno, e);
	if (open_pipe(&run->output.fd, &child->stdio[1]) != 0 ||
		open_pipe(&run->errors.fd, &child->stdio[2]) != 0 ||
		open_pipe(&run->report, &child->report) != 0)
		return cannot_start(run->command, "pipe", errno, e);
	return 0;
}

/* Signals are blocked meanwhile: no handler of ours may run in the child. */
static int
fork_child(struct run *run, const struct proc_child *child, struct err *e)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	run->pid = fork();
	if (run->pid == 0)
		proc_child(child);
	error = errno;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (run->pid == -1)
		return cannot_start(run->command, "fork", error, e);
	/* Here too, for whoever is first; it fails once the child did exec. */
	(void)setpgid(run->pid, run->pid);
	run->pidfd = pidfd_open(run->pid, 0);
	if (run->pidfd != -1)
		return 0;
	error = errno;
	(void)kill(run->pid, SIGKILL);
	while (waitpid(run->pid, NULL, 0) == -1 && errno == EINTR)
		;
	return cannot_start(run->command, "pidfd_open", error, e);
}

static int
start(struct run *run, struct err *e)
{
	struct proc_child child = {
		.command = run->command,
		.parent = getpid(),
		.stdio = {-1, -1, -1},
		.report = -1,
	};
	int rc = open_fds(run, &child, e);

	if (rc == 0)
		rc = fork_child(run, &child, e);
	for (int i = 0; i < 3; i++)
		proc_fd_close(&child.stdio[i]);
	proc_fd_close(&child.report);
	return rc;
}

/* The pipe ends with the exec, unless a child that another thread forks at
 * this moment holds it a little longer; it is certain once ours ${has_ended}.
 */
static void
read_report(struct run *run, bool has_ended)
{
	const struct proc_command *command = run->command;
	ssize_t n = read(run->report, &run->failure, sizeof(run->failure));

	if (n == -1 && !has_ended)
		return;
	proc_fd_close(&run->report);
	run->is_failed = n == (ssize_t)sizeof(run->failure);
	if (!run->is_failed && command->started != NULL)
		command->started(command->cookie, run->pid);
}

static enum proc_verdict
ask(struct run *run, uint64_t at_ms)
{
	const struct proc_command *command = run->command;

	if (command->ask == NULL || at_ms < run->next_ask_ms)
		return PROC_GO_ON;
	run->next_ask_ms = at_ms + ASK_EVERY_MS;
	return command->ask(command->cookie);
}

static int
patience_ms(const struct run *run, uint64_t at_ms)
{
	uint64_t next = run->stop.due_ms;

	if (run->command->ask != NULL && run->next_ask_ms < next)
		next = run->next_ask_ms;
	if (next <= at_ms)
		return 0;
	return next - at_ms > INT_MAX ? INT_MAX : (int)(next - at_ms);
}

/* Wait for what happens next; true once the leader of the group ended. */
static bool
wait_event(struct run *run, int timeout_ms)
{
	struct pollfd fds[] = {
		{run->pidfd, POLLIN, 0},
		{run->report, POLLIN, 0},
		{run->output.fd, POLLIN, 0},
		{run->errors.fd, POLLIN, 0},
	};
	int n = poll(fds, COUNT_OF(fds), timeout_ms);

	assert(n != -1 || errno == EINTR);
	if (n <= 0)
		return false;
	if (fds[1].revents != 0)
		read_report(run, false);
	if (fds[2].revents != 0)
		(void)proc_stream_read(&run->output);
	if (fds[3].revents != 0)
		(void)proc_stream_read(&run->errors);
	return fds[0].revents != 0;
}

static void
attend(struct run *run)
{
	uint64_t at_ms;
	int sig;

	do {
		at_ms = now_ms();
		sig = proc_stop_signal(&run->stop, at_ms, ask(run, at_ms));
		if (sig != 0)
			(void)kill(-run->pid, sig);
	} while (!wait_event(run, patience_ms(run, at_ms)));
}

/* The leader is a zombie up to wait4: until then its number, which is that of
 * the group, belongs to nobody else. */
static int
finish(struct run *run, struct proc_result *out, struct err *e)
{
	struct rusage usage;
	int status;

	if (run->report != -1)
		read_report(run, true);
	(void)kill(-run->pid, SIGKILL);
	if (wait4(run->pid, &status, 0, &usage) == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "lost the end of %s: %s",
			run->command->path, strerror(errno));
	if (run->is_failed)
		return cannot_start(run->command, step_text(run->failure.step),
			run->failure.error, e);
	proc_stream_drain(&run->output);
	proc_stream_drain(&run->errors);
	out->status = WIFEXITED(status) ? WEXITSTATUS(status)
					: 128 + WTERMSIG(status);
	out->is_timed_out = run->stop.is_timed_out;
	out->is_stopped = run->stop.is_stopped;
	out->output = buf_bytes(&run->output.text);
	out->errors = buf_bytes(&run->errors.text);
	out->cpu_us = time_us(usage.ru_utime) + time_us(usage.ru_stime);
	return 0;
}

static void
check_command(const struct proc_command *command)
{
	assert(command->path[0] == '/');
	assert(command->n_fds <= PROC_FDS_MAX);
	for (unsigned i = 0; i < command->n_fds; i++)
		assert(command->fds[i] > STDERR_FILENO);
}

int
proc_run(struct arena *arena, const struct proc_command *command,
	struct proc_result *out, struct err *e)
{
	uint64_t started_us = now_us();
	struct run run = {
		.command = command,
		.pidfd = -1,
		.report = -1,
		.output = {.fd = -1},
		.errors = {.fd = -1},
		.stop = {.due_ms = started_us / 1000U + command->deadline_ms},
		.next_ask_ms = started_us / 1000U + ASK_EVERY_MS,
	};
	int rc;

	check_command(command);
	*out = (struct proc_result){0};
	buf_init(&run.output.text, arena);
	buf_init(&run.errors.text, arena);
	rc = start(&run, e);
	if (rc == 0) {
		attend(&run);
		rc = finish(&run, out, e);
		out->wall_us = now_us() - started_us;
	}
	proc_fd_close(&run.output.fd);
	proc_fd_close(&run.errors.fd);
	proc_fd_close(&run.report);
	proc_fd_close(&run.pidfd);
	return rc;
}
