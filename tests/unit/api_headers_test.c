/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_headers.h"
#include "api_unit.h"
#include "base/base_time.h"

#define BEARER "Bearer " API_UNIT_TOKEN

static void
api_credential_read_takes_one_bearer_token(void **state)
{
	static const struct {
		const char *text;
		enum api_credential wanted;
	} cases[] = {
		{BEARER, API_CREDENTIAL_TOKEN},
		{"bearer " API_UNIT_TOKEN, API_CREDENTIAL_TOKEN},
		{"BEARER \t " API_UNIT_TOKEN, API_CREDENTIAL_TOKEN},
		{" Bearer " API_UNIT_TOKEN, API_CREDENTIAL_TOKEN},
		{BEARER "x", API_CREDENTIAL_BAD},
		{BEARER " x", API_CREDENTIAL_BAD},
		{"Bearer x", API_CREDENTIAL_BAD},
		{"Bearer", API_CREDENTIAL_NONE},
		{"Bearer ", API_CREDENTIAL_NONE},
		{"Bear " API_UNIT_TOKEN, API_CREDENTIAL_NONE},
		{"Bearers " API_UNIT_TOKEN, API_CREDENTIAL_NONE},
		{"Basic " API_UNIT_TOKEN, API_CREDENTIAL_NONE},
		{API_UNIT_TOKEN, API_CREDENTIAL_NONE},
		{"", API_CREDENTIAL_NONE},
		{NULL, API_CREDENTIAL_NONE},
	};
	unsigned char digest[AUTH_DIGEST_BYTES];

	(void)state;
	auth_init();
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(api_credential_read(cases[i].text, digest),
			cases[i].wanted);
}

static void
api_media_read_looks_at_the_type_only(void **state)
{
	static const struct {
		const char *text;
		enum api_media wanted;
	} cases[] = {
		{"application/json", API_MEDIA_JSON},
		{" Application/JSON ; charset=utf-8", API_MEDIA_JSON},
		{"application/x-www-form-urlencoded", API_MEDIA_FORM},
		{"application/x-www-form-urlencoded;x", API_MEDIA_FORM},
		{"application/jso", API_MEDIA_OTHER},
		{"application/jsonx", API_MEDIA_OTHER},
		{"text/plain", API_MEDIA_OTHER},
		{"", API_MEDIA_OTHER},
		{NULL, API_MEDIA_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
			api_media_read(cases[i].text), cases[i].wanted);
}

static void
api_prefer_wait_ignores_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *text;
		unsigned wanted;
	} cases[] = {
		{"wait=60", 60},
		{"WAIT=5", 5},
		{"respond-async, wait=60", 60},
		{"respond-async,wait=7 ;x", 7},
		{"wait=60, wait=10", 60},
		{"wait=300", 300},
		{"wait=301", 300},
		{"wait=99999999999999999999", 300},
		{"wait=0", 0},
		{"wait=", 0},
		{"wait=-1", 0},
		{"wait=1x", 0},
		{"wait=1.5", 0},
		{"nowait=5", 0},
		{"", 0},
		{",,", 0},
		{NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
			api_prefer_wait(cases[i].text), cases[i].wanted);
}

static void
api_request_id_choose_keeps_good_ones(void **state)
{
	char longest[130];
	struct api_unit *u = api_unit_open(*state, "GET", "/ping");

	memset(longest, 'x', 128);
	longest[128] = '\0';
	u->request.request_id = longest;
	api_unit_begin(u);
	assert_string_equal(u->task.request_id, longest);
	assert_string_equal(api_unit_header(u, "x-request-id"), longest);
}

static void
api_request_id_choose_replaces_bad_ones(void **state)
{
	static const char *const bad[] = {"", "a b", "a\n", "\xc3\xa9", NULL};
	struct api_unit *u = api_unit_open(*state, "GET", "/ping");
	char last[129] = "", longer[130];

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		u->request.request_id = bad[i];
		api_unit_begin(u);
		assert_true(uuid_is_valid(u->task.request_id));
		assert_string_not_equal(u->task.request_id, last);
		memcpy(last, u->task.request_id, sizeof(last));
	}
	memset(longer, 'x', 129);
	longer[129] = '\0';
	u->request.request_id = longer;
	api_unit_begin(u);
	assert_true(uuid_is_valid(u->task.request_id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_credential_read_takes_one_bearer_token),
		UNIT_TEST(api_media_read_looks_at_the_type_only),
		UNIT_TEST(api_prefer_wait_ignores_what_it_does_not_understand),
		UNIT_TEST(api_request_id_choose_keeps_good_ones),
		UNIT_TEST(api_request_id_choose_replaces_bad_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
