/* SPDX-License-Identifier: Apache-2.0 */
/* No child without its parent. */
#include "proc/proc_internal.h"
#include "proc_world.h"

#include <sys/pidfd.h>

static const struct helper helpers[] = {
	{"stubborn", help_stubborn},
	{"polite", help_polite},
};

/* kill -9 of the process that called proc_run. */
static void
proc_run_lets_no_child_outlive_its_parent(void **state)
{
	struct world *w = world_new(*state, "stubborn");
	int pidfd;
	pid_t parent = fork();

	assert_true(parent >= 0);
	if (parent == 0) {
		struct err e;

		(void)proc_run(w->arena, &w->command, &w->result, &e);
		_exit(0);
	}
	(void)close(w->to);
	pidfd = pidfd_open(read_pid(w), 0);
	assert_true(pidfd >= 0);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(status_of(parent), SIGKILL);
	assert_true(wait_readable(pidfd));
	assert_all_gone(w);
	(void)close(pidfd);
}

/* The parent died before the child could ask for the signal: another one is
 * its parent then. */
static int
status_with_parent(struct world *w, bool is_right)
{
	int report[2];
	pid_t pid;

	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct proc_child child = {
			.command = &w->command,
			.parent = is_right ? getppid() : getpid(),
			.stdio = {w->to, w->to, w->to},
			.report = report[1],
		};

		proc_child(&child);
	}
	(void)close(report[1]);
	assert_true(wait_end(report[0]));
	(void)close(report[0]);
	if (is_right)
		(void)kill(read_pid(w), SIGTERM);
	return status_of(pid);
}

static void
proc_child_does_not_start_without_its_parent(void **state)
{
	struct world *w = world_new(*state, "polite");

	assert_int_equal(
		WEXITSTATUS(status_with_parent(w, true)), EXIT_ON_TERM);
	assert_int_equal(WEXITSTATUS(status_with_parent(w, false)), 127);
	(void)close(w->to);
	(void)read_pid(w); /* of the first one's handler */
	assert_all_gone(w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_lets_no_child_outlive_its_parent),
		UNIT_TEST(proc_child_does_not_start_without_its_parent),
	};
	int status = helper_main(argc, argv, helpers, COUNT_OF(helpers));

	return status != -1 ? status
			    : cmocka_run_group_tests(tests, NULL, NULL);
}
