/* SPDX-License-Identifier: Apache-2.0 */
/* What the numbers in struct api_metrics stand for. */
#ifndef API_COUNT_H
#define API_COUNT_H

#include "api/api_metrics.h"

/** The status counted at ${i}, below API_METRICS_CODES; 0: any other. */
int api_count_status(unsigned i);

/** Upper edge of bucket ${i} in seconds, as Prometheus writes it; "+Inf" for
 * the last one. */
const char *api_count_edge(unsigned i);

/** Count one answer of route number ${route}. NULL ${metrics}: nothing. */
void api_count_answer(struct api_metrics *metrics, unsigned route, int status,
	uint64_t duration_us);

#endif
