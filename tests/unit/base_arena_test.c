/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_arena.h"
#include "base/base_buf.h"
#include "unit.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* What stands at ${address} now, also when it was freed. */
static void
look_at(uintptr_t address, char *out, size_t len)
{
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

	assert_true(memory >= 0);
	assert_int_equal(pread(memory, out, len, (off_t)address), (ssize_t)len);
	close(memory);
}

static void
arena_free_wipes_what_was_handed_out(void **state)
{
	static const char secret[] = "wJalrXUtnFEMI/K7MDENG";
	struct arena *arena = arena_new();
	char seen[sizeof(secret)];
	uintptr_t address;

	(void)state;
	arena_alloc(arena, 500);
	address = (uintptr_t)arena_text(arena, secret);
	look_at(address, seen, sizeof(seen));
	assert_string_equal(seen, secret);
	arena_free(arena);
	look_at(address, seen, sizeof(seen));
	assert_memory_not_equal(seen, secret, sizeof(secret));
	assert_null(memchr(seen, 'w', sizeof(seen)));
}

static void
arena_alloc_gives_zeroed_aligned_memory_of_any_size(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 1000, 1023, 1024,
		1025, 4096, 5000, 70000, 1 << 20, 3, 300000};

	/* So that malloc gives no zeroes by luck. */
	(void)mallopt(M_PERTURB, 0x5a);
	for (size_t i = 0; i < 20 * COUNT_OF(sizes); i++) {
		size_t size = sizes[i % COUNT_OF(sizes)];
		unsigned char *at = arena_alloc(*state, size);

		assert_non_null(at);
		assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(at[k], 0);
		if (size > 0)
			memset(at, 0xa5, size);
	}
	(void)mallopt(M_PERTURB, 0);
}

static void
arena_used_counts_what_was_handed_out(void **state)
{
	assert_int_equal(arena_used(*state), 0);
	arena_alloc(*state, 1);
	assert_in_range(arena_used(*state), 1, 64);
	arena_alloc(*state, 100000);
	assert_in_range(arena_used(*state), 100001, 100128);
}

static void
arena_free_takes_null(void **state)
{
	(void)state;
	arena_free(NULL);
}

static void
arena_copies_are_terminated_and_apart(void **state)
{
	char from[] = "abc";
	char *copy = arena_copy(*state, from, 2);
	char *text = arena_text(*state, from);

	from[0] = 'x';
	assert_string_equal(copy, "ab");
	assert_string_equal(text, "abc");
	assert_string_equal(arena_copy(*state, NULL, 0), "");
	assert_null(arena_text(*state, NULL));
	assert_string_equal(
		arena_format(*state, "%s-%03d", text, 7), "abc-007");
}

static void
arena_array_zeroes_all_members(void **state)
{
	long *numbers = arena_array(*state, 100, sizeof(*numbers));

	for (size_t i = 0; i < 100; i++)
		assert_int_equal(numbers[i], 0);
}

/* exit() instead of dying in abort(): a coverage build then keeps its counts
 * of the lines that led there. */
static void
leave(int sig)
{
	(void)sig;
	exit(42);
}

static void
expect_death(void (*act)(struct arena *arena))
{
	int status, null;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		(void)dup2(null, STDERR_FILENO);
		(void)signal(SIGABRT, leave);
		act(arena_new());
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
ask_too_much(struct arena *arena)
{
	arena_alloc(arena, SIZE_MAX - 3);
}

static void
ask_too_many(struct arena *arena)
{
	arena_array(arena, SIZE_MAX / 2 + 1, 2);
}

static void
arena_aborts_when_memory_is_out(void **state)
{
	(void)state;
	expect_death(ask_too_much);
}

static void
arena_array_aborts_on_overflow(void **state)
{
	(void)state;
	expect_death(ask_too_many);
}

static void
buf_grows_and_stays_terminated(void **state)
{
	struct buf b;

	buf_init(&b, *state);
	assert_string_equal(buf_string(&b), "");
	assert_int_equal(buf_bytes(&b).len, 0);
	buf_put(&b, NULL, 0);
	for (size_t i = 0; i < 1000; i++) {
		buf_text(&b, "ab");
		buf_put(&b, "cX", 1);
		buf_format(&b, "%zu,", i % 10);
		assert_int_equal(strlen(buf_string(&b)), 5 * (i + 1));
	}
	assert_memory_equal(buf_bytes(&b).data, "abc0,abc1,", 10);
	assert_int_equal(buf_bytes(&b).len, 5000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(arena_alloc_gives_zeroed_aligned_memory_of_any_size),
		UNIT_TEST(arena_free_wipes_what_was_handed_out),
		UNIT_TEST(arena_used_counts_what_was_handed_out),
		UNIT_TEST(arena_free_takes_null),
		UNIT_TEST(arena_copies_are_terminated_and_apart),
		UNIT_TEST(arena_array_zeroes_all_members),
		UNIT_TEST(arena_aborts_when_memory_is_out),
		UNIT_TEST(arena_array_aborts_on_overflow),
		UNIT_TEST(buf_grows_and_stays_terminated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
