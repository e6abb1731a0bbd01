/* SPDX-License-Identifier: Apache-2.0 */
/* Time as values: nobody here reads a clock. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_TEXT_SIZE 25U /* "2026-11-21T17:22:09.196Z" and NUL */

/** RFC 3339, UTC, milliseconds. ${unix_ms}: years 0..9999, else clamped. */
void time_format(int64_t unix_ms, char out[TIME_TEXT_SIZE]);

/** The inverse, of exactly that form. 0, or -1 if ${text} is not of it. */
int time_parse(const char *text, int64_t *unix_ms);

#define UUID_TEXT_SIZE 37U

/** UUID version 7 (RFC 9562, 5.7) of ${unix_ms} and 10 random bytes. */
void uuid_v7(int64_t unix_ms, const unsigned char random[10],
	char out[UUID_TEXT_SIZE]);

/** Any UUID in lower-case canonical form. */
bool uuid_is_valid(const char *text);

#endif
