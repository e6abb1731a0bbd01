/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A posted document of each kind, all the way to the plan. Behind a line of
 * "%%" stand the fields of the form, urlencoded.
 */
#include "fuzz.h"

#include "kinds/kind.h"

#include <stdlib.h>
#include <string.h>

#define FORM_MARK "\n%%\n"
/* Shorter secrets appear by chance. */
#define SECRET_MIN 12U

struct posted {
	struct bytes yaml;
	struct bytes form;
	struct bytes whole;
};

static struct posted
split(struct bytes in)
{
	struct posted out = {.yaml = in, .whole = in};
	const char *mark = in.len == 0 ? NULL
				       : memmem(in.data, in.len, FORM_MARK,
						 strlen(FORM_MARK));

	if (mark == NULL)
		return out;
	out.yaml.len = (size_t)(mark - in.data) + 1;
	out.form.data = mark + strlen(FORM_MARK);
	out.form.len = in.len - (size_t)(out.form.data - in.data);
	return out;
}

/* --- what was refused ------------------------------------------------------
 */

static void
check_errors(const struct err_list *errors, struct bytes yaml)
{
	fuzz_must(errors->total > 0, "a refusal has a reason");
	for (unsigned i = 0; i < errors->count; i++)
		fuzz_error(&errors->items[i], yaml);
}

/* --- secrets ---------------------------------------------------------------
 */

static size_t
times(struct bytes whole, struct bytes part)
{
	size_t n = 0;

	while (fuzz_holds(whole, part)) {
		const char *found =
			memmem(whole.data, whole.len, part.data, part.len);

		n++;
		whole.len -= (size_t)(found + 1 - whole.data);
		whole.data = found + 1;
	}
	return n;
}

/* One that was posted at one place only is nowhere else. */
static void
check_secrets(
	const struct kind_intake *intake, struct bytes whole, struct bytes text)
{
	for (size_t i = 0; i < intake->n_secrets; i++) {
		struct bytes value = intake->secrets[i].value;

		if (value.len >= SECRET_MIN && times(whole, value) == 1)
			fuzz_must(!fuzz_holds(text, value),
				"a secret is not stored in clear");
	}
}

/* --- what was accepted -----------------------------------------------------
 */

static void *
load(struct arena *arena, const struct kind_intake *intake)
{
	struct err e;
	void *spec;
	int rc = kind_load(arena, intake->kind, intake->canonical, &spec, &e);

	if (rc != 0)
		fuzz_equal(fuzz_bytes(e.message), intake->canonical,
			"what is stored is read again");
	return spec;
}

static void
check_canonical(
	struct arena *arena, const struct kind_intake *intake, const void *spec)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	spec_print(intake->kind->stored, spec, &j);
	fuzz_equal(buf_bytes(&out), intake->canonical,
		"what is stored has one form");
}

static void
make_plan(struct arena *arena, const struct kind_intake *intake,
	const void *spec, struct kind_plan *out)
{
	struct kind_sealed *sealed =
		arena_array(arena, intake->n_secrets, sizeof(*sealed));
	const struct kind_context context = {intake->identity.namespace,
		intake->identity.name, intake->n_secrets, sealed};

	for (size_t i = 0; i < intake->n_secrets; i++) {
		sealed[i].pointer = intake->secrets[i].pointer;
		sealed[i].digest = arena_format(arena, "feed%04zu", i);
	}
	*out = (struct kind_plan){.n_secrets = 0};
	intake->kind->plan(arena, spec, &context, out);
}

static bool
is_secret(const struct kind_intake *intake, const char *pointer)
{
	for (size_t i = 0; i < intake->n_secrets; i++)
		if (strcmp(intake->secrets[i].pointer, pointer) == 0)
			return true;
	return false;
}

static void
check_parts(const struct kind_intake *intake, const struct kind_plan *plan)
{
	for (size_t i = 0; i < plan->n_secrets; i++) {
		const struct kind_secret_object *s = &plan->secrets[i];

		fuzz_must(text_is_dns_subdomain(s->name), "a Secret's name");
		for (size_t k = 0; k < s->count; k++)
			for (size_t p = 0; p < s->keys[k].count; p++) {
				const struct kind_part *part =
					&s->keys[k].parts[p];

				fuzz_must(part->type != KIND_PART_SEALED ||
						  is_secret(intake, part->name),
					"a sealed part was taken in");
			}
	}
}

static void
check_names(const struct kind_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		fuzz_must(text_is_dns_subdomain(names->items[i].name),
			"what is made has a name of Kubernetes");
		for (size_t k = 0; k < i; k++)
			fuzz_must(strcmp(names->items[i].type,
					  names->items[k].type) != 0 ||
					  strcmp(names->items[i].name,
						  names->items[k].name) != 0,
				"no name is claimed twice");
	}
}

static void
check_plan(struct arena *arena, const struct kind_intake *intake,
	const void *spec, struct bytes whole)
{
	struct kind_plan one, two;

	make_plan(arena, intake, spec, &one);
	make_plan(arena, intake, load(arena, intake), &two);
	fuzz_must(one.n_releases > 0, "a plan has a release");
	fuzz_must(one.n_releases == two.n_releases, "as many each time");
	for (size_t i = 0; i < one.n_releases; i++) {
		const struct kind_release *release = &one.releases[i];

		fuzz_must(text_is_dns_label(release->name, 53), "a release");
		fuzz_equal(two.releases[i].values, release->values,
			"a plan gives the same bytes each time");
		(void)fuzz_json_read(arena, release->values);
		check_secrets(intake, whole, release->values);
	}
	check_parts(intake, &one);
}

static void
check_accepted(struct arena *arena, const struct kind_intake *intake,
	struct bytes whole)
{
	const void *spec = load(arena, intake);

	fuzz_must(text_is_dns_label(intake->identity.namespace, 63),
		"a namespace is a label");
	fuzz_must(text_is_dns_label(intake->identity.name, 63),
		"a component's name is a label");
	check_canonical(arena, intake, spec);
	check_secrets(intake, whole, intake->canonical);
	check_names(&intake->names);
	check_plan(arena, intake, spec, whole);
}

static void
fuzz_kind(struct arena *arena, const char *name, struct bytes in)
{
	const struct posted posted = split(in);
	struct err_list errors = {.count = 0};
	struct text_form form = {.count = 0};
	struct kind_intake intake;
	struct err e;

	if (text_form_parse(arena, posted.form, &form, &e) != 0)
		return;
	if (kind_intake(arena, kind_find(name), posted.yaml, &form, &intake,
		    &errors) == 0)
		check_accepted(arena, &intake, posted.whole);
	else
		check_errors(&errors, posted.yaml);
}

void
fuzz_hive(struct arena *arena, struct bytes in)
{
	fuzz_kind(arena, "hive_metastore", in);
}

void
fuzz_spark(struct arena *arena, struct bytes in)
{
	fuzz_kind(arena, "spark_thrift_server", in);
}

void
fuzz_trino(struct arena *arena, struct bytes in)
{
	fuzz_kind(arena, "trino", in);
}
