/* SPDX-License-Identifier: Apache-2.0 */
/* What all kinds share: the table of kinds, intake, load. */
#include "kinds/kind.h"

#include "helm/helm.h"
#include "unit.h"

/* A kind of this test alone, with a form field. */
struct sample {
	const char *api_version;
	const char *kind;
	const char *size;
};

static const struct spec_field sample_fields[] = {
	{.name = "apiVersion",
		.type = SPEC_TEXT,
		.offset = offsetof(struct sample, api_version)},
	{.name = "kind",
		.type = SPEC_TEXT,
		.offset = offsetof(struct sample, kind)},
	{.name = "size",
		.type = SPEC_TEXT,
		.offset = offsetof(struct sample, size)},
};
static const struct spec_table sample_table = {
	sample_fields, COUNT_OF(sample_fields), sizeof(struct sample)};

static void
sample_identity(const void *spec, struct kind_identity *out)
{
	(void)spec;
	*out = (struct kind_identity){"a", "b", "c"};
}

static void
sample_take_params(struct arena *arena, const struct text_form *form,
	void *spec, struct err_list *errors)
{
	struct sample *sample = spec;
	struct err e;

	if (form->count == 0) {
		(void)err_set(&e, ERR_INVALID, "size", "size is missing");
		err_list_add(errors, &e);
		return;
	}
	sample->size = arena_copy(
		arena, form->pairs[0].value.data, form->pairs[0].value.len);
}

static void
sample_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors)
{
	(void)arena;
	(void)document;
	(void)spec;
	(void)errors;
}

static void
sample_take_secrets(struct arena *arena, void *spec, struct kind_secret **out,
	size_t *count)
{
	(void)arena;
	(void)spec;
	*out = NULL;
	*count = 0;
}

static void
sample_names(struct arena *arena, const void *spec, struct kind_names *out)
{
	(void)arena;
	(void)spec;
	*out = (struct kind_names){0, NULL};
}

static const struct kind sample_kind = {
	.name = "sample",
	.yaml_kind = "Sample",
	.yaml_group = "example.com",
	.table = &sample_table,
	.stored = &sample_table,
	.identity = sample_identity,
	.take_params = sample_take_params,
	.check = sample_check,
	.take_secrets = sample_take_secrets,
	.names = sample_names,
};

static int
take_sample(struct arena *arena, const char *yaml, const struct text_form *form,
	struct kind_intake *out, struct err_list *errors)
{
	return kind_intake(
		arena, &sample_kind, unit_bytes(yaml), form, out, errors);
}

static void
form_fields_reach_the_canonical_text(void **cookie)
{
	struct arena *arena = arena_new();
	struct text_pair pair = {"size", {"5Gi", 3}};
	const struct text_form form = {&pair, 1};
	struct err_list errors = {0};
	struct kind_intake intake;

	(void)cookie;
	assert_int_equal(
		take_sample(arena, "kind: Sample\napiVersion: example.com/v1\n",
			&form, &intake, &errors),
		0);
	assert_string_equal(intake.canonical.data,
		"{\"apiVersion\":\"example.com/v1\",\"kind\":\"Sample\","
		"\"size\":\"5Gi\"}");
	assert_string_equal(intake.identity.name, "a");
	assert_int_equal(intake.n_secrets, 0);
	assert_ptr_equal(intake.kind, &sample_kind);
	arena_free(arena);
}

/* Posted without form fields: the first problem's text, how many. */
static const struct {
	const char *yaml;
	unsigned total;
	unsigned line;
	const char *message;
} refused[] = {
	{"kind: Sample\n", 1, 0, "size is missing"},
	{"sise: 1\nkind: Sample\n", 2, 1,
		"unknown key; did you mean \"size\"?"},
	{"apiVersion: example.com\nkind: Sample\n", 2, 1,
		"\"example.com\" is not of the group example.com"},
	{"apiVersion: example.community/v1\nkind: Sample\n", 2, 1,
		"\"example.community/v1\" is not of the group example.com"},
	{"\nkind: TrinoCluster\nsize: []\n", 1, 2,
		"is TrinoCluster: post it to /v1/trino/create"},
	{"kind: sample\n", 1, 1,
		"is \"sample\", but /v1/sample/create takes Sample"},
	{"kind: [Sample]\n", 2, 1,
		"this is a list (- item), but text is needed"},
	{"kind: &a Sample\n", 1, 1, NULL},
	{"", 1, 0, NULL},
};

