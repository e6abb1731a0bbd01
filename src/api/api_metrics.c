/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /metrics: Prometheus' text format 0.0.4. What only the database knows is
 * left out while it is away: the counters here are needed most then.
 */
#include "api/api_answer.h"
#include "api/api_count.h"
#include "api/api_routes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum { CALL_COMPONENTS, CALL_OPERATIONS, CALL_COUNTERS };

static void
put_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* ,name="value" with the value escaped. */
static void
put_label(struct buf *out, const char *name, const char *value)
{
	const char *last = buf_string(out) + out->len - (out->len > 0);

	buf_format(out, "%s%s=\"", *last == '{' ? "" : ",", name);
	for (; *value != '\0'; value++) {
		if (*value == '\n')
			buf_text(out, "\\n");
		else if (*value == '"' || *value == '\\')
			buf_put(out, (char[]){'\\', *value}, 2);
		else
			buf_put(out, value, 1);
	}
	buf_text(out, "\"");
}

static uint64_t
value_of(_Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

/* --- of the API -------------------------------------------------------------
 */

/* Number 0 is "no route". */
static void
put_route(struct buf *out, unsigned number)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);

	put_label(out, "method", number == 0 ? "" : table[number - 1].method);
	put_label(out, "route",
		number == 0 ? "none" : table[number - 1].template);
}

static void
put_requests(struct api_metrics *metrics, unsigned route, struct buf *out)
{
	for (unsigned i = 0; i < API_METRICS_CODES; i++) {
		uint64_t value = value_of(&metrics->requests[route][i]);
		int status = api_count_status(i);
		char code[16];

		if (value == 0)
			continue;
		(void)snprintf(code, sizeof(code), "%d", status);
		buf_text(out, "roaster_http_requests_total{");
		put_route(out, route);
		put_label(out, "code", status == 0 ? "other" : code);
		buf_format(out, "} %" PRIu64 "\n", value);
	}
}

static void
put_durations(struct api_metrics *metrics, unsigned route, struct buf *out)
{
	static const char name[] = "roaster_http_request_duration_seconds";
	uint64_t us = value_of(&metrics->sum_us[route]), sum = 0;

	for (unsigned i = 0; i < API_METRICS_BUCKETS; i++)
		sum += value_of(&metrics->buckets[route][i]);
	if (sum == 0)
		return;
	sum = 0;
	for (unsigned i = 0; i < API_METRICS_BUCKETS; i++) {
		sum += value_of(&metrics->buckets[route][i]);
		buf_format(out, "%s_bucket{", name);
		put_route(out, route);
		put_label(out, "le", api_count_edge(i));
		buf_format(out, "} %" PRIu64 "\n", sum);
	}
	buf_format(out, "%s_sum{", name);
	put_route(out, route);
	buf_format(out, "} %" PRIu64 ".%06" PRIu64 "\n%s_count{", us / 1000000,
		us % 1000000, name);
	put_route(out, route);
	buf_format(out, "} %" PRIu64 "\n", sum);
}

static void
put_logins(struct api_metrics *metrics, struct buf *out)
{
	static const char *const results[API_LOGIN_RESULTS] = {
		[API_LOGIN_ACCEPTED] = "accepted",
		[API_LOGIN_REFUSED] = "refused",
		[API_LOGIN_LOCKED] = "locked",
		[API_LOGIN_BUSY] = "busy",
	};

	put_head(out, "roaster_login_total", "counter",
		"Passwords that were tried.");
	for (unsigned i = 0; i < API_LOGIN_RESULTS; i++) {
		buf_text(out, "roaster_login_total{");
		put_label(out, "result", results[i]);
		buf_format(
			out, "} %" PRIu64 "\n", value_of(&metrics->logins[i]));
	}
}

static void
put_api(struct api_metrics *metrics, struct buf *out)
{
	size_t count;

	(void)api_route_table(&count);
	put_head(out, "roaster_http_requests_total", "counter",
		"Answers by route and status.");
	for (unsigned i = 0; i <= count; i++)
		put_requests(metrics, i, out);
	put_head(out, "roaster_http_request_duration_seconds", "histogram",
		"From the request's arrival to its answer.");
	for (unsigned i = 0; i <= count; i++)
		put_durations(metrics, i, out);
	put_logins(metrics, out);
	put_head(out, "roaster_db_errors_total", "counter",
		"Statements that failed for no fault of the client.");
	buf_format(out, "roaster_db_errors_total %" PRIu64 "\n",
		value_of(&metrics->db_errors));
}

/* --- of the workers ---------------------------------------------------------
 */

/* In the units that Prometheus wants: ${decimals} less than what is kept. */
static const struct process_family {
	enum api_process_value value;
	int decimals;
	const char *name, *type, *help;
} process_families[] = {
	{API_PROCESS_CPU_US, 6, "process_cpu_seconds_total", "counter",
		"User and system time of each API worker."},
	{API_PROCESS_RESIDENT_BYTES, 0, "process_resident_memory_bytes",
		"gauge", "Memory of each API worker, shared pages too."},
	{API_PROCESS_OPEN_FDS, 0, "process_open_fds", "gauge",
		"Descriptors each API worker has open."},
	{API_PROCESS_MAX_FDS, 0, "process_max_fds", "gauge",
		"Descriptors each API worker may have open."},
	{API_PROCESS_BEGAN_MS, 3, "process_start_time_seconds", "gauge",
		"When each API worker started, in unix time."},
};

