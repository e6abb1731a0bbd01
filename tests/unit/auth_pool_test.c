/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 10);
}

/* Through many fillings, the ends of which ten bytes do not meet. */
static void
auth_pool_take_gives_no_bytes_twice(void **state)
{
	enum { COUNT = 997 };
	unsigned char(*taken)[10] = arena_array(*state, COUNT, 10);
	unsigned char odd[7];
	struct auth_pool pool = {.left = 0};

	for (unsigned i = 0; i < COUNT; i++) {
		auth_pool_take(&pool, taken[i], sizeof(taken[i]));
		auth_pool_take(&pool, odd, i % sizeof(odd));
	}
	qsort(taken, COUNT, sizeof(taken[0]), by_bytes);
	for (unsigned i = 1; i < COUNT; i++)
		assert_memory_not_equal(taken[i - 1], taken[i], 10);
}

static void
auth_pool_take_asks_the_kernel_when_it_is_empty(void **state)
{
	struct auth_pool pool = {.left = 0};
	unsigned char byte, all[sizeof(pool.bytes)];

	(void)state;
	auth_pool_take(&pool, &byte, 1);
	assert_int_equal(pool.left, sizeof(pool.bytes) - 1);
	auth_pool_take(&pool, &byte, 1);
	assert_int_equal(pool.left, sizeof(pool.bytes) - 2);
	auth_pool_take(&pool, all, sizeof(all));
	assert_int_equal(pool.left, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(auth_pool_take_gives_no_bytes_twice),
		UNIT_TEST(auth_pool_take_asks_the_kernel_when_it_is_empty),
	};

	auth_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
