/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_text.h"
#include "unit.h"

static const struct base64_case {
	const char *in;
	const char *out;   /* NULL: refused */
	const char *cause; /* a part of the message */
} base64_cases[] = {
	{"", ""},
	{"YQ==", "a"},
	{"YQ", "a"},
	{"YQ=", "a"},
	{"YWI=", "ab"},
	{"YWI", "ab"},
	{"YWJj", "abc"},
	{"YWJjZA==", "abcd"},
	{"PDw/Pz4+", "<<?\?>>"},
	{"PDw_Pz4-", "<<?\?>>"},
	{"PDw/Pz4 ", "<<?\?>>"},
	{"YWJj\r\nZGVm\r\n", "abcdef"},
	{"\tYW\nJj\t", "abc"},
	{"Y\nQ\n=\n=\n", "a"},
	{"YWJjZA==\n", "abcd"},
	{"Y", NULL, "the base64 text is cut"},
	{"YWJjZ", NULL, "byte 5"},
	{"YQ===", NULL, "too many '=', byte 5"},
	{"YWI==", NULL, "too many '='"},
	{"YWJj=", NULL, "too many '='"},
	{"=", NULL, "too many '='"},
	{"YQ==YQ==", NULL, "before byte 5"},
	{"YQ=Q", NULL, "a '=' stands before byte 4"},
	{"YWJjZA== ", NULL, "a '=' stands before byte 9"},
	{"YR==", NULL, "bits that belong to no byte"},
	{"YWJ", NULL, "bits that belong to no byte"},
	{"YWJj!GVm", NULL, "byte 5, '!', is not base64"},
	{"YWJj\x01", NULL, "byte 5 (0x01) is not base64"},
	{"\xc3\xa9==", NULL, "byte 1 (0xc3) is not base64"},
};

static void
text_base64_decode_takes_what_clients_send_and_no_more(void **state)
{
	for (size_t i = 0; i < COUNT_OF(base64_cases); i++) {
		const struct base64_case *c = &base64_cases[i];
		struct bytes out = {NULL, 0};
		struct err e = {.code = ERR_NONE};
		int rc = text_base64_decode(
			*state, unit_bytes(c->in), "yaml", &out, &e);

		if (c->out != NULL) {
			assert_int_equal(rc, 0);
			assert_int_equal(out.len, strlen(c->out));
			assert_string_equal(out.data, c->out);
			continue;
		}
		assert_int_equal(rc, -1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.path, "yaml");
		assert_non_null(strstr(e.message, c->cause));
	}
}

static void
text_base64_decode_refuses_a_nul(void **state)
{
	struct bytes out;
	struct err e;

	assert_int_equal(
		text_base64_decode(*state, UNIT_BYTES("YW\0j"), "f", &out, &e),
		-1);
	assert_non_null(strstr(e.message, "byte 3 (0x00)"));
}

/* The ways of clients: as it is, '+' as ' ', URL-safe, wrapped, unpadded. */
static char *
mangled(struct arena *arena, const char *base64, unsigned way)
{
	size_t len = strlen(base64), made = 0;
	char *out = arena_alloc(arena, 2 * len + 2);

	for (size_t i = 0; i < len; i++) {
		char c = base64[i];

		if (c == '=' && way == 4)
			break;
		if (c == '+' && way == 1)
			c = ' ';
		if (c == '+' && way == 2)
			c = '-';
		if (c == '/' && way == 2)
			c = '_';
		out[made++] = c;
		if (way == 3 && i % 76 == 75)
			out[made++] = '\n';
	}
	return out;
}

static void
text_base64_round_trips_in_every_way(void **state)
{
	unsigned seed = 7;

	for (size_t len = 0; len < 600; len++) {
		char *from = arena_alloc(*state, len + 1);
		char *base64;

		for (size_t i = 0; i < len; i++)
			from[i] = (char)((seed = seed * 1103515245U + 12345U) >>
					 16);
		base64 = text_base64_encode(*state, (struct bytes){from, len});
		assert_int_equal(strlen(base64), (len + 2) / 3 * 4);
		for (unsigned way = 0; way < 5; way++) {
			struct bytes out;
			struct err e;
			char *in = mangled(*state, base64, way);

			assert_int_equal(text_base64_decode(*state,
						 unit_bytes(in), "", &out, &e),
				0);
			assert_int_equal(out.len, len);
			assert_memory_equal(out.data, from, len);
			assert_int_equal(out.data[len], 0);
		}
	}
}

static void
text_hex_is_lower_case(void **state)
{
	assert_string_equal(
		text_hex(*state, UNIT_BYTES("\x00\x9f\xff")), "009fff");
	assert_string_equal(text_hex(*state, UNIT_BYTES("")), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(
			text_base64_decode_takes_what_clients_send_and_no_more),
		UNIT_TEST(text_base64_decode_refuses_a_nul),
		UNIT_TEST(text_base64_round_trips_in_every_way),
		UNIT_TEST(text_hex_is_lower_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
