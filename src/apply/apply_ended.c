/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_ended.h"

#define DURATION "roaster_operation_duration_seconds"

/* An upgrade takes seconds, an image that is pulled first minutes; half an hour
 * is longer than any time limit of a helm. */
static const int bounds_s[] = {1, 2, 5, 10, 30, 60, 120, 300, 600, 1800};

static void
add(struct apply_job *job, const char *name, const char *labels, int64_t value)
{
	apply_counts_add(job->worker->app->counts, name, labels, value);
}

/* All bounds, those that it did not keep too: a histogram has no gaps. The sum
 * is in ms. */
static void
add_duration(struct apply_job *job, const char *labels, int64_t took_ms)
{
	for (size_t i = 0; i < COUNT_OF(bounds_s); i++)
		add(job, DURATION "_bucket",
			arena_format(job->arena, "%s,le=\"%d\"", labels,
				bounds_s[i]),
			took_ms <= INT64_C(1000) * bounds_s[i]);
	add(job, DURATION "_bucket",
		arena_format(job->arena, "%s,le=\"+Inf\"", labels), 1);
	add(job, DURATION "_count", labels, 1);
	add(job, DURATION "_sum", labels, took_ms);
}

void
apply_count_end(
	struct apply_job *job, const char *operation, const char *result)
{
	struct db_call call = db_call_make(job->arena, DB_QUERY_apply_ended,
		(struct db_value[]){db_text(operation)});
	struct db_reply reply;
	const char *action, *labels;
	struct err e;

	if (db_link_run(job->worker->link, &call, &reply, &e) == -1)
		return;
	if (db_rows(&reply, 0) == 1) {
		action = db_column(job->arena, &reply, 0, 0, 0);
		labels = arena_format(job->arena, "kind=\"%s\",action=\"%s\"",
			job->claim.kind, action);
		add(job, "roaster_operations_total",
			arena_format(
				job->arena, "%s,result=\"%s\"", labels, result),
			1);
		add_duration(job, labels, db_column_int(&reply, 0, 0, 1, 0));
	}
	db_link_clear(job->worker->link);
}
