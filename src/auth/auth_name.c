/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"

#include <string.h>

#define NAME_MAX_BYTES 100U /* the width of the seed's column */

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* By hand, because the functions of ctype.h depend on the locale. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_name_char(char c)
{
	return is_alphanumeric(c) || (c != '\0' && strchr("._@-", c) != NULL);
}

static struct bytes
trim(struct bytes text)
{
	while (text.len > 0 && is_blank(text.data[0])) {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

static bool
is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_name_char(name[i]))
			return false;
	}
	return is_alphanumeric(name[0]) && is_alphanumeric(name[len - 1]);
}

int
auth_name(struct arena *arena, struct bytes name, char **out, struct err *e)
{
	struct bytes trimmed = trim(name);
	char *text;

	if (trimmed.len == 0 || trimmed.len > NAME_MAX_BYTES)
		goto refused;
	text = arena_copy(arena, trimmed.data, trimmed.len);
	for (size_t i = 0; i < trimmed.len; i++)
		text[i] = lower(text[i]);
	if (!is_name(text, trimmed.len))
		goto refused;
	*out = text;
	return 0;
refused:
	return err_set(e, ERR_INVALID, "user",
		"a user name is 1 to %u characters of a-z, 0-9, '.', '_', '@' "
		"and '-', and begins and ends with a letter or a digit",
		NAME_MAX_BYTES);
}
