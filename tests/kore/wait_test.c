/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_wait.h"

#include "base/base_text.h"
#include "unit.h"

#define FOREVER UINT64_MAX

struct person {
	struct handlers_waiter waiter; /* first */
	struct handlers_wait *wait;
	unsigned woken, over;
	bool holds_again;
};

static void
on_ended(struct handlers_waiter *waiter, enum handlers_wait_end why)
{
	struct person *p = (void *)waiter;

	if (why == HANDLERS_WAIT_OVER)
		p->over++;
	else
		p->woken++;
	if (p->holds_again)
		assert_int_equal(handlers_wait_hold(p->wait, waiter,
					 waiter->component, FOREVER, 0),
			0);
}

static struct handlers_wait *
wait_new(void **state, unsigned max)
{
	struct handlers_wait *wait =
		arena_alloc((struct arena *)*state, sizeof(*wait));

	handlers_wait_init(wait, max, on_ended);
	return wait;
}

static int
hold(struct handlers_wait *wait, struct person *p, const char *component,
	uint64_t over_ms, uint64_t now_ms)
{
	p->wait = wait;
	return handlers_wait_hold(wait, &p->waiter, component, over_ms, now_ms);
}

static void
wait_notify_wakes_all_of_one_component_only(void **state)
{
	struct handlers_wait *wait = wait_new(state, 8);
	struct person a = {.woken = 0}, b = a, other = a;

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	assert_int_equal(hold(wait, &b, "hive", FOREVER, 0), 0);
	assert_int_equal(hold(wait, &other, "trino", FOREVER, 0), 0);
	handlers_wait_notify(wait, "hive");
	assert_int_equal(a.woken, 1);
	assert_int_equal(b.woken, 1);
	assert_int_equal(other.woken, 0);
	assert_int_equal(wait->count, 1);
	handlers_wait_notify(wait, "hive");
	assert_int_equal(a.woken, 1);
}

/* Another name that falls into the bucket of ${name}. */
static const char *
neighbour_of(struct arena *arena, const char *name)
{
	const uint64_t bucket = text_fnv1a(unit_bytes(name));
	const char *other = name;

	for (unsigned i = 0; other == name; i++) {
		const char *candidate = arena_format(arena, "c%u", i);

		if ((text_fnv1a(unit_bytes(candidate)) - bucket) %
				HANDLERS_WAIT_BUCKETS ==
			0)
			other = candidate;
	}
	return other;
}

static void
wait_notify_spares_the_neighbours_in_a_bucket(void **state)
{
	struct handlers_wait *wait = wait_new(state, 8);
	struct person a = {.woken = 0}, other = a;

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	assert_int_equal(
		hold(wait, &other, neighbour_of(*state, "hive"), FOREVER, 0),
		0);
	handlers_wait_notify(wait, "hive");
	assert_int_equal(a.woken, 1);
	assert_int_equal(other.woken, 0);
}

static void
wait_notify_without_a_name_wakes_everybody(void **state)
{
	struct handlers_wait *wait = wait_new(state, 100);
	struct person people[100] = {{.woken = 0}};

	for (size_t i = 0; i < COUNT_OF(people); i++)
		assert_int_equal(
			hold(wait, &people[i], arena_format(*state, "c%zu", i),
				FOREVER, 0),
			0);
	handlers_wait_notify(wait, NULL);
	for (size_t i = 0; i < COUNT_OF(people); i++)
		assert_int_equal(people[i].woken, 1);
	assert_int_equal(wait->count, 0);
}

static void
wait_ends_when_its_time_is_over(void **state)
{
	struct handlers_wait *wait = wait_new(state, 1);
	struct person a = {.woken = 0};

	assert_int_equal(hold(wait, &a, "hive", 500, 0), 0);
	handlers_wait_tick(wait, 499);
	assert_int_equal(a.over, 0);
	handlers_wait_tick(wait, 500);
	assert_int_equal(a.over, 1);
	assert_int_equal(a.woken, 0);
}

static void
wait_asks_again_after_two_seconds(void **state)
{
	struct handlers_wait *wait = wait_new(state, 1);
	struct person a = {.woken = 0};

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 1000), 0);
	handlers_wait_tick(wait, 2999);
	assert_int_equal(a.woken, 0);
	handlers_wait_tick(wait, 3000);
	assert_int_equal(a.woken, 1);
}

static void
wait_refuses_one_too_many(void **state)
{
	struct handlers_wait *wait = wait_new(state, 1);
	struct person a = {.woken = 0}, b = a;

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	assert_int_equal(hold(wait, &b, "hive", FOREVER, 0), -1);
	handlers_wait_drop(wait, &a.waiter);
	assert_int_equal(hold(wait, &b, "hive", FOREVER, 0), 0);
}

static void
wait_can_be_held_again_while_it_is_woken(void **state)
{
	struct handlers_wait *wait = wait_new(state, 2);
	struct person a = {.holds_again = true}, b = a;

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	assert_int_equal(hold(wait, &b, "hive", FOREVER, 0), 0);
	handlers_wait_notify(wait, "hive");
	assert_int_equal(a.woken, 1);
	assert_int_equal(b.woken, 1);
	assert_int_equal(wait->count, 2);
}

static void
wait_asks_at_once_if_it_missed_a_move(void **state)
{
	struct handlers_wait *wait = wait_new(state, 1);
	struct person a = {.woken = 0};

	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	handlers_wait_notify(wait, "hive"); /* now it asks … */
	handlers_wait_notify(wait, "hive"); /* … and this it did not see */
	assert_int_equal(hold(wait, &a, "hive", FOREVER, 100), 0);
	handlers_wait_tick(wait, 100);
	assert_int_equal(a.woken, 2);
	assert_int_equal(hold(wait, &a, "hive", FOREVER, 100), 0);
	handlers_wait_tick(wait, 200);
	assert_int_equal(a.woken, 2);
}

static void
wait_close_ends_all_and_takes_nobody(void **state)
{
	struct handlers_wait *wait = wait_new(state, 8);
	struct person a = {.woken = 0}, b = a;

	assert_int_equal(hold(wait, &a, "hive", FOREVER - 1, 0), 0);
	assert_int_equal(hold(wait, &b, "trino", 10, 0), 0);
	handlers_wait_close(wait);
	assert_int_equal(a.over, 1);
	assert_int_equal(b.over, 1);
	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), -1);
}

static void
wait_drop_says_nothing(void **state)
{
	struct handlers_wait *wait = wait_new(state, 8);
	struct person a = {.woken = 0};

	handlers_wait_drop(wait, &a.waiter);
	assert_int_equal(hold(wait, &a, "hive", FOREVER, 0), 0);
	handlers_wait_drop(wait, &a.waiter);
	handlers_wait_drop(wait, &a.waiter);
	handlers_wait_notify(wait, "hive");
	handlers_wait_close(wait);
	assert_int_equal(a.woken + a.over, 0);
	assert_int_equal(wait->count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(wait_notify_wakes_all_of_one_component_only),
		UNIT_TEST(wait_notify_spares_the_neighbours_in_a_bucket),
		UNIT_TEST(wait_notify_without_a_name_wakes_everybody),
		UNIT_TEST(wait_ends_when_its_time_is_over),
		UNIT_TEST(wait_asks_again_after_two_seconds),
		UNIT_TEST(wait_refuses_one_too_many),
		UNIT_TEST(wait_can_be_held_again_while_it_is_woken),
		UNIT_TEST(wait_asks_at_once_if_it_missed_a_move),
		UNIT_TEST(wait_close_ends_all_and_takes_nobody),
		UNIT_TEST(wait_drop_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
