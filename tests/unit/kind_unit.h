/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents taken in and planned. Those of tests/golden are called KIND/NAME,
 * "trino/full", and posted with the form fields of kind_sent.h.
 */
#ifndef KIND_UNIT_H
#define KIND_UNIT_H

#include "kind_sent.h"
#include "kinds/kind.h"
#include "unit_doc.h"
#include "unit_file.h"

#define GOLDEN "tests/golden/"

/* Everything that becomes of a document. */
struct run {
	struct arena *arena;
	struct kind_intake intake;
	struct kind_sealed *sealed; /* with digests that are made up */
	struct kind_plan plan;
	const struct doc_node *values; /* of the last release */
};

/* Of a document KIND/NAME; KIND alone will do. */
static inline const struct kind *
kind_of(struct arena *arena, const char *document)
{
	size_t len = strcspn(document, "/");
	const struct kind *kind = kind_find(arena_copy(arena, document, len));

	assert_non_null(kind);
	return kind;
}

static inline struct bytes
yaml_of(struct arena *arena, const char *document)
{
	return unit_file_read(
		arena, arena_format(arena, GOLDEN "%s.yaml", document));
}

/* 0, or -1 with all that is wrong in ${errors}. */
static inline int
take_in(struct run *run, const char *kind, struct bytes yaml,
	const struct sent *sent, struct err_list *errors)
{
	struct text_pair pairs[SENT_MAX];
	struct text_form form = {pairs, 0};

	for (; sent != NULL && sent->name != NULL; sent++) {
		assert_true(form.count < SENT_MAX);
		pairs[form.count++] =
			(struct text_pair){sent->name, unit_bytes(sent->value)};
	}
	return kind_intake(run->arena, kind_of(run->arena, kind), yaml, &form,
		&run->intake, errors);
}

/* What is wrong with ${yaml}, which is refused. */
static inline struct err_list
refuse(struct arena *arena, const char *kind, struct bytes yaml,
	const struct sent *sent)
{
	struct run run = {.arena = arena};
	struct err_list errors = {0};

	assert_int_equal(take_in(&run, kind, yaml, sent, &errors), -1);
	for (unsigned i = 0; i < errors.count; i++)
		assert_int_equal(errors.items[i].code, ERR_INVALID);
	return errors;
}

/* From the canonical text and run->sealed alone, as the applier does. */
static inline void
make_plan(struct run *run)
{
	const struct kind_intake *intake = &run->intake;
	const struct kind_context context = {intake->identity.namespace,
		intake->identity.name, intake->n_secrets, run->sealed};
	struct err e = {0};
	void *spec;

	if (kind_load(run->arena, intake->kind, intake->canonical, &spec, &e) !=
		0)
		fail_msg("%s: %s", e.path, e.message);
	intake->kind->plan(run->arena, spec, &context, &run->plan);
	assert_true(run->plan.n_releases > 0);
	run->values = unit_json(run->arena,
		run->plan.releases[run->plan.n_releases - 1].values);
}

/* ${yaml}, which is taken. */
static inline struct run
run_yaml(struct arena *arena, const char *kind, struct bytes yaml,
	const struct sent *sent)
{
	struct run run = {.arena = arena};
	struct err_list errors = {0};
	const struct err *e = &errors.items[0];

	if (take_in(&run, kind, yaml, sent, &errors) != 0)
		fail_msg("%s:%u:%u %s: %s", kind, e->line, e->column, e->path,
			e->message);
	run.sealed =
		arena_array(arena, run.intake.n_secrets, sizeof(*run.sealed));
	for (size_t i = 0; i < run.intake.n_secrets; i++)
		run.sealed[i] = (struct kind_sealed){
			run.intake.secrets[i].pointer,
			arena_format(arena, "feed%04zu", i),
		};
	make_plan(&run);
	return run;
}

static inline struct run
run_file(struct arena *arena, const char *document)
{
	return run_yaml(
		arena, document, yaml_of(arena, document), sent_with(document));
}

#endif
