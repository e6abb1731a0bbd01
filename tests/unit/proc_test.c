/* SPDX-License-Identifier: Apache-2.0 */
/* What a child gets, and what comes back from it. */
#include "proc_unit.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define MIB (1024U * 1024U)
#define BURST 60000U /* fits in a pipe */

/* --- helpers --- */

static int
help_exit(char **args)
{
	(void)!write(1, "out", 3);
	(void)!write(2, "errors", 6);
	return atoi(args[0]);
}

static int
help_raise(char **args)
{
	return raise(atoi(args[0]));
}

/* How many bytes of input there are. */
static int
help_count(char **args)
{
	static char chunk[65536];
	size_t total = 0;
	ssize_t n;

	(void)args;
	while ((n = read(0, chunk, sizeof(chunk))) > 0)
		total += (size_t)n;
	(void)printf("%zu", total);
	return fflush(stdout);
}

static int
help_flood(char **args)
{
	static char block[65536];

	(void)args;
	memset(block, 'o', sizeof(block));
	for (int i = 0; i < 48; i++) {
		if (write(1, block, sizeof(block)) != sizeof(block) ||
			write(2, block, sizeof(block)) != sizeof(block))
			return 1;
	}
	return 0;
}

/* More than is read at once, and then it is gone. */
static int
help_burst(char **args)
{
	static char block[BURST];

	(void)args;
	memset(block, 'b', sizeof(block));
	return write(1, block, sizeof(block)) == sizeof(block) ? 0 : 1;
}

/* Gives its outputs away and works on. */
static int
help_close(char **args)
{
	char c;

	(void)close(1);
	(void)close(2);
	(void)!read(atoi(args[0]), &c, 1);
	return 7;
}

static void
print_signals(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "SigIgn:", 7) == 0 ||
			strncmp(line, "SigBlk:", 7) == 0 ||
			strncmp(line, "SigPnd:", 7) == 0)
			(void)fputs(line, stdout);
	}
	if (f != NULL)
		(void)fclose(f);
}

static int
help_state(char **args)
{
	char folder[PATH_MAX];
	struct rlimit core;
	int death = 0;

	(void)prctl(PR_GET_PDEATHSIG, &death);
	(void)getrlimit(RLIMIT_CORE, &core);
	(void)printf("arg=%s\n", args[0]);
	for (char **env = environ; *env != NULL; env++)
		(void)printf("env=%s\n", *env);
	(void)printf("folder=%s\numask=%03o\n", getcwd(folder, sizeof(folder)),
		(unsigned)umask(0));
	(void)printf("leader=%d death=%d core=%lu/%lu\n", getpgrp() == getpid(),
		death, (unsigned long)core.rlim_cur,
		(unsigned long)core.rlim_max);
	print_signals();
	return fflush(stdout);
}

static const struct helper helpers[] = {
	{"exit", help_exit},
	{"raise", help_raise},
	{"copy", help_copy},
	{"count", help_count},
	{"flood", help_flood},
	{"burst", help_burst},
	{"close", help_close},
	{"state", help_state},
};

/* --- tests --- */

static void
proc_run_gives_status_output_and_errors(void **state)
{
	static const struct {
		const char *helper, *arg;
		int status;
		const char *output, *errors;
	} cases[] = {
		{"exit", "0", 0, "out", "errors"},
		{"exit", "3", 3, "out", "errors"},
		{"exit", "255", 255, "out", "errors"},
		{"raise", "9", 137, "", ""},
		{"raise", "15", 143, "", ""},
	};
	struct proc_result r;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct proc_command c =
			helper_command(*state, cases[i].helper, cases[i].arg);

		run_well(*state, &c, &r);
		assert_int_equal(r.status, cases[i].status);
		assert_bytes(r.output, cases[i].output);
		assert_bytes(r.errors, cases[i].errors);
		assert_false(r.is_timed_out);
		assert_false(r.is_stopped);
		assert_true(r.cpu_us > 0);
		assert_true(r.wall_us > 0);
	}
	assert_no_children();
}

