/* SPDX-License-Identifier: Apache-2.0 */
/* "METHOD /path" */
#include "fuzz.h"

#include "api/api_cursor.h"
#include "api/api_route.h"
#include "k8s/k8s.h"

#include <string.h>

static void
check_segment(struct arena *arena, struct bytes in)
{
	char *text, *escaped, *again;
	struct err e;

	if (text_percent_decode(arena, in, &text, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	fuzz_must(text_is_utf8(fuzz_bytes(text)), "a segment is UTF-8");
	if (text[0] == '\0' || strcmp(text, ".") == 0 ||
		strcmp(text, "..") == 0)
		return;
	escaped = k8s_path(arena, "{}", text);
	fuzz_must(strpbrk(escaped, "/?#&= ") == NULL,
		"what is escaped stays one segment");
	fuzz_must(text_percent_decode(arena, fuzz_bytes(escaped), &again, &e) ==
			  0,
		"what is escaped is decoded");
	fuzz_equal(fuzz_bytes(again), fuzz_bytes(text), "as it was");
}

static void
check_cursor(struct arena *arena, const char *text)
{
	struct db_component last = {.kind = NULL};
	struct api_cursor cursor, again;

	if (api_cursor_read(arena, text, &cursor) != 0)
		return;
	last.kind = cursor.kind;
	last.namespace = cursor.namespace;
	last.name = cursor.name;
	fuzz_must(api_cursor_read(
			  arena, api_cursor_write(arena, &last), &again) == 0,
		"a cursor that is written is read");
	fuzz_equal(fuzz_bytes(again.kind), fuzz_bytes(cursor.kind), "kind");
	fuzz_equal(fuzz_bytes(again.namespace), fuzz_bytes(cursor.namespace),
		"namespace");
	fuzz_equal(fuzz_bytes(again.name), fuzz_bytes(cursor.name), "name");
}

static void
check_name(const char *name)
{
	if (name != NULL)
		fuzz_must(
			text_is_dns_subdomain(name) || kind_find(name) != NULL,
			"what stands in a path is a name");
}

void
fuzz_path(struct arena *arena, struct bytes in)
{
	struct bytes path = in;
	const char *method = fuzz_text(arena, fuzz_cut(&path, ' '));
	const struct api_route *route;
	struct api_target target;
	const char *allow;

	check_segment(arena, in);
	check_cursor(arena, fuzz_text(arena, in));
	route = api_route_find(
		arena, method, fuzz_text(arena, path), &target, &allow);
	if (route == NULL) {
		fuzz_must(target.name == NULL && target.kind == NULL,
			"no route leaves no target");
		return;
	}
	fuzz_must(strcmp(method, "HEAD") == 0 ||
			  strcmp(method, route->method) == 0,
		"a route is of its method");
	check_name(target.namespace);
	check_name(target.name);
	check_name(target.id);
}
