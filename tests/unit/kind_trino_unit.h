/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of TrinoCluster share: a document taken in and planned. */
#ifndef KIND_TRINO_UNIT_H
#define KIND_TRINO_UNIT_H

#include "kinds/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/golden/trino"
#define FILE_MAX 65536U

/* Everything that becomes of one file. */
struct run {
	struct arena *arena;
	struct kind_intake intake;
	struct kind_plan plan;
	const struct doc_node *values;
};

static inline const struct kind *
trino(void)
{
	const struct kind *kind = kind_find("trino");

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

static inline void
write_file(const char *path, struct bytes text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fputc('\n', file), '\n');
	assert_int_equal(fclose(file), 0);
}

static inline void
take_in(struct run *run, struct bytes yaml)
{
	const struct text_form form = {NULL, 0};
	struct err_list errors = {0};

	if (kind_intake(run->arena, trino(), yaml, &form, &run->intake,
		    &errors) != 0)
		fail_msg("%u:%u %s: %s", errors.items[0].line,
			errors.items[0].column, errors.items[0].path,
			errors.items[0].message);
}

/* From the canonical text alone, as the applier does; digests are made up. */
static inline void
make_plan(struct run *run)
{
	struct kind_context context = {.namespace = "x", .name = "y"};
	const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	struct kind_sealed *sealed = arena_array(
		run->arena, run->intake.n_secrets + 1, sizeof(*sealed));
	struct err e = {0};
	void *spec;

	for (size_t i = 0; i < run->intake.n_secrets; i++)
		sealed[i] = (struct kind_sealed){
			run->intake.secrets[i].pointer,
			arena_format(run->arena, "feed%04zu", i),
		};
	context.sealed = sealed;
	context.n_sealed = run->intake.n_secrets;
	if (kind_load(run->arena, trino(), run->intake.canonical, &spec, &e) !=
		0)
		fail_msg("%s: %s", e.path, e.message);
	trino()->plan(run->arena, spec, &context, &run->plan);
	assert_int_equal(run->plan.n_releases, 1);
	assert_int_equal(
		doc_parse_json(run->arena, run->plan.releases[0].values,
			&limits, &run->values, &e),
		0);
}

static inline struct run
run_yaml(struct bytes yaml)
{
	struct run run = {.arena = arena_new()};

	take_in(&run, yaml);
	make_plan(&run);
	return run;
}

static inline struct run
run_file(const char *name)
{
	struct arena *arena = arena_new();
	struct run run = run_yaml(
		read_file(arena, arena_format(arena, FOLDER "/%s.yaml", name)));

	arena_free(arena);
	return run;
}

static inline void
assert_golden(struct arena *arena, const char *name, const char *what,
	struct bytes got)
{
	const char *path =
		arena_format(arena, FOLDER "/%s.%s.json", name, what);
	struct bytes wanted;

	if (getenv("GOLDEN_WRITE") != NULL)
		write_file(path, got);
	wanted = read_file(arena, path);
	assert_string_equal(
		arena_format(arena, "%.*s\n", (int)got.len, got.data),
		arena_copy(arena, wanted.data, wanted.len));
}

#endif
