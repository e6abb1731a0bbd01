/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_rate.h"
#include "unit.h"

#define NOW_MS INT64_C(1795252812345)

/* How many of ${wanted} requests at once are let through. */
static unsigned
taken(struct api_rate *rate, const char *address, unsigned per_second,
	int64_t now_ms, unsigned wanted)
{
	unsigned out = 0;

	for (unsigned i = 0; i < wanted; i++)
		out += api_rate_take(rate, address, per_second, now_ms);
	return out;
}

static void
api_rate_takes_no_more_than_a_second_gives(void **state)
{
	static const unsigned rates[] = {1, 3, 10, 1000, 100000};

	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		struct api_rate *rate = arena_alloc(*state, sizeof(*rate));
		unsigned n = rates[i];

		assert_int_equal(taken(rate, "192.0.2.1", n, NOW_MS, 2 * n), n);
		assert_int_equal(
			taken(rate, "192.0.2.1", n, NOW_MS + 1000, 2 * n), n);
	}
}

static void
api_rate_gives_back_as_time_goes_by(void **state)
{
	struct api_rate *rate = arena_alloc(*state, sizeof(*rate));

	assert_int_equal(taken(rate, "192.0.2.1", 10, NOW_MS, 20), 10);
	assert_int_equal(taken(rate, "192.0.2.1", 10, NOW_MS + 99, 20), 0);
	assert_int_equal(taken(rate, "192.0.2.1", 10, NOW_MS + 100, 20), 1);
	assert_int_equal(taken(rate, "192.0.2.1", 10, NOW_MS + 400, 20), 3);
	assert_int_equal(taken(rate, "192.0.2.1", 10, NOW_MS + 9000, 20), 10);
}

static void
api_rate_is_of_an_address_or_a_network_of_ipv6(void **state)
{
	static const struct {
		const char *other;
		unsigned left;
	} cases[] = {
		{"2001:db8:1:2::1", 0},
		{"2001:db8:1:2:ffff::9", 0},
		{"2001:db8:1:3::1", 5},
		{"192.0.2.1", 5},
		{"192.0.2.2", 5},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct api_rate *rate = arena_alloc(*state, sizeof(*rate));

		assert_int_equal(
			taken(rate, "2001:db8:1:2::1", 5, NOW_MS, 5), 5);
		assert_int_equal(taken(rate, cases[i].other, 5, NOW_MS, 5),
			cases[i].left);
	}
}

static void
api_rate_forgets_when_the_clock_is_put_back(void **state)
{
	struct api_rate *rate = arena_alloc(*state, sizeof(*rate));

	assert_int_equal(taken(rate, "192.0.2.1", 2, NOW_MS, 3), 2);
	assert_int_equal(taken(rate, "192.0.2.1", 2, NOW_MS - 3600000, 3), 2);
}

static void
api_rate_of_0_is_no_limit(void **state)
{
	struct api_rate *rate = arena_alloc(*state, sizeof(*rate));

	assert_int_equal(taken(rate, "192.0.2.1", 0, NOW_MS, 1000), 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_rate_takes_no_more_than_a_second_gives),
		UNIT_TEST(api_rate_gives_back_as_time_goes_by),
		UNIT_TEST(api_rate_is_of_an_address_or_a_network_of_ipv6),
		UNIT_TEST(api_rate_forgets_when_the_clock_is_put_back),
		UNIT_TEST(api_rate_of_0_is_no_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
