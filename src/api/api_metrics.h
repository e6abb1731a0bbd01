/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of all API workers, in memory they share. */
#ifndef API_METRICS_H
#define API_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#define API_METRICS_ROUTES 64U
#define API_METRICS_CODES 24U
#define API_METRICS_BUCKETS 12U

/* Zeroed memory is a valid empty one. Route number 0 is "no route". */
struct api_metrics {
	_Atomic uint64_t requests[API_METRICS_ROUTES][API_METRICS_CODES];
	_Atomic uint64_t buckets[API_METRICS_ROUTES][API_METRICS_BUCKETS];
	_Atomic uint64_t sum_us[API_METRICS_ROUTES];
	_Atomic uint64_t logins[4]; /* accepted, refused, locked, busy */
	_Atomic uint64_t db_errors;
};

#endif
