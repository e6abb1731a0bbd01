/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_file.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

/* Compared without regard to case; '-', '_', '.' and ' ' inside are skipped. */
static const char *const words[] = {
	"password",
	"passwd",
	"passphrase",
	"pwd",
	"secret",
	"token",
	"credential",
	"accesskey",
	"accountkey",
	"apikey",
	"encryptionkey",
	"jsonkey",
	"privatekey",
	"sharedkey",
	"storagekey",
};

/* The letters that words begin with: most of a text is none of them. */
static const bool begins[UCHAR_MAX + 1] = {
	['a'] = true,
	['c'] = true,
	['e'] = true,
	['j'] = true,
	['p'] = true,
	['s'] = true,
	['t'] = true,
	['A'] = true,
	['C'] = true,
	['E'] = true,
	['J'] = true,
	['P'] = true,
	['S'] = true,
	['T'] = true,
};

#define REFERENCE "${ENV:"

/* Bytes of ${text} that spell ${word}; 0 if it does not start so. */
static size_t
spelled(struct bytes text, const char *word)
{
	size_t n = 0;

	for (; *word != '\0'; word++) {
		while (n > 0 && n < text.len &&
			strchr("-_. ", text.data[n]) != NULL)
			n++;
		if (n == text.len ||
			tolower((unsigned char)text.data[n]) != *word)
			return 0;
		n++;
	}
	return n;
}

static size_t
word_at(struct bytes text)
{
	size_t n = 0;

	if (!begins[(unsigned char)*text.data])
		return 0;
	for (size_t i = 0; i < COUNT_OF(words) && n == 0; i++)
		n = spelled(text, words[i]);
	return n;
}

static struct bytes
skip(struct bytes text, size_t n)
{
	return (struct bytes){text.data + n, text.len - n};
}

/* Bytes up to the first of ${set}, all if there is none. */
static size_t
span_until(struct bytes text, const char *set)
{
	size_t n = 0;

	while (n < text.len && strchr(set, text.data[n]) == NULL)
		n++;
	return n;
}

/* Bytes of a value that is a reference to the environment and nothing else;
 * 0 if it is not. */
static size_t
reference_at(struct bytes value)
{
	size_t start = 0;
	size_t end;

	while (start < value.len && strchr(" \t\"'", value.data[start]) != NULL)
		start++;
	value = skip(value, start);
	if (value.len < strlen(REFERENCE) ||
		memcmp(value.data, REFERENCE, strlen(REFERENCE)) != 0)
		return 0;
	end = span_until(value, "}");
	if (end == value.len)
		return 0;
	end++;
	if (end < value.len && strchr(" \t\"',;&)<", value.data[end]) == NULL)
		return 0;
	return start + end;
}

/* A key that speaks of a credential, and a value behind it. In a line without
 * '=' and ':' (XML, PEM) the word alone counts. */
static bool
line_has_key(struct bytes line)
{
	bool is_pair = span_until(line, "=:") < line.len;

	while (line.len > 0) {
		size_t n = word_at(line);

		if (n == 0) {
			line = skip(line, 1);
			continue;
		}
		if (!is_pair)
			return true;
		line = skip(line, n);
		n = span_until(line, "=:");
		if (n == line.len)
			return false;
		line = skip(line, n + 1);
		n = reference_at(line);
		if (n == 0)
			return true;
		line = skip(line, n);
	}
	return false;
}

/* "user:password", where a reference to the environment is no password. */
static bool
has_password(struct bytes userinfo)
{
	size_t colon = span_until(userinfo, ":");
	struct bytes password;

	if (colon == userinfo.len)
		return false;
	password = skip(userinfo, colon + 1);
	return password.len > 0 && reference_at(password) != password.len;
}

static bool
line_has_url(struct bytes line)
{
	const char *found;

	while ((found = memmem(line.data, line.len, "://", 3)) != NULL) {
		size_t at;

		line = skip(line, (size_t)(found - line.data) + 3);
		at = span_until(line, " \t\"'@");
		if (at < line.len && line.data[at] == '@' &&
			has_password((struct bytes){line.data, at}))
			return true;
	}
	return false;
}

bool
kind_file_is_secret(const char *text)
{
	while (*text != '\0') {
		struct bytes line = {text, strcspn(text, "\r\n")};

		if (line_has_key(line) || line_has_url(line))
			return true;
		text += line.len + (text[line.len] == '\0' ? 0 : 1);
	}
	return false;
}

bool
kind_name_is_secret(const char *name)
{
	struct bytes rest = {name, strlen(name)};

	for (; rest.len > 0; rest = skip(rest, 1)) {
		if (word_at(rest) > 0)
			return true;
	}
	return false;
}