static void
proc_run_feeds_all_of_the_input(void **state)
{
	static const size_t sizes[] = {0, 1, 4096, 65537, MIB, 5 * MIB};
	struct proc_command c = helper_command(*state, "count", NULL);
	struct proc_result r;
	char *data = arena_alloc(*state, 5 * MIB);

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		c.input = (struct bytes){data, sizes[i]};
		run_well(*state, &c, &r);
		assert_int_equal(r.status, 0);
		assert_bytes(r.output, arena_format(*state, "%zu", sizes[i]));
	}
	c = helper_command(*state, "copy", NULL);
	c.input = UNIT_BYTES("values\0and more");
	run_well(*state, &c, &r);
	assert_int_equal(r.output.len, c.input.len);
	assert_memory_equal(r.output.data, c.input.data, c.input.len);
}

/* SIGPIPE has its default action here: it would end this test. */
static void
proc_run_bears_a_child_that_does_not_read(void **state)
{
	struct proc_command c = helper_command(*state, "exit", "4");
	struct proc_result r;

	c.input = (struct bytes){arena_alloc(*state, 5 * MIB), 5 * MIB};
	run_well(*state, &c, &r);
	assert_int_equal(r.status, 4);
}

static void
proc_run_drops_output_beyond_the_limit(void **state)
{
	struct proc_command c = helper_command(*state, "flood", NULL);
	struct proc_result r;

	run_well(*state, &c, &r);
	assert_int_equal(r.status, 0); /* it could write all of it */
	assert_int_equal(r.output.len, PROC_OUTPUT_MAX);
	assert_int_equal(r.errors.len, PROC_OUTPUT_MAX);
	for (size_t i = 0; i < PROC_OUTPUT_MAX; i++)
		assert_int_equal(r.output.data[i], 'o');
}

static void
proc_run_keeps_what_was_written_just_before_the_end(void **state)
{
	struct proc_command c = helper_command(*state, "burst", NULL);
	struct proc_result r;

	for (int i = 0; i < 20; i++) {
		run_well(*state, &c, &r);
		assert_int_equal(r.status, 0);
		assert_int_equal(r.output.len, BURST);
	}
}

/* Told by ask, which comes only while the child still runs. */
static enum proc_verdict
let_it_end(void *cookie)
{
	(void)!write(*(int *)cookie, "", 1);
	return PROC_GO_ON;
}

static void
proc_run_waits_for_a_child_without_outputs(void **state)
{
	struct proc_command c;
	struct proc_result r;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	c = helper_command(
		*state, "close", arena_format(*state, "%d", ends[0]));
	c.fds[c.n_fds++] = ends[0];
	c.ask = let_it_end;
	c.cookie = &ends[1];
	run_well(*state, &c, &r);
	assert_int_equal(r.status, 7);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
proc_run_makes_the_world_of_the_child(void **state)
{
	char home[] = "HOME=/nonexistent", other[] = "A=b=c";
	char *environment[] = {home, other, NULL};
	struct proc_command c = helper_command(*state, "state", "a 'b' $c;d");
	struct proc_result r;
	sigset_t blocked, after;

	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGUSR1);
	(void)sigaddset(&blocked, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, NULL), 0);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	c.environ = environment;
	c.folder = "/proc";
	run_well(*state, &c, &r);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &after), 0);
	assert_true(sigismember(&after, SIGUSR1));
	assert_false(sigismember(&after, SIGUSR2));
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &blocked, NULL), 0);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);
	assert_int_equal(r.status, 0);
	assert_bytes(r.output, "arg=a 'b' $c;d\n"
			       "env=HOME=/nonexistent\nenv=A=b=c\n"
			       "folder=/proc\numask=077\n"
			       "leader=1 death=9 core=0/0\n"
			       "SigPnd:\t0000000000000000\n"
			       "SigBlk:\t0000000000000000\n"
			       "SigIgn:\t0000000000000000\n");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_gives_status_output_and_errors),
		UNIT_TEST(proc_run_feeds_all_of_the_input),
		UNIT_TEST(proc_run_bears_a_child_that_does_not_read),
		UNIT_TEST(proc_run_drops_output_beyond_the_limit),
		UNIT_TEST(proc_run_keeps_what_was_written_just_before_the_end),
		UNIT_TEST(proc_run_waits_for_a_child_without_outputs),
		UNIT_TEST(proc_run_makes_the_world_of_the_child),
	};
	int status = helper_main(argc, argv, helpers, COUNT_OF(helpers));

	return status != -1 ? status
			    : cmocka_run_group_tests(tests, NULL, NULL);
}
