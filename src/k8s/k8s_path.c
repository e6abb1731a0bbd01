/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_path.h"

#include "base/base_buf.h"
#include "k8s/k8s.h"

#include <assert.h>
#include <string.h>

/* RFC 3986, 2.3; locale must not matter. */
static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz"
				 "0123456789-._~";

static void
put_escaped(struct buf *out, const char *text)
{
	assert(text != NULL && text[0] != '\0');
	assert(strcmp(text, ".") != 0 && strcmp(text, "..") != 0);
	for (const char *c = text; *c != '\0'; c++) {
		if (strchr(unreserved, *c) != NULL)
			buf_put(out, c, 1);
		else
			buf_format(out, "%%%02X", (unsigned char)*c);
	}
}

char *
k8s_path(struct arena *arena, const char *format, ...)
{
	struct buf out;
	const char *hole;
	va_list args;

	buf_init(&out, arena);
	va_start(args, format);
	while ((hole = strstr(format, "{}")) != NULL) {
		buf_put(&out, format, (size_t)(hole - format));
		put_escaped(&out, va_arg(args, const char *));
		format = hole + 2;
	}
	va_end(args);
	buf_text(&out, format);
	return arena_text(arena, buf_string(&out));
}

/* What follows the first ${n} segments of ${path}, NULL if it has fewer. */
static const char *
skip_segments(const char *path, unsigned n)
{
	while (n-- > 0) {
		path = strchr(path + 1, '/');
		if (path == NULL)
			return NULL;
	}
	return path;
}

static bool
begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool
k8s_path_is_list(const char *path)
{
	/* Behind "/api/v1" or "/apis/GROUP/VERSION". */
	const char *rest =
		skip_segments(path, begins_with(path, "/api/") ? 2 : 3);
	const char *namespaced;

	if (rest == NULL)
		return false;
	if (begins_with(rest, "/namespaces/")) {
		namespaced = skip_segments(rest, 2);
		if (namespaced == NULL)
			return false;
		rest = namespaced;
	}
	return strchr(rest + 1, '/') == NULL;
}
