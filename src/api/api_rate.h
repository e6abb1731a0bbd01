/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many requests an address may send in a second: each has a bucket of that
 * many, which fills again as time goes by. Of one worker process.
 */
#ifndef API_RATE_H
#define API_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* Addresses that share a slot share a bucket; they are few, and a worker needs
 * no more memory however many there are. */
#define API_RATE_SLOTS 4096U

/* All zero: all buckets are full. */
struct api_rate {
	int64_t full_at_us[API_RATE_SLOTS]; /* unix time */
};

/**
 * Whether ${address} (numeric; of IPv6 its first 64 bits count, which are one
 * customer's) may send a request at ${now_ms} (unix time), which takes one from
 * its bucket of ${per_second}; 0: no limit. What is refused takes none. After
 * a second it may again.
 */
bool api_rate_take(struct api_rate *rate, const char *address,
	unsigned per_second, int64_t now_ms);

#endif
