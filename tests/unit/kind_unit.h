/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents taken in and planned. Those of tests/golden are called KIND/NAME,
 * "trino/full", and posted with the form fields of kind_sent.h.
 */
#ifndef KIND_UNIT_H
#define KIND_UNIT_H

#include "kind_sent.h"
#include "unit_doc.h"

/* Everything that becomes of a document. */
struct run {
	struct arena *arena;
	struct kind_intake intake;
	struct kind_sealed *sealed; /* with digests that are made up */
	struct kind_plan plan;
	const struct doc_node *values; /* of the last release */
};

/* What is wrong with ${yaml}, which is refused. */
static inline struct err_list
refuse(struct arena *arena, const char *kind, struct bytes yaml,
	const struct sent *sent)
{
	struct err_list errors = {0};
	struct kind_intake intake;

	assert_int_equal(
		take_in(arena, kind, yaml, sent, &intake, &errors), -1);
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

	if (take_in(arena, kind, yaml, sent, &run.intake, &errors) != 0)
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
