/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_route.h"
#include "base/base_buf.h"
#include "base/base_text.h"

#include <string.h>

#define SEGMENT_MAX 253U

/* The segment at the start of ${path}, which is behind a '/'. */
static struct bytes
segment_of(const char *path)
{
	return (struct bytes){path, strcspn(path, "/")};
}

static bool
is_equal(struct bytes segment, const char *text)
{
	return segment.len == strlen(text) &&
	       memcmp(segment.data, text, segment.len) == 0;
}

/* A decoded segment that may stand for a placeholder; NULL for anything that
 * no name of ours looks like, "..", "%2f" and ";" among it. */
static char *
decode(struct arena *arena, struct bytes segment)
{
	struct err e;
	char *text;

	if (segment.len > 3 * SEGMENT_MAX ||
		text_percent_decode(arena, segment, &text, &e) != 0)
		return NULL;
	return text_is_dns_subdomain(text) || kind_find(text) != NULL ? text
								      : NULL;
}

/* Put ${segment} where placeholder ${name} ("{kind}") says. */
static bool
capture(struct arena *arena, struct bytes name, struct bytes segment,
	struct api_target *target)
{
	char *text = decode(arena, segment);

	if (text == NULL)
		return false;
	if (is_equal(name, "{kind}")) {
		target->kind = kind_find(text);
		return target->kind != NULL;
	}
	if (is_equal(name, "{namespace}"))
		target->namespace = text;
	else if (is_equal(name, "{name}"))
		target->name = text;
	else
		target->id = text;
	return true;
}

static bool
match(struct arena *arena, const struct api_route *route, const char *path,
	struct api_target *target)
{
	const char *want = route->template;

	*target = (struct api_target){.kind = NULL};
	while (*want != '\0') {
		if (*want == '{') {
			struct bytes wanted = segment_of(want);
			struct bytes given = segment_of(path);

			if (!capture(arena, wanted, given, target))
				return false;
			want += wanted.len;
			path += given.len;
		} else if (*want++ != *path++) {
			return false;
		}
	}
	if ((route->flags & API_V1) != 0 && strcmp(path, "/") == 0)
		path++;
	return *path == '\0';
}

static void
allow_method(struct buf *allow, const char *method)
{
	if (allow->len > 0)
		buf_text(allow, ", ");
	buf_text(allow, method);
	if (strcmp(method, "GET") == 0)
		buf_text(allow, ", HEAD");
}

const struct api_route *
api_route_find(struct arena *arena, const char *method, const char *path,
	struct api_target *target, const char **allow)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);
	struct buf methods;

	*allow = NULL;
	buf_init(&methods, arena);
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (const struct api_route *r = table; r < table + count; r++) {
		if (!match(arena, r, path, target))
			continue;
		if (strcmp(r->method, method) == 0)
			return r;
		allow_method(&methods, r->method);
	}
	*target = (struct api_target){.kind = NULL};
	if (methods.len > 0)
		*allow = buf_string(&methods);
	return NULL;
}

unsigned
api_route_number(const struct api_route *route)
{
	size_t count;

	return route == NULL ? 0
			     : 1 + (unsigned)(route - api_route_table(&count));
}
