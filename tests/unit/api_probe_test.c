/* SPDX-License-Identifier: Apache-2.0 */
/* Probes and metrics. */
#include "api/api_count.h"
#include "api_unit.h"
#include "db/db_link.h"

static struct api_unit *
open_probe(struct arena *arena, const char *path)
{
	struct api_unit *u = api_unit_open(arena, "GET", path);

	u->request.authorization = NULL;
	u->request.n_authorizations = 0;
	return u;
}

static void
api_ping_is_pong_and_nothing_else(void **state)
{
	struct api_unit *u = open_probe(*state, "/ping");

	assert_int_equal(api_unit_begin(u), API_SEND);
	assert_string_equal(api_unit_body(u), "pong");
	assert_null(api_unit_header(u, "cache-control"));
	assert_string_equal(
		api_unit_header(u, "x-content-type-options"), "nosniff");
	u = open_probe(*state, "/livez");
	assert_int_equal(api_unit_begin(u), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	u = open_probe(*state, "/version");
	api_unit_begin(u);
	assert_string_equal(api_unit_body(u), "{\"version\":\"1.2.3\"}");
}

/* ${schema_off}: of this binary's. The pointers of what failed, "" if none. */
static void
assert_ready(struct arena *arena, int schema_off, const char *applier_ms,
	bool is_draining, const char *failed)
{
	struct api_unit *u = open_probe(arena, "/readyz");

	u->context.is_draining = is_draining;
	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_ready);
	api_unit_rows(u, 2, 1,
		(const char *const[]){arena_format(arena, "%d",
					      db_schema_version() + schema_off),
			applier_ms});
	assert_int_equal(api_unit_reply(u), API_SEND);
	assert_int_equal(
		u->task.response.status, failed[0] == '\0' ? 200 : 503);
	if (failed[0] == '\0')
		assert_string_equal(api_unit_body(u), "ok\n");
	else
		api_unit_has(u,
			arena_format(arena, "[{\"pointer\":\"/%s\"", failed));
}

static void
api_readyz_looks_at_schema_applier_and_draining(void **state)
{
	assert_ready(*state, 0, "30000", false, "");
	assert_ready(*state, 0, "30001", false, "applier");
	assert_ready(*state, 0, NULL, false, "applier");
	assert_ready(*state, 1, "0", false, "schema");
	assert_ready(*state, -1, "0", false, "schema");
	assert_ready(*state, 0, "0", true, "draining");
}

static void
api_readyz_lists_its_checks_if_asked(void **state)
{
	struct api_unit *u = open_probe(*state, "/healthz");

	u->request.query = unit_bytes("verbose=1");
	api_unit_begin(u);
	api_unit_rows(u, 2, 1,
		(const char *const[]){
			arena_format(*state, "%d", db_schema_version()), "0"});
	api_unit_reply(u);
	assert_string_equal(api_unit_body(u),
		"database ok\nschema ok\napplier ok\ndraining ok\nready\n");
}

static void
api_readyz_says_that_the_database_is_away(void **state)
{
	struct api_unit *u = open_probe(*state, "/readyz");

	u->context.is_draining = true;
	api_unit_begin(u);
	assert_int_equal(api_unit_fail(u, DB_UNAVAILABLE, "", ""), API_SEND);
	assert_int_equal(u->task.response.status, 503);
	api_unit_has(u, "\"pointer\":\"/database\"");
	api_unit_has(u, "\"pointer\":\"/draining\"");
}

/* --- metrics ---------------------------------------------------------------
 */

