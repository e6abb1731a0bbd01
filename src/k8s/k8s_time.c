/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_time.h"

#include "base/base_time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SECONDS_LEN 19U /* "2026-11-21T17:22:09" */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The fraction at ${at} as three digits in ${ms}; returns what is behind. */
static const char *
fraction(const char *at, char ms[4])
{
	memcpy(ms, "000", 4);
	if (at[0] != '.' || !is_digit(at[1]))
		return at;
	at++;
	for (unsigned i = 0; is_digit(*at); i++, at++) {
		if (i < 3)
			ms[i] = *at;
	}
	return at;
}

/* Minutes that the zone at ${at} is ahead of UTC. */
static int
zone(const char *at, int *minutes)
{
	if (strcmp(at, "Z") == 0) {
		*minutes = 0;
		return 0;
	}
	if (strlen(at) != 6 || (at[0] != '+' && at[0] != '-') || at[3] != ':' ||
		!is_digit(at[1]) || !is_digit(at[2]) || !is_digit(at[4]) ||
		!is_digit(at[5]))
		return -1;
	*minutes = ((at[1] - '0') * 10 + at[2] - '0') * 60 +
		   (at[4] - '0') * 10 + at[5] - '0';
	if (at[0] == '-')
		*minutes = -*minutes;
	return 0;
}

int
k8s_time_parse(const char *text, int64_t *unix_ms)
{
	char plain[TIME_TEXT_SIZE + 4], ms[4];
	int minutes;

	if (text == NULL || strlen(text) < SECONDS_LEN)
		return -1;
	if (zone(fraction(text + SECONDS_LEN, ms), &minutes) != 0)
		return -1;
	snprintf(plain, sizeof(plain), "%.*s.%sZ", (int)SECONDS_LEN, text, ms);
	if (time_parse(plain, unix_ms) != 0)
		return -1;
	*unix_ms -= (int64_t)minutes * 60000;
	return 0;
}
