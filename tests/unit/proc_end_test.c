/* SPDX-License-Identifier: Apache-2.0 */
/* How a child ends: deadline, ask, its group. */
#include "proc_world.h"

/* --- helpers: each says its pid on the fd that it is given --- */

/* Two that are polite; the leader waits for the other one. */
static int
help_polite_family(char **args)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		return help_polite(args);
	(void)signal(SIGTERM, SIG_IGN);
	(void)waitpid(pid, &status, 0);
	return WEXITSTATUS(status) + 1;
}

/* The leader ends when the other one holds its output, too. */
static int
leave_behind(void (*other)(void), const char *fd)
{
	int ends[2];
	char c;

	if (pipe(ends) != 0)
		return 1;
	if (fork() == 0) {
		(void)close(ends[0]);
		if (other != hold)
			(void)setsid();
		tell_pid(fd);
		(void)close(ends[1]);
		other();
	}
	(void)close(ends[1]);
	(void)!read(ends[0], &c, 1);
	(void)!write(1, "last words", 10);
	return 3;
}

static int
help_family(char **args)
{
	return leave_behind(hold, args[0]);
}

static void
hold_apart(void)
{
	hold();
}

static int
help_escape(char **args)
{
	return leave_behind(hold_apart, args[0]);
}

static void
flood(void)
{
	static const char block[65536];

	for (;;)
		(void)!write(1, block, sizeof(block));
}

static int
help_escape_flood(char **args)
{
	return leave_behind(flood, args[0]);
}

static const struct helper helpers[] = {
	{"hold", help_hold},
	{"stubborn", help_stubborn},
	{"polite", help_polite},
	{"polite-family", help_polite_family},
	{"family", help_family},
	{"escape", help_escape},
	{"escape-flood", help_escape_flood},
};

/* --- tests --- */

static void
proc_run_terminates_at_the_deadline(void **state)
{
	static const unsigned deadlines[] = {0, 1, 60};
	struct world *w;

	for (size_t i = 0; i < COUNT_OF(deadlines); i++) {
		pid_t pid;

		w = world_new(*state, "hold");
		w->command.deadline_ms = deadlines[i];
		world_run(w, NULL);
		assert_int_equal(w->result.status, 128 + SIGTERM);
		assert_true(w->result.is_timed_out);
		assert_false(w->result.is_stopped);
		(void)!read(w->from, &pid, sizeof(pid)); /* it may be late */
		(void)close(w->from);
	}
}

static void
proc_run_terminates_when_asked(void **state)
{
	static const enum proc_verdict verdicts[] = {
		PROC_GO_ON, PROC_TERMINATE, PROC_GO_ON, PROC_GO_ON};
	struct world *w = world_new(*state, "hold");

	world_run(w, verdicts);
	assert_int_equal(w->result.status, 128 + SIGTERM);
	assert_true(w->result.is_stopped);
	assert_false(w->result.is_timed_out);
	assert_int_equal(w->told_pid, w->pid);
	assert_all_gone(w);
}

static void
proc_run_gives_the_status_of_a_child_that_cleans_up(void **state)
{
	static const enum proc_verdict verdicts[] = {
		PROC_TERMINATE, PROC_GO_ON, PROC_GO_ON};
	struct world *w = world_new(*state, "polite");

	world_run(w, verdicts);
	assert_int_equal(w->result.status, EXIT_ON_TERM);
	assert_true(w->result.is_stopped);
	assert_int_equal(read_pid(w), w->pid); /* its handler ran */
	assert_all_gone(w);
}

static void
proc_run_terminates_the_whole_group(void **state)
{
	static const enum proc_verdict verdicts[] = {
		PROC_TERMINATE, PROC_GO_ON, PROC_GO_ON};
	struct world *w = world_new(*state, "polite-family");

	world_run(w, verdicts);
	assert_int_equal(w->result.status, EXIT_ON_TERM + 1);
	assert_int_not_equal(w->pid, w->told_pid); /* of the other one */
	assert_int_equal(read_pid(w), w->pid);
	assert_all_gone(w);
}

static void
proc_run_kills_who_ignores_termination(void **state)
{
	static const enum proc_verdict verdicts[] = {
		PROC_TERMINATE, PROC_GO_ON, PROC_KILL, PROC_GO_ON};
	struct world *w = world_new(*state, "stubborn");

	world_run(w, verdicts);
	assert_in_range(w->asked, 3, 4); /* it outlived the first two */
	assert_int_equal(w->result.status, 128 + SIGKILL);
	assert_true(w->result.is_stopped);
	assert_all_gone(w);
}

static void
proc_run_kills_the_group_when_its_leader_ended(void **state)
{
	struct world *w = world_new(*state, "family");

	world_run(w, NULL);
	assert_int_equal(w->result.status, 3);
	assert_bytes(w->result.output, "last words");
	assert_int_not_equal(read_pid(w), w->told_pid);
	assert_all_gone(w);
}

/* It holds the output open for ever; that must hold up nobody. */
static void
proc_run_does_not_wait_for_an_escaped_process(void **state)
{
	struct world *w = world_new(*state, "escape");

	world_run(w, NULL);
	assert_int_equal(w->result.status, 3);
	assert_bytes(w->result.output, "last words");
	assert_int_equal(kill(read_pid(w), SIGKILL), 0);
	assert_all_gone(w);
}

static void
proc_run_does_not_drain_an_escaped_process_for_ever(void **state)
{
	struct world *w = world_new(*state, "escape-flood");

	world_run(w, NULL);
	assert_int_equal(w->result.status, 3);
	assert_int_not_equal(read_pid(w), 0);
	assert_all_gone(w); /* by SIGPIPE */
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_terminates_at_the_deadline),
		UNIT_TEST(proc_run_terminates_when_asked),
		UNIT_TEST(proc_run_gives_the_status_of_a_child_that_cleans_up),
		UNIT_TEST(proc_run_terminates_the_whole_group),
		UNIT_TEST(proc_run_kills_who_ignores_termination),
		UNIT_TEST(proc_run_kills_the_group_when_its_leader_ended),
		UNIT_TEST(proc_run_does_not_wait_for_an_escaped_process),
		UNIT_TEST(proc_run_does_not_drain_an_escaped_process_for_ever),
	};
	int status = helper_main(argc, argv, helpers, COUNT_OF(helpers));

	return status != -1 ? status
			    : cmocka_run_group_tests(tests, NULL, NULL);
}
