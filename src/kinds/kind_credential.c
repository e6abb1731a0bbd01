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

#define SKIPPED "-_. "

/* Most of a text begins no word, and two bytes tell: what the first may be the
 * first of, and what the second may be the second of, have nothing in common.
 * Two looks into tables and no branch for each byte. */
enum { A = 1, C = 2, E = 4, J = 8, P = 16, S = 32, T = 64, ALL = 127 };

/* clang-format off */
#define BOTH_CASES(small, big, set) [small] = (set), [big] = (set)
static const unsigned char firsts[UCHAR_MAX + 1] = {
	BOTH_CASES('a', 'A', A), BOTH_CASES('c', 'C', C),
	BOTH_CASES('e', 'E', E), BOTH_CASES('j', 'J', J),
	BOTH_CASES('p', 'P', P), BOTH_CASES('s', 'S', S),
	BOTH_CASES('t', 'T', T),
};
static const unsigned char seconds[UCHAR_MAX + 1] = {
	['-'] = ALL, ['_'] = ALL, ['.'] = ALL, [' '] = ALL,
	BOTH_CASES('a', 'A', P), BOTH_CASES('c', 'C', A),
	BOTH_CASES('e', 'E', S), BOTH_CASES('h', 'H', S),
	BOTH_CASES('n', 'N', E), BOTH_CASES('o', 'O', T),
	BOTH_CASES('p', 'P', A), BOTH_CASES('r', 'R', C | P),
	BOTH_CASES('s', 'S', J), BOTH_CASES('t', 'T', S),
	BOTH_CASES('w', 'W', P),
};
/* clang-format on */

#define REFERENCE "${ENV:"

/* Bytes of ${text} that spell ${word}; 0 if it does not start so. */
static size_t
spelled(struct bytes text, const char *word)
{
	size_t n = 0;

	for (; *word != '\0'; word++) {
		while (n > 0 && n < text.len &&
			strchr(SKIPPED, text.data[n]) != NULL)
			n++;
		if (n == text.len ||
			tolower((unsigned char)text.data[n]) != *word)
			return 0;
		n++;
	}
	return n;
}

static struct bytes
skip(struct bytes text, size_t n)
{
	return (struct bytes){text.data + n, text.len - n};
}

/* The rest of ${text} from the first place where a word may begin; empty if
 * there is none. */
static struct bytes
to_word(struct bytes text)
{
	const unsigned char *at = (const unsigned char *)text.data;
	size_t n = 0;

	while (n + 1 < text.len && (firsts[at[n]] & seconds[at[n + 1]]) == 0)
		n++;
	return skip(text, n + 1 < text.len ? n : text.len);
}

/* Bytes of the word at the start of ${text}, 0 if there is none. */
static size_t
word_at(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(words) && n == 0; i++)
		n = spelled(text, words[i]);
	return n;
}

/* Cut ${text} to what is behind the first word; whether there was one. */
static bool
pass_word(struct bytes *text)
{
	size_t n;

	for (*text = to_word(*text); text->len > 0;
		*text = to_word(skip(*text, 1))) {
		n = word_at(*text);
		if (n > 0) {
			*text = skip(*text, n);
			return true;
		}
	}
	return false;
}

/* Bytes up to the first of ${set}, all if there is none. */
static size_t
span_until(struct bytes text, const char *set)
{
	const char *found;

	for (; *set != '\0' && text.len > 0; set++) {
		found = memchr(text.data, *set, text.len);
		if (found != NULL)
			text.len = (size_t)(found - text.data);
	}
	return text.len;
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
	size_t n;

	while (pass_word(&line)) {
		if (!is_pair)
			return true;
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

	return pass_word(&rest);
}
