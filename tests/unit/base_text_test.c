/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_text.h"
#include "base/base_utf8.h"
#include "unit.h"

#include <stdio.h>

static void
text_percent_decode_takes_path_segments(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"a-b", "a-b"},
		{"a+b", "a+b"},
		{"a%20b%2Fc%2f", "a b/c/"},
		{"%C3%A9", "\xc3\xa9"},
		{"%00", NULL},
		{"%", NULL},
		{"%2", NULL},
		{"%zz", NULL},
		{"%2z", NULL},
		{"%ff", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *out = NULL;
		struct err e = {.code = ERR_NONE};
		int rc = text_percent_decode(
			*state, unit_bytes(cases[i].in), &out, &e);

		assert_int_equal(rc, cases[i].out == NULL ? -1 : 0);
		if (rc == 0)
			assert_string_equal(out, cases[i].out);
		else
			assert_int_equal(e.code, ERR_INVALID);
	}
}

static void
text_form_parse_reads_pairs_in_order(void **state)
{
	static const struct text_pair want[] = {
		{"user", {"user1", 5}},
		{"x y", {"a b+c==", 7}},
		{"e", {"", 0}},
		{"n", {"", 0}},
		{"", {"v", 1}},
		{"yaml", {"YQ =", 4}},
	};
	struct text_form form;
	struct err e;

	assert_int_equal(
		text_form_parse(*state,
			unit_bytes("&user=user1&&x+y=a+b%2Bc==&e=&n&=v&"
				   "yaml=YQ+%3d&"),
			&form, &e),
		0);
	assert_int_equal(form.count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_string_equal(form.pairs[i].name, want[i].name);
		assert_int_equal(form.pairs[i].value.len, want[i].value.len);
		assert_string_equal(
			form.pairs[i].value.data, want[i].value.data);
	}
	assert_int_equal(
		text_form_parse(*state, (struct bytes){NULL, 0}, &form, &e), 0);
	assert_int_equal(form.count, 0);
}

static void
text_form_parse_refuses_what_is_not_a_form(void **state)
{
	const struct {
		struct bytes in;
		const char *path, *cause;
	} cases[] = {
		{UNIT_BYTES("a=%"), "a", "bad escape"},
		{UNIT_BYTES("a=%4"), "a", "bad escape"},
		{UNIT_BYTES("a=%zz"), "a", "bad escape"},
		{UNIT_BYTES("a=%00"), "a", "bad escape"},
		{UNIT_BYTES("a=b\0c"), "a", "NUL"},
		{UNIT_BYTES("%=b"), "", "name"},
		{UNIT_BYTES("a\0=b"), "", "name"},
		{UNIT_BYTES("%ff=b"), "", "not UTF-8"},
		{UNIT_BYTES("a=1&b=2&a=3"), "a", "sent twice"},
		{UNIT_BYTES("a=1&%61=3"), "a", "sent twice"},
	};
	struct text_form form;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(
			text_form_parse(*state, cases[i].in, &form, &e), -1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.path, cases[i].path);
		assert_non_null(strstr(e.message, cases[i].cause));
	}
}

static void
text_form_parse_counts_fields(void **state)
{
	struct text_form form;
	struct err e;
	char body[400] = "";
	size_t len = 0;

	for (unsigned i = 0; i < TEXT_FORM_PAIRS_MAX; i++)
		len += (size_t)snprintf(
			body + len, sizeof(body) - len, "f%u=1&", i);
	assert_int_equal(
		text_form_parse(*state, unit_bytes(body), &form, &e), 0);
	assert_int_equal(form.count, TEXT_FORM_PAIRS_MAX);
	(void)snprintf(body + len, sizeof(body) - len, "z=1");
	assert_int_equal(
		text_form_parse(*state, unit_bytes(body), &form, &e), -1);
	assert_string_equal(e.message, "more than 64 fields are sent");
}

static void
text_is_dns_label_knows_labels(void **state)
{
	(void)state;
	assert_true(text_is_dns_label("a", 63));
	assert_true(text_is_dns_label("trino-1", 63));
	assert_true(text_is_dns_label("0z9", 3));
	assert_false(text_is_dns_label("abcd", 3));
	assert_false(text_is_dns_label("", 63));
	assert_false(text_is_dns_label("-a", 63));
	assert_false(text_is_dns_label("a-", 63));
	assert_false(text_is_dns_label("A", 63));
	assert_false(text_is_dns_label("a.b", 63));
	assert_false(text_is_dns_label("../x", 63));
	assert_false(text_is_dns_label("a\n", 63));
}

static void
text_is_dns_subdomain_knows_dotted_labels(void **state)
{
	char text[256];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[253] = '\0';
	assert_true(text_is_dns_subdomain("a"));
	assert_true(text_is_dns_subdomain("a.b-c.d0"));
	assert_true(text_is_dns_subdomain(text));
	text[253] = 'a';
	text[254] = '\0';
	assert_false(text_is_dns_subdomain(text));
	assert_false(text_is_dns_subdomain(""));
	assert_false(text_is_dns_subdomain("."));
	assert_false(text_is_dns_subdomain("a."));
	assert_false(text_is_dns_subdomain(".a"));
	assert_false(text_is_dns_subdomain("a..b"));
	assert_false(text_is_dns_subdomain("a._b"));
}

