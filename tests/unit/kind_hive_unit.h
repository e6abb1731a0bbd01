/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the Hive metastore share. */
#ifndef KIND_HIVE_UNIT_H
#define KIND_HIVE_UNIT_H

#include "kinds/kind.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define FOLDER "tests/golden/hive_metastore"
#define FILE_MAX 65536U

/* The form's fields beside the document; NULL: not sent. */
struct sent {
	const char *class;
	const char *size;
};

static const struct sent no_database = {NULL, NULL};
static const struct sent with_database = {"standard", "5"};

/* Everything that becomes of one document. */
struct run {
	struct arena *arena;
	struct kind_intake intake;
	struct kind_plan plan;
};

static inline const struct kind *
hive(void)
{
	const struct kind *kind = kind_find("hive_metastore");

	assert_non_null(kind);
	return kind;
}

static inline struct bytes
read_file(struct arena *arena, const char *path)
{
	char *data = arena_alloc(arena, FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read: run this in the top folder", path);
	len = fread(data, 1, FILE_MAX, file);
	assert_true(len < FILE_MAX);
	assert_int_equal(fclose(file), 0);
	return (struct bytes){data, len};
}

static inline int
take_in(struct arena *arena, struct bytes yaml, const struct sent *sent,
	struct kind_intake *out, struct err_list *errors)
{
	struct text_pair pairs[2];
	struct text_form form = {pairs, 0};

	if (sent->class != NULL)
		pairs[form.count++] = (struct text_pair){
			"mysql_storage_class", unit_bytes(sent->class)};
	if (sent->size != NULL)
		pairs[form.count++] = (struct text_pair){
			"mysql_storage_size", unit_bytes(sent->size)};
	return kind_intake(arena, hive(), yaml, &form, out, errors);
}

/* From the canonical text alone, as the applier does. */
static inline void
make_plan(struct run *run, const struct kind_context *context)
{
	struct err e = {0};
	void *spec;

	if (kind_load(run->arena, hive(), run->intake.canonical, &spec, &e) !=
		0)
		fail_msg("%s: %s", e.path, e.message);
	hive()->plan(run->arena, spec, context, &run->plan);
}

/* Digests are made up. */
static inline void
make_first_plan(struct run *run)
{
	struct kind_context context = {.namespace = "x", .name = "y"};
	struct kind_sealed *sealed = arena_array(
		run->arena, run->intake.n_secrets + 1, sizeof(*sealed));

	for (size_t i = 0; i < run->intake.n_secrets; i++)
		sealed[i] = (struct kind_sealed){
			run->intake.secrets[i].pointer,
			arena_format(run->arena, "feed%04zu", i),
		};
	context.sealed = sealed;
	context.n_sealed = run->intake.n_secrets;
	make_plan(run, &context);
}

static inline struct run
run_yaml(struct bytes yaml, const struct sent *sent)
{
	struct run run = {.arena = arena_new()};
	struct err_list errors = {0};

	if (take_in(run.arena, yaml, sent, &run.intake, &errors) != 0)
		fail_msg("%u:%u %s: %s", errors.items[0].line,
			errors.items[0].column, errors.items[0].path,
			errors.items[0].message);
	make_first_plan(&run);
	return run;
}

static inline struct run
run_file(const char *name, const struct sent *sent)
{
	struct arena *arena = arena_new();
	struct run run = run_yaml(
		read_file(arena, arena_format(arena, FOLDER "/%s.yaml", name)),
		sent);

	arena_free(arena);
	return run;
}

#endif
