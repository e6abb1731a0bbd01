/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_count.h"

#include "base/base_bytes.h"

static const int statuses[API_METRICS_CODES] = {0, 200, 202, 304, 400, 401, 403,
	404, 405, 409, 411, 412, 413, 414, 415, 422, 429, 431, 500, 501, 503};

static const struct edge {
	uint64_t us;
	const char *seconds;
} edges[API_METRICS_BUCKETS] = {
	{500, "0.0005"},
	{1000, "0.001"},
	{2500, "0.0025"},
	{5000, "0.005"},
	{10000, "0.01"},
	{25000, "0.025"},
	{100000, "0.1"},
	{250000, "0.25"},
	{1000000, "1"},
	{10000000, "10"},
	{60000000, "60"},
	{UINT64_MAX, "+Inf"},
};

int
api_count_status(unsigned i)
{
	return statuses[i];
}

const char *
api_count_edge(unsigned i)
{
	return edges[i].seconds;
}

static unsigned
status_index(int status)
{
	for (unsigned i = 1; i < API_METRICS_CODES; i++)
		if (statuses[i] == status)
			return i;
	return 0;
}

static unsigned
edge_index(uint64_t us)
{
	unsigned i = 0;

	while (us > edges[i].us)
		i++;
	return i;
}

static void
add(_Atomic uint64_t *counter, uint64_t value)
{
	atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

void
api_count_answer(struct api_metrics *metrics, unsigned route, int status,
	uint64_t duration_us)
{
	if (metrics == NULL)
		return;
	add(&metrics->requests[route][status_index(status)], 1);
	add(&metrics->buckets[route][edge_index(duration_us)], 1);
	add(&metrics->sum_us[route], duration_us);
}
