/* SPDX-License-Identifier: Apache-2.0 */
/* The clocks of the shell; the rooms below get their values as arguments. */
#ifndef HANDLERS_CLOCK_H
#define HANDLERS_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t
handlers_clock_unix_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/** Since some point in the past; never goes back. */
static inline uint64_t
handlers_clock_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

#endif
