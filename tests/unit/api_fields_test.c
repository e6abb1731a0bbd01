/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_fields.h"
#include "api_unit.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"

/* Read the fields of a request that got past the door. */
static int
read_fields(struct arena *arena, struct api_unit *u, struct err_list *errors)
{
	const char *allow;

	u->task = (struct api_task){
		.context = &u->context, .request = u->request};
	u->task.progress = arena_alloc(arena, sizeof(*u->task.progress));
	u->task.route = api_route_find(arena, u->request.method,
		u->request.path, &u->task.progress->target, &allow);
	assert_non_null(u->task.route);
	*errors = (struct err_list){0};
	return api_fields_read(&u->task, errors);
}

struct field_case {
	const char *path, *type, *query, *body;
	/* of the first problem; -1 code: none */
	int code;
	const char *at, *message;
};

#define CREATE "/v1/users/create"

static const struct field_case cases[] = {
	{CREATE, FORM, "", "user=a&password=b", -1, "", ""},
	{CREATE, FORM, "user=a&password=b", "", -1, "", ""},
	{CREATE, NULL, "user=a&password=b", "", -1, "", ""},
	{CREATE, FORM, "user=a", "password=b", -1, "", ""},
	{CREATE, JSON, "user=a", "{\"password\":\"b\"}", -1, "", ""},
	{CREATE, FORM, "", "user=a&password=b&more=c", -1, "", ""},
	{CREATE, FORM, "", "user=&password=", -1, "", ""},
	{CREATE, JSON, "", "{\"user\":\"a\",\"password\":12}", -1, "", ""},
	{CREATE, JSON, "", "{\"user\":true,\"password\":-1.5}", -1, "", ""},
	{CREATE, FORM, "", "user=a", ERR_INVALID, "password", "missing"},
	{CREATE, FORM, "", "", ERR_INVALID, "user", "missing"},
	{CREATE, FORM, "user=a", "user=a&password=b", ERR_INVALID, "user",
		"twice"},
	{CREATE, FORM, "", "user=a&password=b&user=c", ERR_INVALID, "user",
		"twice"},
	{CREATE, JSON, "user=a", "{\"user\":\"a\",\"password\":\"b\"}",
		ERR_INVALID, "user", "twice"},
	{CREATE, FORM, "", "user=%zz", ERR_INVALID, "user", "escape"},
	{CREATE, FORM, "user=%00", "", ERR_INVALID, "user", "NUL"},
	{CREATE, "text/plain", "", "x", ERR_MEDIA_TYPE, "", "Content-Type"},
	{CREATE, NULL, "", "x", ERR_MEDIA_TYPE, "", "Content-Type"},
	{CREATE, JSON, "", "{", ERR_INVALID, "", "ends too early"},
	{CREATE, JSON, "", "[]", ERR_INVALID, "", "one JSON object"},
	{CREATE, JSON, "", "3", ERR_INVALID, "", "one JSON object"},
	{CREATE, JSON, "", "{\"user\":null,\"password\":\"b\"}", ERR_INVALID,
		"user", "missing"},
	{CREATE, JSON, "", "{\"user\":{},\"password\":\"b\"}", ERR_INVALID,
		"user", "must be a string"},
	{CREATE, JSON, "", "{\"user\":[\"a\"],\"password\":\"b\"}", ERR_INVALID,
		"user", "must be a string"},
	{CREATE, JSON, "", "{\"usr\":\"a\",\"password\":\"b\"}", ERR_INVALID,
		"usr", "did you mean user?"},
	{CREATE, JSON, "", "{\"zzzzzz\":1}", ERR_INVALID, "zzzzzz",
		"no such field here"},
	{"/v1/trino/create", FORM, "wait=1", "yaml=x", -1, "", ""},
	{"/v1/trino/create", FORM, "", "", ERR_INVALID, "yaml", "missing"},
};

static void
api_fields_read_merges_and_refuses(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct field_case *c = &cases[i];
		struct api_unit *u = api_unit_open(*state, "POST", c->path);
		struct err_list errors;
		int rc;

		u->request.content_type = c->type;
		u->request.query = unit_bytes(c->query);
		u->request.body = unit_bytes(c->body);
		rc = read_fields(*state, u, &errors);
		if (rc != (c->code < 0 ? 0 : -1))
			fail_msg("%s %s", c->query, c->body);
		if (rc == 0)
			continue;
		assert_int_equal(errors.items[0].code, c->code);
		assert_string_equal(errors.items[0].path, c->at);
		if (strstr(errors.items[0].message, c->message) == NULL)
			fail_msg("%s: %s", c->body, errors.items[0].message);
	}
}

/* Reads of v2 have a query string only, and a typing error in a filter would
 * list too much. */
static void
api_fields_read_refuses_unknown_ones_of_v2(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/v2/components");
	struct err_list errors;

	u->request.query = unit_bytes("namspace=x");
	assert_int_equal(read_fields(*state, u, &errors), -1);
	assert_string_equal(errors.items[0].message,
		"there is no such field here; did you mean namespace?");
	u->request.query = unit_bytes("namespace=x");
	assert_int_equal(read_fields(*state, u, &errors), 0);
	assert_string_equal(api_field_text(&u->task, "namespace"), "x");
	assert_null(api_field_text(&u->task, "kind"));
	assert_int_equal(api_field_value(&u->task, "kind").len, 0);
}