static void
all_problems_are_reported_but_a_wrong_kind_alone(void **cookie)
{
	const struct text_form form = {NULL, 0};

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct arena *arena = arena_new();
		struct err_list errors = {0};
		struct kind_intake intake;

		assert_int_equal(take_sample(arena, refused[i].yaml, &form,
					 &intake, &errors),
			-1);
		assert_int_equal(errors.total, refused[i].total);
		if (refused[i].message != NULL) {
			assert_string_equal(
				errors.items[0].message, refused[i].message);
			assert_int_equal(errors.items[0].line, refused[i].line);
		}
		arena_free(arena);
	}
}

static void
a_text_without_a_line_is_named_by_its_field(void **cookie)
{
	const struct text_form form = {NULL, 0};
	struct arena *arena = arena_new();
	struct err_list errors = {0};
	struct kind_intake intake;

	(void)cookie;
	assert_int_equal(
		take_sample(arena, "# nothing\n", &form, &intake, &errors), -1);
	assert_string_equal(errors.items[0].path, "yaml");
	arena_free(arena);
}

static void
a_stored_spec_of_another_roasterd_is_refused(void **cookie)
{
	static const struct {
		const char *canonical;
		const char *message;
	} cases[] = {
		{"{\"colour\":\"red\"}", "colour: unknown key"},
		{"{\"size\":[]}",
			"size: this is a list (- item), but text is needed"},
		{"{", NULL},
		{"", NULL},
	};

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		const char *text = cases[i].canonical;
		struct err e = {0};
		void *spec;

		assert_int_equal(kind_load(arena, &sample_kind,
					 unit_bytes(text), &spec, &e),
			-1);
		assert_int_equal(e.code, ERR_INTERNAL);
		if (cases[i].message != NULL)
			assert_string_equal(e.message,
				arena_format(arena,
					"the stored spec is not one of this "
					"roasterd: %s",
					cases[i].message));
		arena_free(arena);
	}
}

static void
a_stored_spec_becomes_the_struct_again(void **cookie)
{
	static const char text[] = "{\"size\":\"5Gi\"}";
	struct arena *arena = arena_new();
	const struct sample *sample;
	struct err e = {0};
	void *spec;

	(void)cookie;
	assert_int_equal(
		kind_load(arena, &sample_kind,
			(struct bytes){text, sizeof(text) - 1}, &spec, &e),
		0);
	sample = spec;
	assert_string_equal(sample->size, "5Gi");
	assert_null(sample->kind);
	arena_free(arena);
}

static void
kinds_are_found_by_name(void **cookie)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	(void)cookie;
	assert_true(count >= 1);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(kind_find(kinds[i]->name), kinds[i]);
	assert_null(kind_find("TrinoCluster"));
	assert_null(kind_find(""));
}

static void
every_kind_is_complete(void **cookie)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	(void)cookie;
	for (size_t i = 0; i < count; i++) {
		const struct kind *kind = kinds[i];

		assert_non_null(kind->yaml_kind);
		assert_non_null(kind->yaml_group);
		assert_non_null(kind->v1_component);
		assert_true(kind->n_stages > 0);
		assert_true(kind->table->size == kind->stored->size);
		assert_true(kind->identity != NULL && kind->check != NULL &&
			    kind->take_secrets != NULL && kind->names != NULL &&
			    kind->plan != NULL);
	}
}

/* A stage of a chart that no plan has would have nothing to do, ever. */
static void
every_stage_names_a_chart_there_is_if_it_needs_one(void **cookie)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);

	(void)cookie;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < kinds[i]->n_stages; k++) {
			const struct kind_stage *stage = &kinds[i]->stages[k];

			assert_non_null(stage->name);
			if (stage->type == KIND_STAGE_NAMESPACE ||
				stage->type == KIND_STAGE_SECRETS)
				assert_null(stage->chart);
			else
				assert_non_null(helm_chart_find(stage->chart));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_fields_reach_the_canonical_text),
		cmocka_unit_test(
			all_problems_are_reported_but_a_wrong_kind_alone),
		cmocka_unit_test(a_text_without_a_line_is_named_by_its_field),
		cmocka_unit_test(a_stored_spec_of_another_roasterd_is_refused),
		cmocka_unit_test(a_stored_spec_becomes_the_struct_again),
		cmocka_unit_test(kinds_are_found_by_name),
		cmocka_unit_test(every_kind_is_complete),
		cmocka_unit_test(
			every_stage_names_a_chart_there_is_if_it_needs_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
