/* SPDX-License-Identifier: Apache-2.0 */
/* Programs with the rights of another account; most of it needs root. */
#include "proc_unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/pidfd.h>

static const struct proc_account nobody = {.uid = 65534, .gid = 65533};

/* Not a helper: the folder of this program may be closed to others. */
static struct proc_command
command_of(struct arena *arena, const char *path, const char *arg)
{
	struct proc_command c = helper_command(arena, "none", NULL);
	char **argv = arena_array(arena, 3, sizeof(*argv));

	argv[0] = arena_text(arena, path);
	argv[1] = arena_text(arena, arg);
	c.path = path;
	c.argv = argv;
	c.account = &nobody;
	return c;
}

static void
need_root(void)
{
	if (geteuid() != 0)
		skip();
}

static void
proc_run_takes_all_rights_of_the_caller_away(void **state)
{
	struct proc_command c =
		command_of(*state, "/bin/cat", "/proc/self/status");
	struct proc_result r;
	const gid_t group = 65532;
	const char *text;

	need_root();
	assert_int_equal(setgroups(1, &group), 0);
	run_well(*state, &c, &r);
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(r.status, 0);
	text = arena_copy(*state, r.output.data, r.output.len);
	assert_non_null(strstr(text, "\nUid:\t65534\t65534\t65534\t65534\n"));
	assert_non_null(strstr(text, "\nGid:\t65533\t65533\t65533\t65533\n"));
	assert_non_null(strstr(text, "\nGroups:\t \n"));
	assert_non_null(strstr(text, "\nCapEff:\t0000000000000000\n"));
}

static void
run_as_nobody(struct arena *arena)
{
	struct proc_command c = command_of(arena, "/bin/cat", NULL);
	const struct proc_account root = {0, 0};
	struct proc_result r;
	struct err e = {0};

	if (geteuid() == 0 &&
		(setgroups(0, NULL) != 0 || setgid(nobody.gid) != 0 ||
			setuid(nobody.uid) != 0))
		_exit(2);
	c.account = &root;
	if (proc_run(arena, &c, &r, &e) != -1)
		_exit(3);
	_exit(strcmp(e.message, "cannot start /bin/cat: setuid: "
				"Operation not permitted") != 0);
}

static void
proc_run_gives_nobody_rights_it_has_not(void **state)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		run_as_nobody(*state);
	assert_int_equal(status_of(pid), 0);
}

static void
tell_pid(void *cookie, pid_t pid)
{
	(void)!write(*(int *)cookie, &pid, sizeof(pid));
}

/* Changing the account clears the parent-death signal if it is set before. */
static void
proc_run_lets_no_child_of_another_account_outlive_it(void **state)
{
	struct proc_command c = command_of(*state, "/bin/sleep", "600");
	struct proc_result r;
	struct err e;
	int ends[2], pidfd;
	pid_t parent, pid = 0;

	need_root();
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	c.started = tell_pid;
	c.cookie = &ends[1];
	parent = fork();
	assert_true(parent >= 0);
	if (parent == 0) {
		(void)proc_run(*state, &c, &r, &e);
		_exit(0);
	}
	assert_int_equal(read(ends[0], &pid, sizeof(pid)), sizeof(pid));
	pidfd = pidfd_open(pid, 0);
	assert_true(pidfd >= 0);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(status_of(parent), SIGKILL);
	assert_true(wait_readable(pidfd));
	(void)close(pidfd);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_takes_all_rights_of_the_caller_away),
		UNIT_TEST(proc_run_gives_nobody_rights_it_has_not),
		UNIT_TEST(proc_run_lets_no_child_of_another_account_outlive_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