static void
text_is_utf8_refuses_what_unicode_refuses(void **state)
{
	static const char *const good[] = {"", "abc", "\xc2\x80", "\xdf\xbf",
		"\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xe2\x82\xac!"};
	static const char *const bad[] = {"\x80", "\xc0\x80", "\xc1\xbf",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xff", "\xc3", "\xe2\x82", "a\xe2\x28\xa1", "\xf0\x9f\x92"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_true(text_is_utf8(unit_bytes(good[i])));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(text_is_utf8(unit_bytes(bad[i])));
	assert_true(text_is_utf8(UNIT_BYTES("a\0b")));
}

static void
utf8_cut_keeps_characters_whole(void **state)
{
	struct bytes text = UNIT_BYTES("a\xe2\x82\xac\xff!");

	(void)state;
	assert_int_equal(utf8_cut(text, 0), 0);
	assert_int_equal(utf8_cut(text, 1), 1);
	assert_int_equal(utf8_cut(text, 3), 1);
	assert_int_equal(utf8_cut(text, 4), 4);
	assert_int_equal(utf8_cut(text, 5), 5);
	assert_int_equal(utf8_cut(text, 99), 6);
}

static void
text_is_quantity_knows_kubernetes_amounts(void **state)
{
	static const char *const good[] = {"0", "1", "1.5", ".5", "1.", "100m",
		"8Gi", "2k", "1E", "1Ei", "1e3", "1E6", "5e-2", "1e+3", "10n",
		"3u", "12345678901234567890123456789012"};
	static const char *const bad[] = {"", ".", "-1", "+1", "1g", "1gi",
		"1KI", "1 Gi", "1Gi ", "Gi", "1e", "1e+", "1e3Gi", "1.2.3",
		"1e100", "0x10", "1K", "123456789012345678901234567890123"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_true(text_is_quantity(good[i]));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(text_is_quantity(bad[i]));
}

static void
text_to_uint_takes_plain_decimal_numbers(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "01",
		"00", "1a", "0x1", "1.0", "18446744073709551616",
		"18446744073709551620", "99999999999999999999"};
	uint64_t out = 7;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(text_to_uint(bad[i], UINT64_MAX, &out), -1);
	assert_int_equal(text_to_uint("11", 10, &out), -1);
	assert_int_equal(out, 7);
	assert_int_equal(text_to_uint("0", 10, &out), 0);
	assert_int_equal(out, 0);
	assert_int_equal(text_to_uint("10", 10, &out), 0);
	assert_int_equal(out, 10);
	assert_int_equal(
		text_to_uint("18446744073709551615", UINT64_MAX, &out), 0);
	assert_true(out == UINT64_MAX);
}

static void
text_nearest_finds_misspelt_words_only(void **state)
{
	char word[80];
	const char *candidates[] = {"replicas", "resources", "namespace", "id",
		"targetCPUUtilizationPercentage", word};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"replica", "replicas"},
		{"Replicas", "replicas"},
		{"relpicas", "replicas"},
		{"resource", "resources"},
		{"nmaespace", "namespace"},
		{"targetCPUUtilisationPercent",
			"targetCPUUtilizationPercentage"},
		{"targetCpuUtilisationPercentige",
			"targetCPUUtilizationPercentage"},
		{"x", NULL},
		{"xy", NULL},
		{"di", NULL},
		{"ids", "id"},
		{"", NULL},
		{"foobar", NULL},
	};

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *out = text_nearest(
			cases[i].word, candidates, COUNT_OF(candidates));

		if (cases[i].nearest == NULL)
			assert_null(out);
		else
			assert_string_equal(out, cases[i].nearest);
	}
	assert_null(text_nearest(word, candidates, COUNT_OF(candidates)));
}

static void
text_fnv1a_is_the_published_hash(void **state)
{
	(void)state;
	assert_true(text_fnv1a(UNIT_BYTES("")) == 0xcbf29ce484222325U);
	assert_true(text_fnv1a(UNIT_BYTES("a")) == 0xaf63dc4c8601ec8cU);
	assert_true(text_fnv1a(UNIT_BYTES("foobar")) == 0x85944171f73967e8U);
}

static void
text_xml_escape_is_read_back_unchanged(void **state)
{
	struct buf out;

	buf_init(&out, *state);
	text_xml_escape(&out, UNIT_BYTES("a&b<c>d\re\n\"'\xc3\xa4"));
	assert_string_equal(
		buf_string(&out), "a&amp;b&lt;c&gt;d&#13;e\n\"'\xc3\xa4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(text_percent_decode_takes_path_segments),
		UNIT_TEST(text_form_parse_reads_pairs_in_order),
		UNIT_TEST(text_form_parse_refuses_what_is_not_a_form),
		UNIT_TEST(text_form_parse_counts_fields),
		UNIT_TEST(text_is_dns_label_knows_labels),
		UNIT_TEST(text_is_dns_subdomain_knows_dotted_labels),
		UNIT_TEST(text_is_utf8_refuses_what_unicode_refuses),
		UNIT_TEST(utf8_cut_keeps_characters_whole),
		UNIT_TEST(text_is_quantity_knows_kubernetes_amounts),
		UNIT_TEST(text_to_uint_takes_plain_decimal_numbers),
		UNIT_TEST(text_nearest_finds_misspelt_words_only),
		UNIT_TEST(text_fnv1a_is_the_published_hash),
		UNIT_TEST(text_xml_escape_is_read_back_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
