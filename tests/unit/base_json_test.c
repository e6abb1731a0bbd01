/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "base/base_log.h"
#include "unit.h"

static void
json_writes_nesting_and_commas(void **state)
{
	struct buf out;
	struct json j;

	buf_init(&out, *state);
	json_init(&j, &out);
	json_object_open(&j);
	json_member_text(&j, "text", "x");
	json_member_text(&j, "none", NULL);
	json_member_int(&j, "least", INT64_MIN);
	json_member_bool(&j, "yes", true);
	json_member_raw(&j, "raw", "[1,2]");
	json_key(&j, "list");
	json_array_open(&j);
	json_object_open(&j);
	json_object_close(&j);
	json_array_open(&j);
	json_array_close(&j);
	json_bool(&j, false);
	json_null(&j);
	json_int(&j, 7);
	json_bytes(&j, UNIT_BYTES("a\0b"));
	json_array_close(&j);
	json_object_close(&j);
	assert_string_equal(buf_string(&out),
		"{\"text\":\"x\",\"none\":null,\"least\":-9223372036854775808,"
		"\"yes\":true,\"raw\":[1,2],"
		"\"list\":[{},[],false,null,7,\"a\\u0000b\"]}");
}

static void
json_text_escapes_what_could_break_a_line(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", "\"\""},
		{"plain \xc3\xa9 /", "\"plain \xc3\xa9 /\""},
		{"\"\\", "\"\\\"\\\\\""},
		{"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
		{"a\x01\x1f\x7f z", "\"a\\u0001\\u001f\\u007f z\""},
		{"\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""},
		{"\xc2\x80\xc2\x85\xc2\x9f\xc2\xa0",
			"\"\\u0080\\u0085\\u009f\xc2\xa0\""},
		{"\xef\xbb\xbf\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd",
			"\"\\ufeff\\ufffe\\uffff\xef\xbf\xbd\""},
		{"\xff\xc3", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{"a\xed\xa0\x80", "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf out;
		struct json j;

		buf_init(&out, *state);
		json_init(&j, &out);
		json_text(&j, cases[i].in);
		assert_string_equal(buf_string(&out), cases[i].out);
	}
}

static void
assert_one_byte(struct arena *arena, size_t len, size_t at, unsigned byte)
{
	const bool is_plain =
		byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
	char text[20] = "~ !~ !~ !~ !~ !~ !~";
	size_t behind = len - at - 1;
	struct buf out;
	struct json j;

	text[at] = (char)byte;
	buf_init(&out, arena);
	json_init(&j, &out);
	json_bytes(&j, (struct bytes){text, len});
	assert_int_equal(out.len == len + 2, is_plain);
	assert_true(out.len >= len + 2);
	assert_memory_equal(out.data + 1, text, at + is_plain);
	assert_int_equal(out.data[out.len], '\0');
	assert_memory_equal(
		out.data + out.len - 1 - behind, text + at + 1, behind);
}

/* Eight bytes are looked at together: none may hide behind another. */
static void
json_bytes_sees_each_byte_wherever_it_stands(void **state)
{
	for (unsigned byte = 0; byte < 256; byte++)
		for (size_t len = 1; len < 20; len++)
			for (size_t at = 0; at < len; at++)
				assert_one_byte(*state, len, at, byte);
}

static int64_t
now_ms(void)
{
	return 1795281729196;
}

struct sink {
	char text[8192];
	unsigned lines;
};

static void
catch_line(void *cookie, const char *line, unsigned len)
{
	struct sink *sink = cookie;

	assert_true(len < sizeof(sink->text));
	memcpy(sink->text, line, len);
	sink->text[len] = '\0';
	sink->lines++;
}

static void
log_event_writes_one_line_at_once(void **state)
{
	struct sink sink = {.lines = 0};
	struct log log = {"api", LOG_LEVEL_INFO, now_ms, catch_line, &sink};

	(void)state;
	LOG_EVENT(&log, LOG_LEVEL_WARN, "request_done",
		LOG_TEXT("user", "a\"\n{}"), LOG_TEXT("token", NULL),
		LOG_INT("ms", -3));
	assert_int_equal(sink.lines, 1);
	assert_string_equal(sink.text,
		"{\"at\":\"2026-11-21T17:22:09.196Z\",\"level\":\"warn\","
		"\"process\":\"api\",\"event\":\"request_done\","
		"\"user\":\"a\\\"\\n{}\",\"token\":null,\"ms\":-3}\n");
	log_event(&log, LOG_LEVEL_INFO, "worker_started", NULL, 0);
	assert_int_equal(sink.lines, 2);
	log_event(&log, LOG_LEVEL_DEBUG, "worker_idle", NULL, 0);
	log_event(NULL, LOG_LEVEL_ERROR, "worker_lost", NULL, 0);
	assert_int_equal(sink.lines, 2);
}

static void
log_event_cuts_values_and_fields(void **state)
{
	struct sink sink = {.lines = 0};
	struct log log = {"run", LOG_LEVEL_DEBUG, now_ms, catch_line, &sink};
	struct log_field fields[20];
	char value[2000];
	unsigned count = 0;

	(void)state;
	memset(value, 'v', sizeof(value));
	memcpy(value + 1023, "\xe2\x82\xac", 3);
	value[sizeof(value) - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		fields[i] = LOG_INT("n", (int64_t)i);
	fields[0] = LOG_TEXT("long", value);
	log_event(&log, LOG_LEVEL_DEBUG, "x", fields, COUNT_OF(fields));
	for (const char *at = sink.text; (at = strstr(at, "\"n\":")) != NULL;
		at++)
		count++;
	assert_int_equal(count, 15);
	value[1023] = '"';
	value[1024] = '\0';
	assert_non_null(strstr(sink.text, value));
}

static void
log_level_parse_knows_four_words(void **state)
{
	static const char *const words[] = {"debug", "info", "warn", "error"};
	enum log_level level;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		assert_int_equal(log_level_parse(words[i], &level), 0);
		assert_int_equal(level, i);
	}
	assert_int_equal(log_level_parse("INFO", &level), -1);
	assert_int_equal(log_level_parse("", &level), -1);
}

static void
err_set_fills_all_and_returns_failure(void **state)
{
	struct err e = {.line = 5, .column = 6};

	(void)state;
	assert_int_equal(
		err_set(&e, ERR_CONFLICT, "spec.name", "%s %d", "is", 1), -1);
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_int_equal(e.line, 0);
	assert_int_equal(e.column, 0);
	assert_string_equal(e.path, "spec.name");
	assert_string_equal(e.message, "is 1");
	assert_int_equal(err_at(&e, 3, 9, "a", "b"), -1);
	assert_int_equal(e.code, ERR_INVALID);
	assert_int_equal(e.line, 3);
	assert_int_equal(e.column, 9);
}

static void
err_set_keeps_messages_to_one_safe_line(void **state)
{
	struct err e;
	char text[400];

	(void)state;
	err_set(&e, ERR_INVALID, "a\nb", "x\r\ny\x7f\x1b[0m \xff\xfe and more");
	assert_string_equal(e.path, "a?b");
	assert_string_equal(e.message, "x??y??[0m ?? and more");
	memset(text, 'm', sizeof(text));
	memcpy(text + sizeof(e.message) - 2, "\xe2\x82\xac", 4);
	err_set(&e, ERR_INVALID, "", "%s", text);
	assert_int_equal(strlen(e.message), sizeof(e.message) - 2);
}

static void
err_codes_have_status_and_word(void **state)
{
	(void)state;
	for (int i = 0; i < ERR_CODE_COUNT; i++) {
		assert_in_range(err_status((enum err_code)i), 200, 599);
		assert_true(strlen(err_word((enum err_code)i)) > 3);
	}
	assert_int_equal(err_status(ERR_STALE), 412);
	assert_string_equal(err_word(ERR_METHOD), "method_not_allowed");
}

static void
err_list_add_counts_beyond_its_room(void **state)
{
	struct err_list list = {.count = 3, .total = 7};
	struct err e;

	(void)state;
	err_list_init(&list);
	for (unsigned i = 0; i < ERR_LIST_MAX + 3; i++) {
		err_at(&e, i, 1, "", "x");
		err_list_add(&list, &e);
	}
	assert_int_equal(list.count, ERR_LIST_MAX);
	assert_int_equal(list.total, ERR_LIST_MAX + 3);
	assert_int_equal(list.items[ERR_LIST_MAX - 1].line, ERR_LIST_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(json_writes_nesting_and_commas),
		UNIT_TEST(json_text_escapes_what_could_break_a_line),
		UNIT_TEST(json_bytes_sees_each_byte_wherever_it_stands),
		UNIT_TEST(log_event_writes_one_line_at_once),
		UNIT_TEST(log_event_cuts_values_and_fields),
		UNIT_TEST(log_level_parse_knows_four_words),
		UNIT_TEST(err_set_fills_all_and_returns_failure),
		UNIT_TEST(err_set_keeps_messages_to_one_safe_line),
		UNIT_TEST(err_codes_have_status_and_word),
		UNIT_TEST(err_list_add_counts_beyond_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
