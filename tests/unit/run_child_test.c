/* SPDX-License-Identifier: Apache-2.0 */
/* When the supervisor starts again what ended. */
#include "run/run_child.h"
#include "unit.h"

/* It starts when it may, and lives for ${life_ms}; the pause after that. */
static int64_t
live(struct run_child *child, int64_t life_ms)
{
	int64_t now_ms;

	child->started_ms = child->start_at_ms;
	now_ms = child->started_ms + life_ms;
	child->start_at_ms = now_ms + run_child_pause(child, now_ms);
	return child->start_at_ms - now_ms;
}

static void
a_child_that_ends_once_is_started_at_once(void **state)
{
	struct run_child child = {.start_at_ms = 1000};

	(void)state;
	assert_int_equal(live(&child, 0), 0);
}

static void
a_child_that_cannot_live_is_started_ever_more_seldom(void **state)
{
	static const int64_t pauses[] = {
		0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000};
	struct run_child child = {.start_at_ms = 1000};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pauses); i++)
		assert_int_equal(live(&child, 0), pauses[i]);
}

static void
a_child_that_outlived_its_pause_is_started_at_once(void **state)
{
	struct run_child child = {.start_at_ms = 1000};

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(live(&child, 1000), 0);
	/* The sixth may not begin within 1.6 s of the fifth. */
	assert_int_equal(live(&child, 1000), 600);
	assert_int_equal(live(&child, 3500), 0);
	assert_int_equal(live(&child, 4999), 1);
	assert_int_equal(live(&child, 5000), 0);
}

static void
a_child_that_lived_well_has_nothing_to_make_good(void **state)
{
	struct run_child child = {.start_at_ms = 1000};

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		(void)live(&child, 0);
	assert_int_equal(live(&child, 9999), 0);
	assert_int_equal(live(&child, 0), 5000);
	assert_int_equal(live(&child, 10000), 0);
	assert_int_equal(live(&child, 0), 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(a_child_that_ends_once_is_started_at_once),
		UNIT_TEST(a_child_that_cannot_live_is_started_ever_more_seldom),
		UNIT_TEST(a_child_that_outlived_its_pause_is_started_at_once),
		UNIT_TEST(a_child_that_lived_well_has_nothing_to_make_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
