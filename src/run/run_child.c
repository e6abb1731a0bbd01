/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_child.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GAP_MIN_MS 100
#define GAP_SHIFT_MAX 6U
#define GAP_MAX_MS 5000
#define GOOD_LIFE_MS 10000
#define STATUS_NOT_STARTED 127

static void
change_account(const struct proc_account *account)
{
	if (account == NULL)
		return;
	if (setgroups(0, NULL) == -1 ||
		setresgid(account->gid, account->gid, account->gid) == -1 ||
		setresuid(account->uid, account->uid, account->uid) == -1)
		_exit(STATUS_NOT_STARTED);
}

static _Noreturn void
become(const struct run_child *child, pid_t parent)
{
	sigset_t none;

	if (child->errors != 0 && dup2(child->errors, STDERR_FILENO) == -1)
		_exit(STATUS_NOT_STARTED);
	/* A group of its own: a Ctrl-C at the terminal is the supervisor's. */
	(void)setpgid(0, 0);
	change_account(child->account);
	(void)prctl(PR_SET_PDEATHSIG, child->orphan_signal);
	if (getppid() != parent)
		_exit(STATUS_NOT_STARTED);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execv(child->program, child->argv);
	_exit(STATUS_NOT_STARTED);
}

int
run_child_start(struct run_child *child, int64_t now_ms, struct err *e)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot start %s: %s",
			child->name, strerror(errno));
	if (pid == 0)
		become(child, parent);
	child->pid = pid;
	child->started_ms = now_ms;
	return 0;
}

int64_t
run_child_pause(struct run_child *child, int64_t now_ms)
{
	int64_t life_ms = now_ms - child->started_ms;
	int64_t gap_ms = 0;

	if (life_ms >= GOOD_LIFE_MS)
		child->failures = 0;
	if (child->failures > 0) {
		unsigned shift = child->failures - 1;

		gap_ms = shift >= GAP_SHIFT_MAX ? GAP_MAX_MS
						: (int64_t)GAP_MIN_MS << shift;
	}
	child->failures++;
	return gap_ms > life_ms ? gap_ms - life_ms : 0;
}

void
run_child_ended(struct run_child *child, int status, int64_t now_ms,
	const struct log *log)
{
	int64_t pause_ms = run_child_pause(child, now_ms);

	LOG_EVENT(log, LOG_LEVEL_WARN, "child_ended",
		LOG_TEXT("child", child->name), LOG_INT("pid", child->pid),
		LOG_INT("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
		LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		LOG_INT("again_in_ms", pause_ms));
	child->pid = 0;
	child->start_at_ms = now_ms + pause_ms;
}
