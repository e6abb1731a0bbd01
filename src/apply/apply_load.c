/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_job.h"

#include <string.h>

int
apply_run_call(
	struct apply_worker *worker, const struct db_call *call, struct err *e)
{
	struct db_reply reply;

	if (db_link_run(worker->link, call, &reply, e) == -1)
		return -1;
	db_link_clear(worker->link);
	return 0;
}

static int
generation_of(const struct db_claim *claim)
{
	/* A component that is deleted before it was taken up ran nothing. */
	return claim->run_generation > 0 ? claim->run_generation
					 : claim->generation;
}

static struct db_call
of_generation(struct apply_job *job, enum db_query query)
{
	return db_call_make(job->arena, query,
		(struct db_value[]){db_text(job->claim.component),
			db_int(job->arena, generation_of(&job->claim))});
}

static int
read_spec(struct apply_job *job, struct bytes *out, struct err *e)
{
	struct db_call call = of_generation(job, DB_QUERY_apply_spec);
	struct db_reply reply;
	const char *spec = NULL;

	if (db_link_run(job->worker->link, &call, &reply, e) == -1)
		return -1;
	if (db_rows(&reply, 0) == 1)
		spec = db_column(job->arena, &reply, 0, 0, 0);
	db_link_clear(job->worker->link);
	if (spec == NULL)
		return err_set(e, ERR_INTERNAL, "",
			"generation %d of the spec is not stored any more",
			generation_of(&job->claim));
	*out = (struct bytes){spec, strlen(spec)};
	return 0;
}

static int
read_secrets(struct apply_job *job, struct err *e)
{
	struct db_call call = of_generation(job, DB_QUERY_apply_secrets);
	struct db_secret *secrets;
	struct db_reply reply;

	if (db_link_run(job->worker->link, &call, &reply, e) == -1)
		return -1;
	job->n_secrets = db_rows(&reply, 0);
	secrets = arena_array(job->arena, job->n_secrets + 1, sizeof(*secrets));
	for (size_t i = 0; i < job->n_secrets; i++)
		db_secret_got(job->arena, &reply, 0, i, &secrets[i]);
	job->secrets = secrets;
	db_link_clear(job->worker->link);
	return 0;
}

static void
make_plan(struct apply_job *job, const void *spec)
{
	struct kind_sealed *sealed =
		arena_array(job->arena, job->n_secrets + 1, sizeof(*sealed));
	const struct kind_context context = {.namespace = job->claim.namespace,
		.name = job->claim.name,
		.n_sealed = job->n_secrets,
		.sealed = sealed};

	for (size_t i = 0; i < job->n_secrets; i++) {
		sealed[i].pointer = job->secrets[i].pointer;
		sealed[i].digest = job->secrets[i].digest;
	}
	job->kind->plan(job->arena, spec, &context, &job->plan);
	job->kind->names(job->arena, spec, &job->names);
}

int
apply_job_load(struct apply_job *job, struct err *e)
{
	struct bytes canonical;
	void *spec;

	/* A generation is never changed. */
	if (job->loaded == generation_of(&job->claim))
		return 0;
	job->loaded = 0;
	job->kind = kind_find(job->claim.kind);
	if (job->kind == NULL)
		return err_set(e, ERR_INTERNAL, "",
			"this roasterd does not know the kind %s; a newer one "
			"wrote it",
			job->claim.kind);
	if (read_spec(job, &canonical, e) == -1 || read_secrets(job, e) == -1 ||
		kind_load(job->arena, job->kind, canonical, &spec, e) == -1)
		return -1;
	make_plan(job, spec);
	job->loaded = generation_of(&job->claim);
	return 0;
}
