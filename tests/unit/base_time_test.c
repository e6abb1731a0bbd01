/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_time.h"
#include "unit.h"

static const struct time_case {
	int64_t ms;
	const char *text;
} time_cases[] = {
	{0, "1970-01-01T00:00:00.000Z"},
	{-1, "1969-12-31T23:59:59.999Z"},
	{1795281729196, "2026-11-21T17:22:09.196Z"},
	{951782400000, "2000-02-29T00:00:00.000Z"},
	{951868799999, "2000-02-29T23:59:59.999Z"},
	{951868800000, "2000-03-01T00:00:00.000Z"},
	{-2203891200001, "1900-02-28T23:59:59.999Z"},
	{-2203891200000, "1900-03-01T00:00:00.000Z"},
	{-62167219200000, "0000-01-01T00:00:00.000Z"},
	{-62162121600000, "0000-02-29T00:00:00.000Z"},
	{253402300799999, "9999-12-31T23:59:59.999Z"},
};

static void
time_format_and_time_parse_agree(void **state)
{
	char text[TIME_TEXT_SIZE];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(time_cases); i++) {
		time_format(time_cases[i].ms, text);
		assert_string_equal(text, time_cases[i].text);
		assert_int_equal(time_parse(text, &ms), 0);
		assert_true(ms == time_cases[i].ms);
	}
	for (ms = -62167219200000; ms < 253402300799999; ms += 864012345678) {
		int64_t again;

		time_format(ms, text);
		assert_int_equal(time_parse(text, &again), 0);
		assert_true(again == ms);
	}
	time_format(INT64_MIN, text);
	assert_string_equal(text, "0000-01-01T00:00:00.000Z");
	time_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void
time_parse_refuses_other_forms(void **state)
{
	static const char *const bad[] = {"", "2026-11-21",
		"2026-11-21T17:22:09Z", "2026-11-21 17:22:09.196Z",
		"2026-11-21T17:22:09.196z", "2026-02-29T00:00:00.000Z",
		"2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
		"2026-01-00T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
		"2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z",
		"2o26-01-01T00:00:00.000Z", "2026-11-21T17:22:09.196Z ",
		"-026-01-01T00:00:00.000Z",
		"\xff\xff\xff\xff-01-01T00:00:00.000Z"};
	int64_t ms = 5;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(time_parse(bad[i], &ms), -1);
	assert_int_equal(ms, 5);
}

static void
uuid_v7_holds_time_version_and_variant(void **state)
{
	static const unsigned char zero[10] = {0};
	static const unsigned char ones[10] = {
		255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
	static const unsigned char each[10] = {
		0x1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x10, 0x32};
	char text[UUID_TEXT_SIZE];

	(void)state;
	uuid_v7(0, zero, text);
	assert_string_equal(text, "00000000-0000-7000-8000-000000000000");
	uuid_v7(0xffffffffffff, ones, text);
	assert_string_equal(text, "ffffffff-ffff-7fff-bfff-ffffffffffff");
	/* The example of RFC 9562, A.6, has this time. */
	uuid_v7(0x017f22e279b0, each, text);
	assert_string_equal(text, "017f22e2-79b0-7123-8567-89abcdef1032");
	assert_true(uuid_is_valid(text));
}

static void
uuid_is_valid_takes_the_canonical_form_only(void **state)
{
	static const char *const bad[] = {"", "017f22e2",
		"017F22e2-79b0-7123-8567-89abcdef1032",
		"017f22e2079b0-7123-8567-89abcdef1032",
		"017f22e2-79b0-7123-8567-89abcdef103g",
		"017f22e2-79b0-7123-8567-89abcdef10321",
		"{17f22e2-79b0-7123-8567-89abcdef1032"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(uuid_is_valid(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(time_format_and_time_parse_agree),
		UNIT_TEST(time_parse_refuses_other_forms),
		UNIT_TEST(uuid_v7_holds_time_version_and_variant),
		UNIT_TEST(uuid_is_valid_takes_the_canonical_form_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