static void
api_count_answer_finds_status_and_bucket(void **state)
{
	static const struct {
		uint64_t us;
		const char *edge;
	} times[] = {
		{0, "0.0005"},
		{500, "0.0005"},
		{501, "0.001"},
		{100000, "0.1"},
		{60000000, "60"},
		{60000001, "+Inf"},
		{UINT64_MAX, "+Inf"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		struct api_metrics metrics = {0};
		unsigned bucket = 0;

		api_count_answer(&metrics, 3, 404, times[i].us);
		while (metrics.buckets[3][bucket] == 0)
			bucket++;
		assert_string_equal(api_count_edge(bucket), times[i].edge);
	}
}

static void
api_count_answer_counts_unknown_statuses_as_other(void **state)
{
	struct api_metrics metrics = {0};
	uint64_t sum = 0;

	(void)state;
	api_count_answer(&metrics, 0, 418, 1);
	assert_int_equal(metrics.requests[0][0], 1);
	for (unsigned i = 0; i < ERR_CODE_COUNT; i++)
		api_count_answer(&metrics, 1, err_status((enum err_code)i), 1);
	assert_int_equal(metrics.requests[1][0], 0);
	for (unsigned i = 1; i < API_METRICS_CODES; i++)
		sum += metrics.requests[1][i];
	assert_int_equal(sum, ERR_CODE_COUNT);
	api_count_answer(NULL, 0, 200, 1);
}

static void
api_metrics_prints_what_was_counted(void **state)
{
	static const char *const components[] = {
		"trino", "n\"s", "a\\b", "Run\nning"};
	static const char *const counters[] = {"roaster_a_total", "x=\"1\"",
		"3", "roaster_a_total", "", "4", "roaster_b", "", "5"};
	struct api_unit *u = open_probe(*state, "/metrics");

	api_count_answer(&u->metrics, 1, 200, 1500000);
	api_count_answer(&u->metrics, 1, 418, 0);
	api_count_answer(&u->metrics, 0, 404, 2000);
	u->metrics.logins[API_LOGIN_LOCKED] = 7;
	u->metrics.workers[2].values[API_PROCESS_BEGAN_MS] = 1234567890123;
	u->metrics.workers[2].values[API_PROCESS_CPU_US] = 2000005;
	u->metrics.workers[2].values[API_PROCESS_OPEN_FDS] = 17;
	assert_int_equal(api_unit_begin(u), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_metrics_components,
		DB_QUERY_metrics_operations, DB_QUERY_metrics_counters);
	api_unit_rows(u, 4, 1, components);
	api_unit_rows(u, 2, 1, (const char *const[]){"2", "12034"});
	api_unit_rows(u, 3, 3, counters);
	assert_int_equal(api_unit_reply(u), API_SEND);
	api_unit_has(u, "\nroaster_build_info{version=\"1.2.3\"} 1\n");
	api_unit_has(u, "\nroaster_http_requests_total{method=\"POST\",route="
			"\"/v1/login\",code=\"200\"} 1\n");
	api_unit_has(u, "route=\"/v1/login\",code=\"other\"} 1\n");
	api_unit_has(u, "{method=\"\",route=\"none\",code=\"404\"} 1\n");
	api_unit_has(u, "route=\"/v1/login\",le=\"1\"} 1\n");
	api_unit_has(u, "route=\"/v1/login\",le=\"10\"} 2\n");
	api_unit_has(u, "route=\"/v1/login\",le=\"+Inf\"} 2\n");
	api_unit_has(u, "_sum{method=\"POST\",route=\"/v1/login\"} 1.500000\n");
	api_unit_has(u, "_count{method=\"POST\",route=\"/v1/login\"} 2\n");
	api_unit_has(u, "\nroaster_login_total{result=\"locked\"} 7\n");
	api_unit_has(u, "# TYPE process_cpu_seconds_total counter\n"
			"process_cpu_seconds_total{worker=\"3\"} 2.000005\n");
	api_unit_has(u, "# TYPE process_open_fds gauge\n"
			"process_open_fds{worker=\"3\"} 17\n");
	api_unit_has(u, "\nprocess_start_time_seconds{worker=\"3\"} "
			"1234567890.123\n");
	api_unit_has(u, "\nroaster_operations_in_flight 2\n");
	api_unit_has(u, "\nroaster_operation_queue_age_seconds 12.034\n");
	api_unit_has(u, "\nroaster_component_info{kind=\"trino\",namespace="
			"\"n\\\"s\",name=\"a\\\\b\",state=\"Run\\nning\"} 1\n");
	api_unit_has(u, "# TYPE roaster_a_total counter\nroaster_a_total{x="
			"\"1\"} 3\nroaster_a_total 4\n# HELP roaster_b ");
	api_unit_has(u, "# TYPE roaster_b untyped\nroaster_b 5\n");
}

/* Then they are needed most. */
static void
api_metrics_has_its_own_while_the_database_is_away(void **state)
{
	struct api_unit *u = open_probe(*state, "/metrics");

	api_unit_begin(u);
	assert_int_equal(api_unit_fail(u, DB_UNAVAILABLE, "", ""), API_SEND);
	assert_int_equal(u->task.response.status, 200);
	api_unit_has(u, "\nroaster_db_errors_total 1\n");
	assert_null(strstr(api_unit_body(u), "roaster_component_info"));
	u = open_probe(*state, "/metrics");
	u->context.metrics = NULL;
	api_unit_begin(u);
	api_unit_fail(u, DB_UNAVAILABLE, "", "");
	api_unit_has(u, "roaster_build_info");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_ping_is_pong_and_nothing_else),
		UNIT_TEST(api_readyz_looks_at_schema_applier_and_draining),
		UNIT_TEST(api_readyz_lists_its_checks_if_asked),
		UNIT_TEST(api_readyz_says_that_the_database_is_away),
		UNIT_TEST(api_count_answer_finds_status_and_bucket),
		UNIT_TEST(api_count_answer_counts_unknown_statuses_as_other),
		UNIT_TEST(api_metrics_prints_what_was_counted),
		UNIT_TEST(api_metrics_has_its_own_while_the_database_is_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
