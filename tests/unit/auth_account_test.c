/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"
#include "unit.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void
auth_may_follows_the_table(void **state)
{
	static const struct {
		enum auth_action action;
		bool may[AUTH_ROLE_COUNT]; /* viewer, operator, admin */
	} cases[] = {
		{AUTH_READ, {true, true, true}},
		{AUTH_CHANGE, {false, true, true}},
		{AUTH_OWN_SESSION, {true, true, true}},
		{AUTH_OWN_PASSWORD, {true, true, true}},
		{AUTH_LIST_USERS, {false, false, true}},
		{AUTH_CHANGE_USERS, {false, false, true}},
	};

	(void)state;
	assert_int_equal(COUNT_OF(cases), AUTH_ACTION_COUNT);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(cases[i].action, i);
		for (unsigned role = 0; role < AUTH_ROLE_COUNT; role++)
			assert_int_equal(
				auth_may((enum auth_role)role, cases[i].action),
				cases[i].may[role]);
	}
}

static void
auth_role_parse_is_the_inverse_of_text(void **state)
{
	static const char *const others[] = {
		"", "Admin", "admin ", "root", "operato", "viewers"};
	enum auth_role role;

	(void)state;
	assert_string_equal(auth_role_text(AUTH_VIEWER), "viewer");
	assert_string_equal(auth_role_text(AUTH_OPERATOR), "operator");
	assert_string_equal(auth_role_text(AUTH_ADMIN), "admin");
	for (unsigned i = 0; i < AUTH_ROLE_COUNT; i++) {
		role = AUTH_ROLE_COUNT;
		assert_int_equal(
			auth_role_parse(
				auth_role_text((enum auth_role)i), &role),
			0);
		assert_int_equal(role, i);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_int_equal(auth_role_parse(others[i], &role), -1);
}

#define TEN "abcdefghij"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
auth_name_has_one_spelling(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"admin", "admin"},
		{" \t\r\n\v\fADMIN \n", "admin"},
		{"a", "a"},
		{"7", "7"},
		{"Ann.Lee-2_x@Example.ORG", "ann.lee-2_x@example.org"},
		{HUNDRED, HUNDRED},
		{" " HUNDRED " ", HUNDRED},
	};
	struct err e = {0};
	char *out;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(
			auth_name(*state, unit_bytes(cases[i].in), &out, &e),
			0);
		assert_string_equal(out, cases[i].out);
	}
}

static void
auth_name_refuses_others(void **state)
{
	const struct bytes cases[] = {
		{NULL, 0},
		{"", 0},
		{"   ", 3},
		UNIT_BYTES("a b"),
		UNIT_BYTES("-a"),
		UNIT_BYTES("a-"),
		UNIT_BYTES(".a"),
		UNIT_BYTES("a@"),
		UNIT_BYTES("_"),
		UNIT_BYTES("a/b"),
		UNIT_BYTES("a:b"),
		UNIT_BYTES("a\0b"),
		UNIT_BYTES("a\0"),
		UNIT_BYTES("a\nb"),
		UNIT_BYTES("\xc3\xa4nne"),
		UNIT_BYTES("a\xc3\xa4z"),
		UNIT_BYTES("\xe2\x84\xaa"
			   "elvin"), /* folds to k elsewhere */
		UNIT_BYTES(HUNDRED "x"),
	};
	struct err e;
	char *out;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		e = (struct err){0};
		assert_int_equal(auth_name(*state, cases[i], &out, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.path, "user");
		assert_non_null(strstr(e.message, "1 to 100 characters"));
	}
}

static void
auth_password_check_bounds_length_and_bytes(void **state)
{
	static char text[AUTH_PASSWORD_MAX + 1];
	struct err e = {0};

	(void)state;
	memset(text, 'p', sizeof(text));
	assert_int_equal(auth_password_check((struct bytes){text, 3}, &e), -1);
	assert_int_equal(e.code, ERR_INVALID);
	assert_string_equal(e.path, "password");
	assert_int_equal(auth_password_check((struct bytes){NULL, 0}, &e), -1);
	assert_int_equal(auth_password_check((struct bytes){text, 4}, &e), 0);
	assert_int_equal(auth_password_check(
				 (struct bytes){text, AUTH_PASSWORD_MAX}, &e),
		0);
	assert_int_equal(
		auth_password_check(
			(struct bytes){text, AUTH_PASSWORD_MAX + 1}, &e),
		-1);
	assert_int_equal(
		auth_password_check(UNIT_BYTES("p\xc3\xa4ss w\"rd"), &e), 0);
	assert_int_equal(auth_password_check(UNIT_BYTES("pass\n"), &e), -1);
	assert_non_null(strstr(e.message, "control"));
	assert_int_equal(auth_password_check(UNIT_BYTES("pa\0ss"), &e), -1);
	assert_int_equal(auth_password_check(UNIT_BYTES("pa\x7fss"), &e), -1);
}

