/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_helm.h"

#include "fail/fail.h"
#include "proc/proc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* helm's own --timeout ends first; this is for a helm that hangs. */
#define DEADLINE_MARGIN_MS 30000U

static const char *
verb_text(enum helm_verb verb)
{
	switch (verb) {
	case HELM_INSTALL:
		return "install";
	case HELM_UPGRADE:
		return "upgrade";
	case HELM_ROLLBACK:
		return "rollback";
	case HELM_UNINSTALL:
		return "uninstall";
	}
	return "";
}

static const char *
outcome_text(enum helm_outcome outcome)
{
	switch (outcome) {
	case HELM_OK:
		return "ok";
	case HELM_BUSY:
		return "busy";
	case HELM_RETRY:
		return "retry";
	case HELM_REFUSED:
		return "refused";
	case HELM_KILLED:
		return "killed";
	}
	return "";
}

/* --- revisions ---------------------------------------------------------- */

static const char *
label_or_null(const struct doc_node *secret, const char *key)
{
	const char *text = apply_label(secret, key);

	return text[0] == '\0' ? NULL : text;
}

static void
read_revision(const struct doc_node *secret, struct helm_revision *out)
{
	*out = (struct helm_revision){
		.number = (unsigned)strtoul(
			apply_label(secret, "version"), NULL, 10),
		.status = apply_label(secret, "status"),
		.operation = label_or_null(secret, HELM_LABEL_OPERATION),
		.digest = label_or_null(secret, HELM_LABEL_DIGEST),
		.secret = doc_text(secret, "metadata.name", ""),
		.uid = doc_text(secret, "metadata.uid", ""),
		.resource_version =
			doc_text(secret, "metadata.resourceVersion", ""),
	};
}

int
apply_helm_revisions(struct apply_job *job, const char *release,
	struct helm_revision **out, size_t *count, struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena, "/api/v1/namespaces/{}/secrets",
			job->claim.namespace),
		.query = k8s_path(job->arena,
			"labelSelector=owner%3Dhelm,name%3D{}", release),
		.is_metadata_only = true};
	struct k8s_answer answer;
	const struct doc_node *items;

	if (apply_kube_ok(job, &request, &answer, e) == -1)
		return -1;
	items = doc_get(answer.body, "items");
	*count = items == NULL ? 0 : items->count;
	*out = arena_array(job->arena, *count + 1, sizeof(**out));
	for (size_t i = 0; i < *count; i++)
		read_revision(items->items[i], &(*out)[i]);
	return 0;
}

/* --- running -------------------------------------------------------------- */

struct watchdog {
	struct apply_worker *worker;
	bool may_stop; /* install and upgrade survive a SIGTERM as "failed" */
};

static enum proc_verdict
ask(void *cookie)
{
	const struct watchdog *dog = cookie;
	struct apply_app *app = dog->worker->app;
	int64_t age_ms = apply_claims_age(
		app->claims, dog->worker->number, apply_clock_ms());

	if (age_ms >= APPLY_KILL_MS)
		return PROC_KILL;
	if (age_ms >= APPLY_TERMINATE_MS)
		return PROC_TERMINATE;
	if (dog->may_stop && atomic_load(&app->is_over))
		return PROC_TERMINATE;
	return PROC_GO_ON;
}

static int
open_kubeconfig(struct apply_job *job, int *fd, struct err *e)
{
	struct bytes text;

	if (k8s_config_render(job->worker->app->setup->cluster, job->arena,
		    &text, e) == -1)
		return -1;
	return proc_memfd("kubeconfig", text, fd, e);
}

static void
note_run(struct apply_job *job, const struct helm_run *run,
	const struct proc_result *result, const struct helm_judgement *judged)
{
	const struct apply_app *app = job->worker->app;

	apply_counts_add(app->counts, "roaster_helm_exec_total",
		arena_format(job->arena, "command=\"%s\",result=\"%s\"",
			verb_text(run->verb), outcome_text(judged->outcome)),
		1);
	LOG_EVENT(app->setup->log,
		judged->outcome == HELM_OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
		"helm_ran", LOG_TEXT("component", job->claim.component),
		LOG_TEXT("operation", job->claim.running),
		LOG_TEXT("command", verb_text(run->verb)),
		LOG_TEXT("release", run->release),
		LOG_TEXT("namespace", run->namespace),
		LOG_TEXT("result", outcome_text(judged->outcome)),
		LOG_INT("status", result->status),
		LOG_INT("ms", (int64_t)(result->wall_us / 1000)),
		LOG_INT("cpu_ms", (int64_t)(result->cpu_us / 1000)),
		LOG_TEXT("why", judged->message));
}

/* What helm said of a failure is kept with the component. */
static void
keep_log(struct apply_job *job, const struct helm_judgement *judged)
{
	const char *lines[] = {judged->message};
	struct db_call call;
	struct err e;

	if (judged->outcome == HELM_OK)
		return;
	call = db_call_make(job->arena, DB_QUERY_apply_log,
		(struct db_value[]){db_text(job->claim.component),
			db_text(job->claim.running), db_text("helm"),
			db_texts(job->arena, lines, 1)});
	(void)apply_run_call(job->worker, &call, &e);
}

int
apply_helm_run(struct apply_job *job, const struct helm_run *run,
	struct bytes values, struct helm_judgement *out, struct err *e)
{
	struct apply_app *app = job->worker->app;
	struct watchdog dog = {.worker = job->worker,
		.may_stop =
			run->verb == HELM_INSTALL || run->verb == HELM_UPGRADE};
	struct proc_command command = {.path = run->helm,
		.argv = helm_argv(job->arena, run),
		.folder = app->store.empty,
		.input = values,
		.deadline_ms = run->timeout_s * 1000 + DEADLINE_MARGIN_MS,
		.n_fds = 2,
		.ask = ask,
		.cookie = &dog};
	const struct bytes *masks = NULL;
	size_t n_masks = 0;
	struct proc_result result;
	int fd = -1;
	int rc = -1;

	if (open_kubeconfig(job, &fd, e) == -1)
		return -1;
	/* One that does not open must not keep a release from going away. */
	if (apply_secrets_open(job, &masks, e) == 0)
		n_masks = job->n_secrets;
	command.environ = helm_environ(
		job->arena, app->store.home, app->store.no_cache, fd);
	command.fds[0] = fd;
	command.fds[1] = app->lock_fd;
	FAILPOINT(apply_helm_due);
	if (apply_job_check(job, e) == -1 ||
		proc_run(job->arena, &command, &result, e) == -1)
		goto out;
	FAILPOINT(apply_helm_over);
	helm_judge(result.status, result.is_timed_out, result.errors, masks,
		n_masks, out);
	note_run(job, run, &result, out);
	keep_log(job, out);
	rc = 0;
out:
	close(fd);
	return rc;
}
