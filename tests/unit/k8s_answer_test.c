/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"
#include "k8s/k8s_answer.h"
#include "k8s/k8s_event.h"
#include "k8s/k8s_lines.h"
#include "k8s/k8s_stream.h"
#include "k8s/k8s_time.h"
#include "unit.h"

static struct k8s_answer
read_reply(struct arena *arena, int status, const char *type, const char *text)
{
	const struct k8s_reply reply = {
		.status = status,
		.content_type = type,
		.content = unit_bytes(text),
		.retry_after_s = 7,
	};
	struct k8s_answer answer;
	struct err e;

	assert_int_equal(k8s_answer_read(arena, &reply, &answer, &e), 0);
	return answer;
}

static void
k8s_answer_reads_json(void **state)
{
	struct k8s_answer answer = read_reply(*state, 200,
		"application/json; charset=utf-8", "{\"kind\":\"Pod\"}");

	assert_int_equal(answer.status, 200);
	assert_string_equal(doc_text(answer.body, "kind", ""), "Pod");
	assert_string_equal(answer.message, "");
	assert_string_equal(answer.reason, "");
	assert_int_equal(answer.retry_after_s, 7);
}

static void
k8s_answer_reads_a_status(void **state)
{
	struct k8s_answer answer = read_reply(*state, 404, "application/json",
		"{\"kind\":\"Status\",\"message\":\"pods \\\"x\\\" not "
		"found\",\"reason\":\"NotFound\"}");

	assert_string_equal(answer.message, "pods \"x\" not found");
	assert_string_equal(answer.reason, "NotFound");
}

static void
k8s_answer_keeps_what_is_not_json(void **state)
{
	struct k8s_answer answer =
		read_reply(*state, 200, "text/plain", "{\"a line\":1}\n");

	assert_null(answer.body);
	assert_int_equal(answer.text.len, 13);
	assert_string_equal(answer.text.data, "{\"a line\":1}\n");
	answer = read_reply(*state, 502, NULL, "bad gateway");
	assert_null(answer.body);
	answer = read_reply(*state, 200, "application/json-seq", "x");
	assert_null(answer.body);
}

