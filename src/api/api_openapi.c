/* SPDX-License-Identifier: Apache-2.0 */
/* GET /openapi.json: the tables of routes, kinds and codes as OpenAPI 3.1. */
#include "api/api_openapi.h"

#include "api/api_answer.h"
#include "api/api_routes.h"
#include "base/base_text.h"

#include <ctype.h>
#include <string.h>

#define JSON_TYPE "application/json"
#define TAG_BYTES 16U

static void
put_kinds(struct json *j)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	json_key(j, "enum");
	json_array_open(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, kinds[i]->name);
	json_array_close(j);
}

/* --- what is sent -----------------------------------------------------------
 */

/* A path's placeholder, or a field in the query string. */
static void
put_parameter(struct json *j, const char *name, const char *in, bool is_needed)
{
	json_object_open(j);
	json_member_text(j, "name", name);
	json_member_text(j, "in", in);
	json_member_bool(j, "required", is_needed);
	openapi_member(j, "schema");
	json_member_text(j, "type", "string");
	if (strcmp(name, "kind") == 0)
		put_kinds(j);
	json_object_close(j);
	json_object_close(j);
}

static void
put_placeholders(
	struct arena *arena, const struct api_route *route, struct json *j)
{
	const char *at = route->template;

	while ((at = strchr(at, '{')) != NULL) {
		size_t len = strcspn(++at, "}");

		put_parameter(j, arena_copy(arena, at, len), "path", true);
	}
}

static void
put_parameters(
	struct arena *arena, const struct api_route *route, struct json *j)
{
	const struct api_field *field = route->fields;

	json_key(j, "parameters");
	json_array_open(j);
	put_placeholders(arena, route, j);
	if (strcmp(route->method, "GET") == 0)
		for (; field < route->fields + API_FIELDS_MAX &&
			field->name != NULL;
			field++)
			put_parameter(
				j, field->name, "query", field->is_required);
	json_array_close(j);
}

/* The YAML in base64, which has the fields of a kind. */
static void
put_yaml(struct arena *arena, struct json *j)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	json_member_text(j, "contentEncoding", "base64");
	json_member_text(j, "contentMediaType", "application/yaml");
	openapi_member(j, "contentSchema");
	json_key(j, "anyOf");
	json_array_open(j);
	for (size_t i = 0; i < count; i++) {
		json_object_open(j);
		json_member_text(j, "$ref",
			arena_format(arena, "#/components/schemas/%s",
				kinds[i]->yaml_kind));
		json_object_close(j);
	}
	json_array_close(j);
	json_object_close(j);
}

static void
put_params(const struct kind *kind, struct json *j)
{
	for (size_t i = 0; i < kind->n_params; i++) {
		openapi_member(j, kind->params[i].name);
		json_member_text(j, "type", "string");
		if (kind->params[i].is_base64)
			json_member_text(j, "contentEncoding", "base64");
		json_member_text(j, "description", kind->params[i].help);
		json_object_close(j);
	}
}

static void
put_properties(
	struct arena *arena, const struct api_route *route, struct json *j)
{
	bool is_intake = (route->flags & API_INTAKE) != 0;
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	openapi_member(j, "properties");
	for (unsigned i = 0; i < API_FIELDS_MAX; i++) {
		if (route->fields[i].name == NULL)
			break;
		openapi_member(j, route->fields[i].name);
		json_member_text(j, "type", "string");
		if (strcmp(route->fields[i].name, "yaml") == 0)
			put_yaml(arena, j);
		json_object_close(j);
	}
	for (size_t i = 0; is_intake && i < count; i++)
		put_params(kinds[i], j);
	json_object_close(j);
}

static bool
put_required(const struct api_route *route, struct json *j)
{
	bool is_any = false;

	json_key(j, "required");
	json_array_open(j);
	for (unsigned i = 0; i < API_FIELDS_MAX; i++) {
		if (!route->fields[i].is_required)
			continue;
		json_text(j, route->fields[i].name);
		is_any = true;
	}
	json_array_close(j);
	return is_any;
}

