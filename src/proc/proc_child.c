/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STATUS_NOT_STARTED 127

static _Noreturn void
give_up(const struct proc_child *child, enum proc_step step)
{
	struct proc_failure failure = {step, errno};

	/* Without a reader there is nobody left to tell. */
	(void)!write(child->report, &failure, sizeof(failure));
	_exit(STATUS_NOT_STARTED);
}

/* Ignored signals outlive an exec, and a handler of the parent must not run
 * here once signals are let in. Asked of the kernel: the C library refuses the
 * two signals of its own, which its posix_spawn leaves ignored in whoever was
 * started by it. All zero is the default action whatever the layout; SIGKILL
 * and SIGSTOP are refused, and need nothing. */
static void
reset_signals(void)
{
	static const unsigned char default_action[64];

	for (int sig = 1; sig < NSIG; sig++)
		(void)syscall(
			SYS_rt_sigaction, sig, default_action, NULL, NSIG / 8);
}

static void
change_account(const struct proc_child *child)
{
	const struct proc_account *account = child->command->account;

	if (account == NULL)
		return;
	if (setgroups(0, NULL) != 0 ||
		setresgid(account->gid, account->gid, account->gid) != 0 ||
		setresuid(account->uid, account->uid, account->uid) != 0)
		give_up(child, PROC_STEP_ACCOUNT);
}

static void
die_with_parent(const struct proc_child *child)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		give_up(child, PROC_STEP_DEATH);
	/* It may have died before that line. */
	if (getppid() != child->parent)
		_exit(STATUS_NOT_STARTED);
}

static void
keep_fds(const struct proc_child *child)
{
	const struct proc_command *command = child->command;

	for (int fd = 0; fd < 3; fd++) {
		if (dup2(child->stdio[fd], fd) == -1)
			give_up(child, PROC_STEP_STDIO);
	}
	/* Not closed at once: the report pipe is needed up to the exec. */
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
		give_up(child, PROC_STEP_CLOSE);
	for (unsigned i = 0; i < command->n_fds; i++) {
		if (fcntl(command->fds[i], F_SETFD, 0) != 0)
			give_up(child, PROC_STEP_KEEP);
	}
}

void
proc_child(const struct proc_child *child)
{
	const struct proc_command *command = child->command;
	const struct rlimit no_core = {0, 0}; /* it would hold secrets */
	sigset_t none;

	if (setpgid(0, 0) != 0)
		give_up(child, PROC_STEP_GROUP);
	/* Before the next line: it clears the parent-death signal. */
	change_account(child);
	die_with_parent(child);
	reset_signals();
	(void)umask(077);
	if (setrlimit(RLIMIT_CORE, &no_core) != 0)
		give_up(child, PROC_STEP_CORE);
	if (chdir(command->folder) != 0)
		give_up(child, PROC_STEP_FOLDER);
	keep_fds(child);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execve(command->path, command->argv, command->environ);
	give_up(child, PROC_STEP_EXEC);
}