static void
api_fields_read_leaves_probes_alone(void **state)
{
	struct api_unit *u = api_unit_open(*state, "GET", "/ping");
	struct err_list errors;

	u->request.query = unit_bytes("%zz&a&a");
	assert_int_equal(read_fields(*state, u, &errors), 0);
}

static void
api_fields_read_limits_the_fields(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", CREATE);
	struct err_list errors;
	struct buf text;

	buf_init(&text, *state);
	buf_text(&text, "{");
	for (int i = 0; i < 300; i++)
		buf_format(&text, "\"f%d\":1,", i);
	buf_text(&text, "\"user\":\"a\"}");
	u->request.content_type = JSON;
	u->request.body = buf_bytes(&text);
	assert_int_equal(read_fields(*state, u, &errors), -1);
	assert_non_null(strstr(errors.items[0].message, "more than"));
}

static void
api_field_yaml_is_base64_or_plain_json(void **state)
{
	static const struct {
		const char *type, *body, *yaml; /* NULL: refused */
	} yamls[] = {
		{FORM, "yaml=YTogPj4+", "a: >>>"},
		{FORM, "yaml=YTogPj4%2B", "a: >>>"},
		{FORM, "yaml=YTog\r\nPj4-", "a: >>>"},
		{FORM, "yaml=a:+b", NULL},
		{FORM, "yaml=YTogPj4*", NULL},
		{JSON, "{\"yaml\":\"YTogPj4+\"}", "a: >>>"},
		{JSON, "{\"yaml\":\"YTog\\nPj4-\"}", "a: >>>"},
		{JSON, "{\"yaml\":\"a: b\\nc: d\"}", "a: b\nc: d"},
		{JSON, "{\"yaml\":\"{\\\"a\\\":1}\"}", "{\"a\":1}"},
		{JSON, "{\"yaml\":\"no colon!\"}", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(yamls); i++) {
		struct api_unit *u =
			api_unit_open(*state, "POST", "/v1/trino/create");
		struct err_list errors;
		struct bytes yaml;
		struct err e;
		int rc;

		u->request.content_type = yamls[i].type;
		u->request.body = unit_bytes(yamls[i].body);
		assert_int_equal(read_fields(*state, u, &errors), 0);
		rc = api_field_yaml(&u->task, &yaml, &e);
		assert_int_equal(rc, yamls[i].yaml == NULL ? -1 : 0);
		if (rc == 0)
			assert_string_equal(yaml.data, yamls[i].yaml);
		else
			assert_string_equal(e.path, "yaml");
	}
}

/* A kind that there is not yet: with fields of its own. */
static void
api_field_params_decodes_what_is_base64(void **state)
{
	static const struct kind_param params[] = {
		{"size", false, false, ""},
		{"key", true, true, ""},
		{"other", true, false, ""},
	};
	static const struct kind kind = {
		.name = "x", .params = params, .n_params = COUNT_OF(params)};
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/trino/create");
	struct err_list errors;
	struct text_form form;

	u->request.query = unit_bytes("yaml=x");
	assert_int_equal(read_fields(*state, u, &errors), 0);
	u->task.progress->target.kind = &kind;
	u->task.progress->fields.count = 0;
	u->request.query = unit_bytes("yaml=x&size=5&key=c2VjcmV0");
	u->task.request.query = u->request.query;
	assert_int_equal(api_fields_read(&u->task, &errors), 0);
	assert_int_equal(api_field_params(&u->task, &form, &errors), 0);
	assert_int_equal(form.count, 2);
	assert_string_equal(form.pairs[0].value.data, "5");
	assert_string_equal(form.pairs[1].name, "key");
	assert_string_equal(form.pairs[1].value.data, "secret");
	u->task.progress->fields.count = 0;
	u->task.request.query = unit_bytes("yaml=x&key=!&other=!");
	assert_int_equal(api_fields_read(&u->task, &errors), 0);
	assert_int_equal(api_field_params(&u->task, &form, &errors), -1);
	assert_int_equal(errors.total, 2);
	assert_string_equal(errors.items[1].path, "other");
}

static void
api_field_bool_is_true_or_false(void **state)
{
	struct api_unit *u =
		api_unit_open(*state, "DELETE", "/v1/trino/delete");
	struct err_list errors;
	bool value = true;
	struct err e;

	assert_int_equal(read_fields(*state, u, &errors), 0);
	assert_int_equal(
		api_field_bool(&u->task, "delete_data", &value, &e), 0);
	assert_true(value);
	u->request.query = unit_bytes("delete_data=false");
	assert_int_equal(read_fields(*state, u, &errors), 0);
	assert_int_equal(
		api_field_bool(&u->task, "delete_data", &value, &e), 0);
	assert_false(value);
	u->request.query = unit_bytes("delete_data=yes");
	assert_int_equal(read_fields(*state, u, &errors), 0);
	assert_int_equal(
		api_field_bool(&u->task, "delete_data", &value, &e), -1);
	assert_false(value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_fields_read_merges_and_refuses),
		UNIT_TEST(api_fields_read_refuses_unknown_ones_of_v2),
		UNIT_TEST(api_fields_read_leaves_probes_alone),
		UNIT_TEST(api_fields_read_limits_the_fields),
		UNIT_TEST(api_field_yaml_is_base64_or_plain_json),
		UNIT_TEST(api_field_params_decodes_what_is_base64),
		UNIT_TEST(api_field_bool_is_true_or_false),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