static void
k8s_answer_refuses_broken_json(void **state)
{
	const struct k8s_reply reply = {200, "application/json",
		UNIT_BYTES("{\"data\":{\"password\":\"hunter2"), 0};
	struct k8s_answer answer;
	struct err e;

	assert_int_equal(k8s_answer_read(*state, &reply, &answer, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(
		e.message, "the Kubernetes API answered 200 with broken JSON");
}

static void
k8s_answer_bounds_retry_after(void **state)
{
	struct k8s_reply reply = {.status = 429, .retry_after_s = 1L << 40};
	struct k8s_answer answer;
	struct err e;

	assert_int_equal(k8s_answer_read(*state, &reply, &answer, &e), 0);
	assert_int_equal(answer.retry_after_s, 3600);
	reply.retry_after_s = -5;
	assert_int_equal(k8s_answer_read(*state, &reply, &answer, &e), 0);
	assert_int_equal(answer.retry_after_s, 0);
}

static void
k8s_refused_maps_each_status(void **state)
{
	static const struct {
		int status;
		enum err_code code;
	} rows[] = {
		{302, ERR_UNAVAILABLE},
		{400, ERR_INVALID},
		{401, ERR_UNAVAILABLE},
		{403, ERR_FORBIDDEN},
		{404, ERR_NOT_FOUND},
		{406, ERR_INVALID},
		{408, ERR_UNAVAILABLE},
		{409, ERR_CONFLICT},
		{410, ERR_UNAVAILABLE},
		{422, ERR_INVALID},
		{429, ERR_UNAVAILABLE},
		{500, ERR_UNAVAILABLE},
		{503, ERR_UNAVAILABLE},
		{504, ERR_UNAVAILABLE},
	};
	const struct k8s_request request = {K8S_GET, "/api/v1/pods"};
	struct k8s_answer answer = {.message = "", .reason = ""};
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		answer.status = rows[i].status;
		assert_int_equal(k8s_refused(&request, &answer, &e), -1);
		assert_int_equal(e.code, rows[i].code);
	}
	assert_string_equal(
		e.message, "GET /api/v1/pods: the Kubernetes API answered 504");
}

static void
k8s_refused_says_what_was_asked_and_answered(void **state)
{
	const struct k8s_request request = {
		.verb = K8S_MERGE, .path = "/api/v1/namespaces/x"};
	const struct k8s_answer answer = {.status = 403,
		.message = "namespaces \"x\" is forbidden",
		.reason = "Forbidden"};
	struct err e;

	(void)state;
	k8s_refused(&request, &answer, &e);
	assert_string_equal(e.message,
		"PATCH /api/v1/namespaces/x: namespaces \"x\" is forbidden");
}

static void
k8s_refused_does_not_quote_secrets(void **state)
{
	struct k8s_request request = {.verb = K8S_CREATE,
		.path = "/api/v1/namespaces/x/secrets",
		.body = UNIT_BYTES("{}")};
	struct k8s_answer answer = {
		.status = 422, .message = "hunter2", .reason = "Invalid"};
	struct err e;

	(void)state;
	k8s_refused(&request, &answer, &e);
	assert_string_equal(
		e.message, "POST /api/v1/namespaces/x/secrets: Invalid");
	answer.status = 500;
	k8s_refused(&request, &answer, &e);
	assert_null(strstr(e.message, "hunter2"));
	/* These tell names only, and are of use. */
	answer = (struct k8s_answer){.status = 409,
		.message = "secrets \"s\" already exists",
		.reason = "AlreadyExists"};
	k8s_refused(&request, &answer, &e);
	assert_non_null(strstr(e.message, "already exists"));
	request = (struct k8s_request){
		.verb = K8S_DELETE, .path = "/api/v1/namespaces/x/secrets/s"};
	answer = (struct k8s_answer){.status = 400, .message = "told"};
	k8s_refused(&request, &answer, &e);
	assert_non_null(strstr(e.message, "told"));
}

/* --- lines -----------------------------------------------------------------
 */

static void
put_line(void *cookie, struct bytes line)
{
	struct buf *out = cookie;

	buf_text(out, "[");
	if (line.data == NULL)
		buf_text(out, "too long");
	else
		buf_put(out, line.data, line.len);
	buf_text(out, "]");
}

static void
k8s_lines_gives_the_same_for_every_cut(void **state)
{
	static const char text[] = "one\n\ntwo\n12345678\n123456789\nx\nrest";
	const size_t len = sizeof(text) - 1;

	for (size_t step = 1; step <= len; step++) {
		struct buf out;
		struct k8s_lines lines = {
			.max = 8, .told = put_line, .cookie = &out};

		buf_init(&out, *state);
		buf_init(&lines.held, *state);
		for (size_t at = 0; at < len; at += step) {
			size_t n = len - at < step ? len - at : step;

			k8s_lines_feed(&lines, (struct bytes){text + at, n});
		}
		assert_string_equal(
			buf_string(&out), "[one][two][12345678][too long][x]");
		k8s_lines_feed(&lines, UNIT_BYTES("\n"));
		assert_string_equal(buf_string(&out),
			"[one][two][12345678][too long][x][rest]");
		assert_in_range(lines.held.size, 0, 256);
	}
}

/* --- events ----------------------------------------------------------------
 */

static void
k8s_event_reads_what_moved(void **state)
{
	static const struct {
		const char *line;
		enum k8s_event_type type;
		const char *instance;
		const char *message;
	} rows[] = {
		{"{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"labels\":{"
		 "\"app.kubernetes.io/instance\":\"trino\"}}}}",
			K8S_EVENT_MOVED, "trino", ""},
		{"{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{}}}",
			K8S_EVENT_MOVED, "", ""},
		{"{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"labels\":{"
		 "\"app.kubernetes.io/instance\":{}}}}}",
			K8S_EVENT_MOVED, "", ""},
		{"{\"type\":\"BOOKMARK\",\"object\":{}}", K8S_EVENT_IDLE, "",
			""},
		{"{\"type\":\"ERROR\",\"object\":{\"code\":410,\"message\":"
		 "\"too old\"}}",
			K8S_EVENT_ERROR, "", "too old"},
	};
	struct k8s_event event;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(k8s_event_read(*state,
					 unit_bytes(rows[i].line), &event, &e),
			0);
		assert_int_equal(event.type, rows[i].type);
		assert_string_equal(event.instance, rows[i].instance);
		assert_string_equal(event.message, rows[i].message);
	}
}