static void
put_body(struct arena *arena, const struct api_route *route, struct json *j)
{
	static const char *const types[] = {
		"application/x-www-form-urlencoded", JSON_TYPE};
	bool is_needed = false;

	if (route->fields[0].name == NULL || strcmp(route->method, "GET") == 0)
		return;
	openapi_member(j, "requestBody");
	openapi_member(j, "content");
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		openapi_member(j, types[i]);
		openapi_member(j, "schema");
		json_member_text(j, "type", "object");
		put_properties(arena, route, j);
		is_needed = put_required(route, j);
		json_object_close(j);
		json_object_close(j);
	}
	json_object_close(j);
	json_member_bool(j, "required", is_needed);
	json_object_close(j);
}

/* --- routes -----------------------------------------------------------------
 */

static char *
lower(struct arena *arena, const char *text)
{
	char *out = arena_text(arena, text);

	for (char *p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return out;
}

/* "post_v1_kind_create" */
static const char *
name_of(struct arena *arena, const struct api_route *route)
{
	struct buf out;
	bool is_gap = true;

	buf_init(&out, arena);
	buf_text(&out, lower(arena, route->method));
	for (const char *p = route->template; *p != '\0'; p++) {
		bool is_word = isalnum((unsigned char)*p) != 0;

		if (is_word && is_gap)
			buf_text(&out, "_");
		if (is_word)
			buf_put(&out, p, 1);
		is_gap = !is_word;
	}
	return buf_string(&out);
}

static void
put_answers(struct json *j)
{
	openapi_member(j, "responses");
	openapi_member(j, "2XX");
	json_member_text(j, "description", "It is so, or is under way");
	json_object_close(j);
	openapi_member(j, "default");
	json_member_text(j, "$ref", "#/components/responses/Problem");
	json_object_close(j);
	json_object_close(j);
}

static void
put_route(struct arena *arena, const struct api_route *route, struct json *j)
{
	openapi_member(j, lower(arena, route->method));
	json_member_text(j, "operationId", name_of(arena, route));
	json_member_text(j, "summary", route->help);
	if ((route->flags & API_PUBLIC) != 0)
		json_member_raw(j, "security", "[]");
	else
		json_member_text(j, "x-role", api_route_role(route));
	put_parameters(arena, route, j);
	put_body(arena, route, j);
	put_answers(j);
	json_object_close(j);
}

static bool
is_first_of_path(const struct api_route *table, const struct api_route *route)
{
	for (; table < route; table++)
		if (strcmp(table->template, route->template) == 0)
			return false;
	return true;
}

static void
put_paths(struct arena *arena, struct json *j)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);

	openapi_member(j, "paths");
	for (size_t i = 0; i < count; i++) {
		if (!is_first_of_path(table, &table[i]))
			continue;
		openapi_member(j, table[i].template);
		for (size_t k = i; k < count; k++)
			if (strcmp(table[k].template, table[i].template) == 0)
				put_route(arena, &table[k], j);
		json_object_close(j);
	}
	json_object_close(j);
}

void
api_openapi(struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_object_open(&j);
	json_member_text(&j, "openapi", "3.1.0");
	json_member_raw(&j, "info",
		"{\"title\":\"roaster\",\"version\":\"2\","
		"\"summary\":\"Hive metastore, Spark thrift server and Trino "
		"on Kubernetes\",\"license\":{\"name\":\"Apache-2.0\","
		"\"identifier\":\"Apache-2.0\"}}");
	json_member_raw(&j, "security", "[{\"token\":[]}]");
	put_paths(out->arena, &j);
	api_openapi_components(&j);
	json_object_close(&j);
}

/* --- the answer -------------------------------------------------------------
 */

static const char *
tag_of(struct arena *arena, struct bytes text)
{
	unsigned char digest[AUTH_DIGEST_BYTES];

	auth_digest(&text, 1, digest);
	return arena_format(arena, "\"%s\"",
		text_hex(arena,
			(struct bytes){(const char *)digest, TAG_BYTES}));
}

enum api_want
api_openapi_get(struct api_task *task)
{
	struct arena *arena = task->request.arena;
	const char *known = task->request.if_none_match;
	struct buf out;
	const char *tag;

	buf_init(&out, arena);
	api_openapi(&out);
	tag = tag_of(arena, buf_bytes(&out));
	api_header(task, "etag", tag);
	if (known != NULL && strstr(known, tag) != NULL)
		return api_send(task, 304, JSON_TYPE, (struct bytes){"", 0});
	return api_send(task, 200, JSON_TYPE, buf_bytes(&out));
}
