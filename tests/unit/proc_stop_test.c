/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"
#include "unit.h"

#include <signal.h>

#define DUE 1000U
#define GRACE PROC_GRACE_MS

struct step {
	uint64_t now_ms;
	enum proc_verdict verdict;
	int wanted;
};

static void
play(struct proc_stop *stop, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(proc_stop_signal(stop, steps[i].now_ms,
					 steps[i].verdict),
			steps[i].wanted);
}

static void
proc_stop_follows_the_deadline_then_the_grace(void **state)
{
	static const struct step steps[] = {
		{0, PROC_GO_ON, 0},
		{DUE - 1, PROC_GO_ON, 0},
		{DUE + 3, PROC_GO_ON, SIGTERM},
		{DUE + 3, PROC_GO_ON, 0},
		{DUE + 4, PROC_TERMINATE, 0}, /* it has been told */
		{DUE + 2 + GRACE, PROC_GO_ON, 0},
		{DUE + 3 + GRACE, PROC_GO_ON, SIGKILL},
		{DUE + 9 * GRACE, PROC_GO_ON, 0},
		{DUE + 9 * GRACE, PROC_KILL, 0},
	};
	struct proc_stop stop = {.due_ms = DUE};

	(void)state;
	play(&stop, steps, COUNT_OF(steps));
	assert_true(stop.is_timed_out);
	assert_false(stop.is_stopped);
}

static void
proc_stop_follows_what_is_asked(void **state)
{
	static const struct step steps[] = {
		{5, PROC_TERMINATE, SIGTERM},
		{6, PROC_TERMINATE, 0},
		{DUE, PROC_GO_ON, 0}, /* the grace counts from the signal */
		{4 + GRACE, PROC_GO_ON, 0},
		{5 + GRACE, PROC_GO_ON, SIGKILL},
	};
	struct proc_stop stop = {.due_ms = DUE};

	(void)state;
	play(&stop, steps, COUNT_OF(steps));
	assert_true(stop.is_stopped);
	assert_false(stop.is_timed_out);
}

static void
proc_stop_kills_at_once_when_asked(void **state)
{
	static const struct step steps[] = {
		{5, PROC_KILL, SIGKILL}, {6, PROC_KILL, 0}};
	static const struct step late[] = {{DUE, PROC_GO_ON, SIGTERM},
		{DUE + 1, PROC_KILL, SIGKILL}, {DUE + 2, PROC_TERMINATE, 0}};
	struct proc_stop stop = {.due_ms = DUE}, other = {.due_ms = DUE};

	(void)state;
	play(&stop, steps, COUNT_OF(steps));
	assert_true(stop.is_stopped);
	assert_false(stop.is_timed_out);
	play(&other, late, COUNT_OF(late));
	assert_true(other.is_stopped);
	assert_true(other.is_timed_out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proc_stop_follows_the_deadline_then_the_grace),
		cmocka_unit_test(proc_stop_follows_what_is_asked),
		cmocka_unit_test(proc_stop_kills_at_once_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
