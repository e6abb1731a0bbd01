/* SPDX-License-Identifier: Apache-2.0 */
/* What cannot be started says why, and leaves nothing behind. */
#include "proc_unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define FD_CLOSED 77
#define FDS_SEEN 256

/* --- helpers --- */

static int
help_nothing(char **args)
{
	(void)args;
	return 0;
}

static const struct helper helpers[] = {
	{"nothing", help_nothing},
};

/* --- tests --- */

static unsigned
count_fds(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < FDS_SEEN; fd++)
		n += fcntl(fd, F_GETFD) != -1 ? 1 : 0;
	return n;
}

static void
count_starts(void *cookie, pid_t pid)
{
	(void)pid;
	++*(unsigned *)cookie;
}

static void
refused(struct arena *arena, struct proc_command *command, const char *step,
	int error)
{
	unsigned starts = 0, before = count_fds();
	struct proc_result r;
	struct err e = {0};

	command->started = count_starts;
	command->cookie = &starts;
	assert_int_equal(proc_run(arena, command, &r, &e), -1);
	command->cookie = NULL;
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(
		e.message, arena_format(arena, "cannot start %s: %s: %s",
				   command->path, step, strerror(error)));
	assert_int_equal(starts, 0);
	assert_int_equal(count_fds(), before);
	assert_no_children();
}

static void
proc_run_says_what_cannot_be_executed(void **state)
{
	static const struct {
		const char *path, *folder;
		const char *step;
		int error;
	} cases[] = {
		{"/nonexistent/helm", "/", "execve", ENOENT},
		{"/proc/self/status", "/", "execve", EACCES},
		{"/proc", "/", "execve", EACCES},
		{"/proc/self/status/x", "/", "execve", ENOTDIR},
		{NULL, "/nonexistent", "chdir", ENOENT},
		{NULL, "/proc/self/status", "chdir", ENOTDIR},
	};
	struct proc_command c;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		c = helper_command(*state, "nothing", NULL);
		c.path = cases[i].path != NULL ? cases[i].path : c.path;
		c.folder = cases[i].folder;
		refused(*state, &c, cases[i].step, cases[i].error);
	}
}

static void
proc_run_says_that_a_named_fd_is_closed(void **state)
{
	struct proc_command c = helper_command(*state, "nothing", NULL);

	c.fds[0] = FD_CLOSED;
	c.n_fds = 1;
	refused(*state, &c, "fcntl", EBADF);
}

/* Let system call ${number} fail with ${error} from now on. */
static void
break_call(long number, int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {COUNT_OF(filter), filter};

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* One line of what may go wrong, each in a process of its own. */
static const struct broken {
	const char *step;
	long number;
	int error;
} broken_calls[] = {
	{"memfd", SYS_memfd_create, ENOSYS},
	{"memfd", SYS_pwrite64, ENOSPC},
	{"pipe", SYS_pipe2, EMFILE},
	{"fork", SYS_clone, EAGAIN},
	{"pidfd_open", SYS_pidfd_open, EMFILE},
	{"setpgid", SYS_setpgid, EPERM},
	{"prctl", SYS_prctl, EINVAL},
	{"setrlimit", SYS_prlimit64, EPERM},
	{"chdir", SYS_chdir, EIO},
#ifdef SYS_dup2
	{"dup2", SYS_dup2, EMFILE},
#endif
	{"close_range", SYS_close_range, ENOSYS},
	{"execve", SYS_execve, ENOMEM},
};

static void
refuse_broken(struct arena *arena, const struct broken *broken)
{
	struct proc_command c = helper_command(arena, "nothing", NULL);

	c.input = UNIT_BYTES("input");
	break_call(broken->number, broken->error);
	refused(arena, &c, broken->step, broken->error);
	_exit(0);
}

static void
proc_run_names_the_call_that_failed(void **state)
{
	for (size_t i = 0; i < COUNT_OF(broken_calls); i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			refuse_broken(*state, &broken_calls[i]);
		if (status_of(pid) != 0)
			fail_msg("%s, case %zu", broken_calls[i].step, i);
	}
}

/* With ${spare} fds to have, more than are open now. */
static bool
starts_with(struct arena *arena, unsigned spare)
{
	struct proc_command c = helper_command(arena, "nothing", NULL);
	unsigned before = count_fds();
	struct rlimit limit = {before + spare, FDS_SEEN};
	struct proc_result r;
	struct err e = {0};
	int rc;

	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	rc = proc_run(arena, &c, &r, &e);
	assert_int_equal(count_fds(), before);
	assert_no_children();
	if (rc != 0)
		assert_non_null(strstr(e.message, strerror(EMFILE)));
	return rc == 0;
}

static void
proc_run_leaves_nothing_when_fds_run_out(void **state)
{
	pid_t pid = fork();
	unsigned spare = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		for (int fd = 3; fd < FDS_SEEN; fd++)
			(void)close(fd);
		while (spare < 20 && !starts_with(*state, spare))
			spare++;
		_exit(spare < 6 || spare > 9); /* a memfd, three pipes */
	}
	assert_int_equal(status_of(pid), 0);
}

static void
proc_memfd_says_why_there_is_none(void **state)
{
	struct rlimit before, none;
	struct err e = {0};
	int fd = 7;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){0, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(
		proc_memfd("kubeconfig", UNIT_BYTES("x"), &fd, &e), -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(
		e.message, "cannot make memfd kubeconfig: Too many open files");
	assert_int_equal(fd, -1);
}

/* Its caller broke the contract; there is no status to be had then. */
static void
proc_run_says_that_the_end_was_lost(void **state)
{
	struct proc_command c = helper_command(*state, "nothing", NULL);
	struct proc_result r;
	struct err e = {0};

	(void)signal(SIGCHLD, SIG_IGN);
	assert_int_equal(proc_run(*state, &c, &r, &e), -1);
	(void)signal(SIGCHLD, SIG_DFL);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.message, "lost the end of /"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_says_what_cannot_be_executed),
		UNIT_TEST(proc_run_says_that_a_named_fd_is_closed),
		UNIT_TEST(proc_run_names_the_call_that_failed),
		UNIT_TEST(proc_run_leaves_nothing_when_fds_run_out),
		UNIT_TEST(proc_memfd_says_why_there_is_none),
		UNIT_TEST(proc_run_says_that_the_end_was_lost),
	};
	int status = helper_main(argc, argv, helpers, COUNT_OF(helpers));

	return status != -1 ? status
			    : cmocka_run_group_tests(tests, NULL, NULL);
}
