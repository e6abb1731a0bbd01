/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_rate.h"

#include <arpa/inet.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define NETWORK_BYTES 8U

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv */
static uint32_t
hash(const void *data, size_t len)
{
	const unsigned char *bytes = data;
	uint32_t out = 2166136261U;

	for (size_t i = 0; i < len; i++)
		out = (out ^ bytes[i]) * 16777619U;
	return out ^ out >> 16;
}

static int64_t *
bucket_of(struct api_rate *rate, const char *address)
{
	struct in6_addr six;
	uint32_t number;

	if (inet_pton(AF_INET6, address, &six) == 1)
		number = hash(&six, NETWORK_BYTES);
	else
		number = hash(address, strlen(address));
	return &rate->full_at_us[number % API_RATE_SLOTS];
}

bool
api_rate_take(struct api_rate *rate, const char *address, unsigned per_second,
	int64_t now_ms)
{
	int64_t now_us = now_ms * 1000, step_us, *bucket;

	if (per_second == 0)
		return true;
	step_us = SECOND_US / per_second;
	bucket = bucket_of(rate, address);
	/* Full since long ago; or never as late as that: the clock was put
	 * back. */
	if (*bucket < now_us || *bucket > now_us + SECOND_US)
		*bucket = now_us;
	if (*bucket + step_us > now_us + SECOND_US)
		return false;
	*bucket += step_us;
	return true;
}
