/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_cursor.h"

#include "base/base_text.h"

#include <string.h>

char *
api_cursor_write(struct arena *arena, const struct db_component *last)
{
	char *plain = arena_format(
		arena, "%s/%s/%s", last->kind, last->namespace, last->name);
	char *text =
		text_base64_encode(arena, (struct bytes){plain, strlen(plain)});

	for (char *c = text; *c != '\0'; c++) {
		if (*c == '+')
			*c = '-';
		else if (*c == '/')
			*c = '_';
		else if (*c == '=')
			*c = '\0';
	}
	return text;
}

/* Cut ${text} at its first '/', if it has one: what is behind. */
static char *
split(char *text)
{
	char *slash = strchr(text, '/');

	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return slash + 1;
}

int
api_cursor_read(struct arena *arena, const char *text, struct api_cursor *out)
{
	struct bytes plain;
	char *kind, *namespace, *name;
	struct err e;

	if (text_base64_decode(arena, (struct bytes){text, strlen(text)},
		    "cursor", &plain, &e) != 0 ||
		memchr(plain.data, '\0', plain.len) != NULL ||
		!text_is_utf8(plain))
		return -1;
	kind = arena_copy(arena, plain.data, plain.len);
	namespace = split(kind);
	name = namespace == NULL ? NULL : split(namespace);
	if (name == NULL || strchr(name, '/') != NULL)
		return -1;
	*out = (struct api_cursor){kind, namespace, name};
	return 0;
}
