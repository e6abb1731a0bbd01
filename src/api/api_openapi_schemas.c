/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_openapi.h"

#include "api/api.h"
#include "kinds/kind.h"
#include "state/state.h"

static void
put_codes(struct json *j)
{
	openapi_member(j, "code");
	json_key(j, "enum");
	json_array_open(j);
	for (unsigned i = ERR_NONE + 1; i < ERR_CODE_COUNT; i++)
		json_text(j, err_word((enum err_code)i));
	json_array_close(j);
	json_object_close(j);
}

static void
put_states(struct json *j)
{
	openapi_member(j, "state");
	json_key(j, "enum");
	json_array_open(j);
	for (unsigned i = 0; i < STATE_COUNT; i++)
		json_text(j, state_text((enum state)i));
	json_array_close(j);
	json_object_close(j);
}

static void
put_problem(struct json *j)
{
	static const char *const texts[] = {"type", "title", "detail",
		"instance", "request_id", "message", "path"};

	openapi_member(j, "Problem");
	json_member_text(j, "type", "object");
	openapi_member(j, "properties");
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		json_member_raw(j, texts[i], "{\"type\":\"string\"}");
	json_member_raw(j, "status", "{\"type\":\"integer\"}");
	put_codes(j);
	put_states(j);
	json_member_raw(j, "allowed",
		"{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
	json_member_raw(j, "errors",
		"{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"properties\":{\"pointer\":{\"type\":\"string\"},"
		"\"line\":{\"type\":\"integer\"},"
		"\"column\":{\"type\":\"integer\"},"
		"\"detail\":{\"type\":\"string\"}},"
		"\"required\":[\"detail\"]}}");
	json_object_close(j);
	json_member_raw(j, "required",
		"[\"type\",\"title\",\"status\",\"detail\",\"instance\","
		"\"code\",\"request_id\"]");
	json_object_close(j);
}

void
api_openapi_components(struct json *j)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	openapi_member(j, "components");
	json_member_raw(j, "securitySchemes",
		"{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}");
	json_member_raw(j, "responses",
		"{\"Problem\":{\"description\":\"It was refused, or failed\","
		"\"content\":{\"" API_PROBLEM_TYPE
		"\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}"
		"}}}}");
	openapi_member(j, "schemas");
	put_problem(j);
	for (size_t i = 0; i < count; i++) {
		json_key(j, kinds[i]->yaml_kind);
		spec_schema(kinds[i]->table, j);
	}
	json_object_close(j);
	json_object_close(j);
}