static void
put_decimal(struct buf *out, uint64_t value, int decimals)
{
	uint64_t unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_format(out, "%" PRIu64, value / unit);
	if (decimals > 0)
		buf_format(out, ".%0*" PRIu64, decimals, value % unit);
	buf_text(out, "\n");
}

static void
put_workers(struct api_metrics *metrics, const struct process_family *family,
	struct buf *out)
{
	put_head(out, family->name, family->type, family->help);
	for (unsigned i = 0; i < API_METRICS_WORKERS; i++) {
		struct api_process *worker = &metrics->workers[i];

		if (value_of(&worker->values[API_PROCESS_BEGAN_MS]) == 0)
			continue;
		buf_format(out, "%s{worker=\"%u\"} ", family->name, i + 1);
		put_decimal(out, value_of(&worker->values[family->value]),
			family->decimals);
	}
}

static void
put_processes(struct api_metrics *metrics, struct buf *out)
{
	for (size_t i = 0; i < COUNT_OF(process_families); i++)
		put_workers(metrics, &process_families[i], out);
}

static void
put_build(const struct api_task *task, struct buf *out)
{
	put_head(out, "roaster_build_info", "gauge", "Which roasterd this is.");
	buf_text(out, "roaster_build_info{");
	put_label(out, "version", task->context->version);
	buf_text(out, "} 1\n");
}

/* --- of the database ---------------------------------------------------------
 */

static void
put_components(
	struct arena *arena, const struct db_reply *reply, struct buf *out)
{
	static const char *const labels[] = {
		"kind", "namespace", "name", "state"};

	put_head(out, "roaster_component_info", "gauge",
		"The state each component is in.");
	for (size_t row = 0; row < db_rows(reply, CALL_COMPONENTS); row++) {
		buf_text(out, "roaster_component_info{");
		for (unsigned i = 0; i < COUNT_OF(labels); i++)
			put_label(out, labels[i],
				db_column(
					arena, reply, CALL_COMPONENTS, row, i));
		buf_text(out, "} 1\n");
	}
}

static void
put_operations(const struct db_reply *reply, struct buf *out)
{
	int64_t age_ms = db_column_int(reply, CALL_OPERATIONS, 0, 1, 0);

	put_head(out, "roaster_operations_in_flight", "gauge",
		"Operations that are queued or running.");
	buf_format(out, "roaster_operations_in_flight %" PRId64 "\n",
		db_column_int(reply, CALL_OPERATIONS, 0, 0, 0));
	put_head(out, "roaster_operation_queue_age_seconds", "gauge",
		"How long the oldest queued operation has waited.");
	buf_format(out,
		"roaster_operation_queue_age_seconds %" PRId64 ".%03" PRId64
		"\n",
		age_ms / 1000, age_ms % 1000);
}

static bool
has_suffix(const char *text, const char *suffix)
{
	size_t len = strlen(text), end = strlen(suffix);

	return len >= end && strcmp(text + len - end, suffix) == 0;
}

/* The family of a counter, which TYPE and HELP are for: without what the
 * series of a histogram add to its name. */
static const char *
family_of(struct arena *arena, const char *name, const char **type)
{
	static const char *const series[] = {"_bucket", "_count", "_sum"};
	size_t len = strlen(name);

	*type = has_suffix(name, "_total") ? "counter" : "untyped";
	for (size_t i = 0; i < COUNT_OF(series); i++) {
		if (!has_suffix(name, series[i]))
			continue;
		*type = "histogram";
		return arena_copy(arena, name, len - strlen(series[i]));
	}
	return name;
}

/* Rows are sorted by name, so that each family is one block. Sums of seconds
 * are kept in ms. */
static void
put_counters(struct arena *arena, const struct db_reply *reply, struct buf *out)
{
	const char *last = "";

	for (size_t row = 0; row < db_rows(reply, CALL_COUNTERS); row++) {
		const char *name =
			db_column(arena, reply, CALL_COUNTERS, row, 0);
		const char *labels =
			db_column(arena, reply, CALL_COUNTERS, row, 1);
		const char *type, *family = family_of(arena, name, &type);

		if (strcmp(family, last) != 0)
			put_head(out, family, type,
				"Kept by the appliers, all of them together.");
		last = family;
		buf_text(out, name);
		if (labels[0] != '\0')
			buf_format(out, "{%s}", labels);
		buf_text(out, " ");
		put_decimal(out,
			(uint64_t)db_column_int(
				reply, CALL_COUNTERS, row, 2, 0),
			has_suffix(name, "_seconds_sum") ? 3 : 0);
	}
}

/* --- the answer
 * --------------------------------------------------------------- */

/* ${reply} NULL: the database is away. */
static enum api_want
answer(struct api_task *task, const struct db_reply *reply)
{
	struct arena *arena = task->request.arena;
	struct buf out;

	buf_init(&out, arena);
	put_build(task, &out);
	if (task->context->metrics != NULL) {
		put_api(task->context->metrics, &out);
		put_processes(task->context->metrics, &out);
	}
	if (reply != NULL) {
		put_operations(reply, &out);
		put_components(arena, reply, &out);
		put_counters(arena, reply, &out);
	}
	return api_send(task, 200, METRICS_TYPE, buf_bytes(&out));
}

static enum api_want
on_no_database(struct api_task *task, const struct err *e)
{
	(void)e;
	return answer(task, NULL);
}

enum api_want
api_metrics(struct api_task *task)
{
	task->progress->on_failure = on_no_database;
	api_call(task, DB_QUERY_metrics_components, NULL);
	api_call(task, DB_QUERY_metrics_operations, NULL);
	api_call(task, DB_QUERY_metrics_counters, NULL);
	return api_read(task, answer);
}