static void
auth_password_verify_knows_right_from_wrong(void **state)
{
	char hash[AUTH_HASH_SIZE], again[AUTH_HASH_SIZE];

	(void)state;
	auth_password_hash(UNIT_BYTES("hunter2\0x"), hash);
	auth_password_hash(UNIT_BYTES("hunter2\0x"), again);
	assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
	assert_string_not_equal(hash, again);
	assert_true(auth_password_verify(hash, UNIT_BYTES("hunter2\0x")));
	assert_true(auth_password_verify(again, UNIT_BYTES("hunter2\0x")));
	assert_false(auth_password_verify(hash, UNIT_BYTES("hunter2\0y")));
	assert_false(auth_password_verify(hash, UNIT_BYTES("hunter2")));
	assert_false(auth_password_verify(hash, (struct bytes){NULL, 0}));
	assert_false(auth_password_verify(NULL, UNIT_BYTES("hunter2\0x")));
	assert_false(auth_password_verify("", UNIT_BYTES("hunter2\0x")));
	assert_false(auth_password_verify(
		"$argon2id$v=19$m=65536,t=2,p=1$x", UNIT_BYTES("hunter2")));
}

/* KiB that the verification needs at its peak, in a process of its own. */
static long
memory_of_verify(const char *hash)
{
	struct rusage before, after;
	long used = 0;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)getrusage(RUSAGE_SELF, &before);
		(void)auth_password_verify(hash, UNIT_BYTES("hunter2"));
		(void)getrusage(RUSAGE_SELF, &after);
		used = after.ru_maxrss - before.ru_maxrss;
		_exit(write(fds[1], &used, sizeof(used)) != sizeof(used));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(read(fds[0], &used, sizeof(used)), sizeof(used));
	(void)close(fds[0]);
	(void)close(fds[1]);
	return used;
}

/* The memory is the cost. */
static void
auth_password_of_nobody_costs_the_same(void **state)
{
	char hash[AUTH_HASH_SIZE];
	long somebody, nobody;

	(void)state;
	auth_password_hash(UNIT_BYTES("other"), hash);
	somebody = memory_of_verify(hash);
	nobody = memory_of_verify(NULL);
	assert_in_range(somebody, 60 * 1024, 80 * 1024);
	assert_in_range(nobody, 60 * 1024, 80 * 1024);
	assert_in_range(memory_of_verify(""), 0, 8 * 1024);
}

static void
auth_password_generate_gives_fresh_hex(void **state)
{
	char one[33], two[33];

	(void)state;
	auth_password_generate(one);
	auth_password_generate(two);
	assert_int_equal(strlen(one), 32);
	assert_int_equal(strspn(one, "0123456789abcdef"), 32);
	assert_string_not_equal(one, two);
}

static void
auth_random_fills_all_of_it(void **state)
{
	unsigned char seen[33] = {0}, once[33];

	(void)state;
	for (int i = 0; i < 64; i++) {
		auth_random(once, 32);
		once[32] = 0;
		for (size_t k = 0; k < sizeof(seen); k++)
			seen[k] |= once[k];
	}
	for (size_t k = 0; k < 32; k++)
		assert_int_equal(seen[k], 0xff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auth_may_follows_the_table),
		cmocka_unit_test(auth_role_parse_is_the_inverse_of_text),
		UNIT_TEST(auth_name_has_one_spelling),
		UNIT_TEST(auth_name_refuses_others),
		cmocka_unit_test(auth_password_check_bounds_length_and_bytes),
		cmocka_unit_test(auth_password_verify_knows_right_from_wrong),
		cmocka_unit_test(auth_password_of_nobody_costs_the_same),
		cmocka_unit_test(auth_password_generate_gives_fresh_hex),
		cmocka_unit_test(auth_random_fills_all_of_it),
	};

	auth_init();
	auth_init(); /* twice is harmless */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
