/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_time.h"

#include <string.h>

#define DAY_MS 86400000LL
#define YEAR_0_MS (-62167219200000LL)
#define YEAR_9999_END_MS 253402300799999LL

struct date {
	unsigned year, month, day;
};

/*
 * Calendar without libc: gmtime_r may read the time zone files, which a locked
 * down process must not. Years start in March, so that the leap day is their
 * last one; an era is 400 years, 146,097 days.
 */
static struct date
date_of_day(int64_t day)
{
	/* Since 0000-03-01, and an era more: January of year 0 is before. */
	uint64_t days = (uint64_t)(day + 719468 + 146097);
	uint64_t in_era, year, in_year, month;
	struct date out;

	in_era = days % 146097;
	year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) /
	       365;
	in_year = in_era - (365 * year + year / 4 - year / 100);
	month = (5 * in_year + 2) / 153;
	out.day = (unsigned)(in_year - (153 * month + 2) / 5 + 1);
	out.month = (unsigned)(month < 10 ? month + 3 : month - 9);
	out.year =
		(unsigned)(year + days / 146097 * 400 - 400 + (out.month <= 2));
	return out;
}

static int64_t
day_of_date(struct date date)
{
	int64_t year = (int64_t)date.year - (date.month <= 2) + 400;
	int64_t month = (int64_t)(date.month + 9) % 12;
	int64_t in_year = (153 * month + 2) / 5 + (int64_t)date.day - 1;
	int64_t era = year / 400, in_era = year % 400;

	in_year += in_era * 365 + in_era / 4 - in_era / 100;
	return era * 146097 + in_year - 719468 - 146097;
}

/* ${number} in ${digits} digits, and what stands behind it; where that ends. By
 * hand, as it is for each line of the log: printf takes five times as long. */
static char *
put(char *to, unsigned number, unsigned digits, char behind)
{
	for (unsigned i = digits; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	to[digits] = behind;
	return to + digits + 1;
}

void
time_format(int64_t unix_ms, char out[TIME_TEXT_SIZE])
{
	int64_t day;
	unsigned ms;
	struct date date;

	if (unix_ms < YEAR_0_MS)
		unix_ms = YEAR_0_MS;
	if (unix_ms > YEAR_9999_END_MS)
		unix_ms = YEAR_9999_END_MS;
	ms = (unsigned)((unix_ms % DAY_MS + DAY_MS) % DAY_MS);
	day = (unix_ms - ms) / DAY_MS;
	date = date_of_day(day);
	out = put(out, date.year, 4, '-');
	out = put(out, date.month, 2, '-');
	out = put(out, date.day, 2, 'T');
	out = put(out, ms / 3600000, 2, ':');
	out = put(out, ms / 60000 % 60, 2, ':');
	out = put(out, ms / 1000 % 60, 2, '.');
	out = put(out, ms % 1000, 3, 'Z');
	*out = '\0';
}

/* The number of the ${len} digits at ${text}; what is not a digit comes out as
 * some number, which time_parse sees when it prints the result. */
static unsigned
number(const char *text, size_t len)
{
	unsigned out = 0;

	for (size_t i = 0; i < len; i++)
		out = out * 10 + ((unsigned)text[i] - '0') % 10;
	return out;
}

int
time_parse(const char *text, int64_t *unix_ms)
{
	char again[TIME_TEXT_SIZE];
	struct date date;
	int64_t ms;

	if (strlen(text) != TIME_TEXT_SIZE - 1)
		return -1;
	date.year = number(text, 4);
	date.month = number(text + 5, 2);
	date.day = number(text + 8, 2);
	ms = (int64_t)number(text + 11, 2) * 3600000 +
	     (int64_t)number(text + 14, 2) * 60000 +
	     (int64_t)number(text + 17, 2) * 1000 + number(text + 20, 3);
	ms += day_of_date(date) * DAY_MS;
	/* 30 February, hour 24, letters: none of them comes back as it was. */
	time_format(ms, again);
	if (strcmp(again, text) != 0)
		return -1;
	*unix_ms = ms;
	return 0;
}

/* By hand, since each request has one. */
void
uuid_v7(int64_t unix_ms, const unsigned char random[10],
	char out[UUID_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[16];

	for (unsigned i = 0; i < 6; i++)
		bytes[i] = (unsigned char)((uint64_t)unix_ms >> (40 - 8 * i));
	memcpy(bytes + 6, random, 10);
	bytes[6] = 0x70 | (bytes[6] & 0xf);
	bytes[8] = 0x80 | (bytes[8] & 0x3f);
	for (unsigned i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

bool
uuid_is_valid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == '-' && text[i] != '-')
			return false;
		if (form[i] == 'x' &&
			strchr("0123456789abcdef", text[i]) == NULL)
			return false;
	}
	return true;
}
