/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of all API workers, in memory they share. */
#ifndef API_METRICS_H
#define API_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#define API_METRICS_ROUTES 64U
#define API_METRICS_CODES 24U
#define API_METRICS_BUCKETS 12U

#define API_METRICS_WORKERS 64U

enum api_process_value {
	API_PROCESS_CPU_US,
	API_PROCESS_RESIDENT_BYTES,
	API_PROCESS_OPEN_FDS,
	API_PROCESS_MAX_FDS,
	API_PROCESS_BEGAN_MS, /* unix time; 0: there is no such process */
	API_PROCESS_VALUES
};

struct api_process {
	_Atomic uint64_t values[API_PROCESS_VALUES];
};

/* Zeroed memory is a valid empty one. Route number 0 is "no route". */
struct api_metrics {
	_Atomic uint64_t requests[API_METRICS_ROUTES][API_METRICS_CODES];
	_Atomic uint64_t buckets[API_METRICS_ROUTES][API_METRICS_BUCKETS];
	_Atomic uint64_t sum_us[API_METRICS_ROUTES];
	_Atomic uint64_t logins[4]; /* accepted, refused, locked, busy */
	_Atomic uint64_t db_errors;
	struct api_process workers[API_METRICS_WORKERS];
};

#endif