static void
k8s_event_refuses_what_is_none(void **state)
{
	static const char *const lines[] = {
		"{", "[]", "{\"type\":\"NEWS\"}", "{\"type\":1}"};
	struct k8s_event event;
	struct err e;

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		assert_int_equal(k8s_event_read(*state, unit_bytes(lines[i]),
					 &event, &e),
			-1);
		assert_int_equal(e.code, ERR_UNAVAILABLE);
	}
}

/* --- time ------------------------------------------------------------------
 */

static void
k8s_time_reads_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} rows[] = {
		{"1970-01-01T00:00:01Z", 1000},
		{"1970-01-01T00:00:01.5Z", 1500},
		{"1970-01-01T00:00:01.123456789Z", 1123},
		{"1970-01-01T02:00:00+02:00", 0},
		{"1969-12-31T22:30:00.25-01:30", 250},
		{"1970-01-01T00:00:01", -1},
		{"1970-01-01T00:00:01.Z", -1},
		{"1970-01-01T00:00:01+0200", -1},
		{"1970-01-01T00:00:01+aa:00", -1},
		{"1970-13-01T00:00:01Z", -1},
		{"1970-01-01", -1},
		{"", -1},
		{NULL, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t ms = 0;
		int rc = k8s_time_parse(rows[i].text, &ms);

		assert_int_equal(rc, rows[i].ms < 0 ? -1 : 0);
		if (rc == 0)
			assert_int_equal(ms, rows[i].ms);
	}
}

/* --- back-off --------------------------------------------------------------
 */

static void
k8s_backoff_doubles_to_its_limit_and_spreads(void **state)
{
	static const unsigned full[] = {
		1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000};

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(full); i++) {
		unsigned least = full[i] - full[i] / 4 + 1;

		assert_int_equal(k8s_backoff_ms(i, 0), full[i]);
		for (unsigned random = 0; random < 100000; random += 999)
			assert_in_range(k8s_backoff_ms(i, random),
				least < 1000 ? 1000 : least, full[i]);
	}
	assert_int_equal(k8s_backoff_ms(UINT32_MAX, 0), 30000);
	assert_int_not_equal(k8s_backoff_ms(5, 1), k8s_backoff_ms(5, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(k8s_answer_reads_json),
		UNIT_TEST(k8s_answer_reads_a_status),
		UNIT_TEST(k8s_answer_keeps_what_is_not_json),
		UNIT_TEST(k8s_answer_refuses_broken_json),
		UNIT_TEST(k8s_answer_bounds_retry_after),
		UNIT_TEST(k8s_refused_maps_each_status),
		UNIT_TEST(k8s_refused_says_what_was_asked_and_answered),
		UNIT_TEST(k8s_refused_does_not_quote_secrets),
		UNIT_TEST(k8s_lines_gives_the_same_for_every_cut),
		UNIT_TEST(k8s_event_reads_what_moved),
		UNIT_TEST(k8s_event_refuses_what_is_none),
		UNIT_TEST(k8s_time_reads_rfc_3339),
		UNIT_TEST(k8s_backoff_doubles_to_its_limit_and_spreads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
