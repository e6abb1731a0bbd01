/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_judge.h"

#include <stdio.h>
#include <string.h>

/* Reasons why a container waits that no waiting heals. */
static const char *const fatal_reasons[] = {
	"CreateContainerConfigError",
	"ErrImageNeverPull",
	"ErrImagePull",
	"ImagePullBackOff",
	"InvalidImageName",
};

/* Room for "exit code 137 (OOMKilled)" and what the program wrote last. */
#define EXIT_TEXT_SIZE 160U

static bool
is_text(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

/* The ReplicaSet of the present template; Kubernetes names it only in the
 * message of this condition, between quotes. The message is an old one if the
 * template came back to a ReplicaSet that was there and no other has pods. */
static bool
is_present_set(const struct doc_node *deployment, const char *set)
{
	static const char *const states[] = {"True", "False", "Unknown"};
	const struct doc_node *condition = NULL;
	const char *start, *end;

	if (doc_int(deployment, "status.replicas", 0) ==
		doc_int(deployment, "status.updatedReplicas", 0))
		return true;
	for (size_t i = 0; i < COUNT_OF(states) && condition == NULL; i++)
		condition = k8s_condition(deployment, "Progressing", states[i]);
	start = strchr(doc_text(condition, "message", ""), '"');
	end = start == NULL ? NULL : strchr(start + 1, '"');
	if (end == NULL)
		return true; /* it does not say: none may be ruled out */
	return strlen(set) == (size_t)(end - start) - 1 &&
	       strncmp(start + 1, set, strlen(set)) == 0;
}

/* A ReplicaSet is called DEPLOYMENT-HASH, and its pods carry the hash. */
static const struct doc_node *
deployment_of(const struct k8s_judge *judge, const struct doc_node *pod,
	const char *set)
{
	const char *hash =
		doc_text(pod, "metadata.labels.pod-template-hash", "");
	char name[254];
	const size_t set_len = strlen(set), hash_len = strlen(hash);

	if (hash_len == 0 || set_len < hash_len + 2 ||
		!is_text(set + set_len - hash_len, hash))
		return NULL;
	snprintf(
		name, sizeof(name), "%.*s", (int)(set_len - hash_len - 1), set);
	return k8s_find(judge->view->deployments, name);
}

/* Whether ${pod} says something about the present spec of the release: not
 * if it is left from the one before, or nobody keeps it up. */
static bool
is_present(const struct k8s_judge *judge, const struct doc_node *pod)
{
	const struct doc_node *owner = k8s_owner(pod), *controller;
	const char *kind = doc_text(owner, "kind", "");
	const char *name = doc_text(owner, "name", "");

	if (k8s_is_ending(pod))
		return false;
	if (is_text(kind, "ReplicaSet")) {
		controller = deployment_of(judge, pod, name);
		return controller != NULL && k8s_is_observed(controller) &&
		       is_present_set(controller, name);
	}
	if (is_text(kind, "StatefulSet")) {
		controller = k8s_find(judge->view->stateful_sets, name);
		return controller != NULL && k8s_is_observed(controller);
	}
	return is_text(kind, "Job") &&
	       k8s_find(judge->view->jobs, name) != NULL;
}

static bool
mounts_claim(const struct doc_node *pod)
{
	const struct doc_node *volumes = k8s_list_at(pod, "spec.volumes");

	for (size_t i = 0; i < volumes->count; i++) {
		if (doc_get(volumes->items[i], "persistentVolumeClaim") != NULL)
			return true;
	}
	return false;
}

bool
k8s_mounts_claims(const struct doc_node *pods)
{
	const struct doc_node *items = k8s_list_at(pods, "items");

	for (size_t i = 0; i < items->count; i++) {
		if (mounts_claim(items->items[i]))
			return true;
	}
	return false;
}

static void
judge_claims(struct k8s_judge *judge, const struct doc_node *pod)
{
	const struct doc_node *volumes = k8s_list_at(pod, "spec.volumes");

	for (size_t i = 0; i < volumes->count; i++) {
		const char *name = doc_text(volumes->items[i],
			"persistentVolumeClaim.claimName", "");
		const struct doc_node *claim =
			k8s_find(judge->view->claims, name);
		const char *phase = doc_text(claim, "status.phase", "Pending");

		/* One that is not in the view is not of this release; the pod
		 * does not become ready without it. */
		if (claim == NULL || is_text(phase, "Bound"))
			continue;
		judge->is_settled = false;
		k8s_note(judge, K8S_NOTE_TROUBLE, NULL,
			"claim %s of pod %s is %s", name, k8s_name(pod), phase);
	}
}

/* How the container ended the last time, "" if it never did. */
static void
describe_exit(const struct doc_node *status, char out[EXIT_TEXT_SIZE])
{
	const struct doc_node *end = doc_at(status, "state.terminated");
	const char *message;

	if (doc_is_null(end))
		end = doc_at(status, "lastState.terminated");
	message = doc_text(end, "message", "");
	out[0] = '\0';
	if (!doc_is_null(end))
		snprintf(out, EXIT_TEXT_SIZE, "exit code %lld (%s)%s%s, ",
			doc_int(end, "exitCode", 0),
			doc_text(end, "reason", "Error"),
			message[0] == '\0' ? "" : ": ", message);
}

static void
note_crashes(struct k8s_judge *judge, const struct doc_node *pod,
	const struct doc_node *status, const char *reason)
{
	/* It ran once before its first restart, and has ended again. */
	const long long crashes = doc_int(status, "restartCount", 0) + 1;
	char how[EXIT_TEXT_SIZE];

	describe_exit(status, how);
	k8s_note(judge,
		crashes > K8S_CRASHES_MAX ? K8S_NOTE_FATAL : K8S_NOTE_TROUBLE,
		pod, "pod %s container %s: %s%sended %lld times", k8s_name(pod),
		doc_text(status, "name", "?"), reason, how, crashes);
}

static void
note_waiting(struct k8s_judge *judge, const struct doc_node *pod,
	const struct doc_node *status, const char *reason)
{
	const char *message = doc_text(status, "state.waiting.message", "");
	enum k8s_weight weight = K8S_NOTE_STARTING;

	for (size_t i = 0; i < COUNT_OF(fatal_reasons); i++) {
		if (is_text(reason, fatal_reasons[i]))
			weight = K8S_NOTE_FATAL;
	}
	k8s_note(judge, weight, pod, "pod %s container %s: %s%s%s",
		k8s_name(pod), doc_text(status, "name", "?"), reason,
		message[0] == '\0' ? "" : ": ", message);
}

static void
judge_container(struct k8s_judge *judge, const struct doc_node *pod,
	const struct doc_node *status)
{
	const char *reason = doc_text(status, "state.waiting.reason", "");

	if (is_text(reason, "CrashLoopBackOff"))
		note_crashes(judge, pod, status, "CrashLoopBackOff: ");
	else if (reason[0] != '\0')
		note_waiting(judge, pod, status, reason);
	else if (doc_int(doc_at(status, "state.terminated"), "exitCode", 0) !=
		 0)
		note_crashes(judge, pod, status, "");
}

static void
judge_containers(
	struct k8s_judge *judge, const struct doc_node *pod, const char *path)
{
	const struct doc_node *list = k8s_list_at(pod, path);

	for (size_t i = 0; i < list->count; i++)
		judge_container(judge, pod, list->items[i]);
}

static void
judge_scheduling(struct k8s_judge *judge, const struct doc_node *pod)
{
	const struct doc_node *condition =
		k8s_condition(pod, "PodScheduled", "False");

	if (!is_text(doc_text(condition, "reason", ""), "Unschedulable"))
		return;
	k8s_note(judge,
		k8s_age_ms(judge, condition) > K8S_UNSCHEDULABLE_LIMIT_MS
			? K8S_NOTE_FATAL
			: K8S_NOTE_TROUBLE,
		pod, "pod %s: Unschedulable: %s", k8s_name(pod),
		doc_text(condition, "message", ""));
}

static void
judge_pod(struct k8s_judge *judge, const struct doc_node *pod)
{
	const char *phase = doc_text(pod, "status.phase", "Pending");

	if (is_text(phase, "Succeeded") || is_text(phase, "Failed"))
		return; /* its controller makes another or has given up */
	judge_claims(judge, pod);
	if (k8s_condition(pod, "Ready", "True") != NULL)
		return;
	judge_scheduling(judge, pod);
	judge_containers(judge, pod, "status.initContainerStatuses");
	judge_containers(judge, pod, "status.containerStatuses");
	k8s_note(judge, K8S_NOTE_STARTING, pod, "pod %s is %s and not ready",
		k8s_name(pod), phase);
}

void
k8s_judge_pods(struct k8s_judge *judge)
{
	const struct doc_node *pods = k8s_list_at(judge->view->pods, "items");

	for (size_t i = 0; i < pods->count; i++) {
		if (is_present(judge, pods->items[i]))
			judge_pod(judge, pods->items[i]);
	}
}

/* The last failed pod of ${job} in the list, NULL if there is none. */
static const struct doc_node *
failed_pod(const struct k8s_judge *judge, const struct doc_node *job)
{
	const struct doc_node *pods = k8s_list_at(judge->view->pods, "items");
	const struct doc_node *failed = NULL;

	for (size_t i = 0; i < pods->count; i++) {
		const struct doc_node *pod = pods->items[i];

		if (k8s_is_owned(pod, "Job", k8s_name(job)) &&
			is_text(doc_text(pod, "status.phase", ""), "Failed"))
			failed = pod;
	}
	return failed;
}

static void
judge_job(struct k8s_judge *judge, const struct doc_node *job)
{
	const struct doc_node *condition = k8s_condition(job, "Failed", "True");

	if (k8s_condition(job, "Complete", "True") != NULL)
		return;
	judge->is_settled = false;
	if (condition != NULL)
		k8s_note(judge, K8S_NOTE_FATAL, failed_pod(judge, job),
			"job %s: %s: %s", k8s_name(job),
			doc_text(condition, "reason", "Failed"),
			doc_text(condition, "message", ""));
	else
		k8s_note(judge, K8S_NOTE_JOB, NULL, "job %s is not complete",
			k8s_name(job));
}

void
k8s_judge_jobs(struct k8s_judge *judge)
{
	const struct doc_node *jobs = k8s_list_at(judge->view->jobs, "items");

	for (size_t i = 0; i < jobs->count; i++) {
		if (!k8s_is_ending(jobs->items[i]))
			judge_job(judge, jobs->items[i]);
	}
}
