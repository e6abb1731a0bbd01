/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_ready.h"

#include "base/base_line.h"
#include "k8s/k8s_judge.h"

#include <stdio.h>
#include <string.h>

/* A pod's last words are at most 4 KiB (Kubernetes' termination message). */
#define SAID_SIZE 5120U

/* Only looked at among the refusals to make pods: these stay until somebody
 * changes the quota, the limits or the spec. Others (a service account that
 * is just being made, a webhook that starts) get some time. */
static const char *const lasting_refusals[] = {
	"exceeded quota",
	"failed quota",
	"violates PodSecurity",
	"per Container",
	"per Pod",
};

void
k8s_note(struct k8s_judge *judge, enum k8s_weight weight,
	const struct doc_node *pod, const char *format, ...)
{
	const struct k8s_release_view *view = judge->view;
	char text[SAID_SIZE];
	va_list args;

	if (weight <= judge->weight)
		return;
	judge->weight = weight;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Masked before it is cut: half a secret is one, too. */
	text_line((struct bytes){text, strlen(text)}, view->masks,
		view->n_masks, judge->note, sizeof(judge->note));
	snprintf(judge->out->pod, sizeof(judge->out->pod), "%s",
		pod == NULL ? "" : k8s_name(pod));
}

/* What an autoscaler of ${controller} keeps at least, 0 if there is none. */
static unsigned
autoscaled_minimum(const struct k8s_judge *judge, const char *kind,
	const struct doc_node *controller)
{
	const struct doc_node *list =
		k8s_list_at(judge->view->autoscalers, "items");

	for (size_t i = 0; i < list->count; i++) {
		const struct doc_node *spec = doc_get(list->items[i], "spec");
		const char *name = doc_text(spec, "scaleTargetRef.name", "");

		if (strcmp(doc_text(spec, "scaleTargetRef.kind", ""), kind) ==
				0 &&
			strcmp(name, k8s_name(controller)) == 0)
			return (unsigned)doc_int(spec, "minReplicas", 1);
	}
	return 0;
}

static unsigned
count_at(const struct doc_node *object, const char *path, unsigned otherwise)
{
	return (unsigned)doc_int(object, path, otherwise);
}

/* Pods of ${controller} that are wanted; they and the ready ones are added to
 * the verdict. */
static unsigned
add_counts(struct k8s_judge *judge, const char *kind,
	const struct doc_node *controller)
{
	const unsigned ready = count_at(controller, "status.readyReplicas", 0);
	const unsigned least = autoscaled_minimum(judge, kind, controller);
	unsigned wanted = count_at(controller, "spec.replicas", 1);

	if (wanted < least)
		wanted = least;
	judge->controllers++;
	judge->out->wanted += wanted;
	judge->out->ready += ready < wanted ? ready : wanted;
	return wanted;
}

static bool
is_lasting(const char *message)
{
	for (size_t i = 0; i < COUNT_OF(lasting_refusals); i++) {
		if (strstr(message, lasting_refusals[i]) != NULL)
			return true;
	}
	return false;
}

static void
judge_refusal(struct k8s_judge *judge, const struct doc_node *deployment)
{
	const struct doc_node *condition =
		k8s_condition(deployment, "ReplicaFailure", "True");
	const char *message = doc_text(condition, "message", "");
	const bool is_fatal =
		is_lasting(message) ||
		k8s_age_ms(judge, condition) > K8S_UNSCHEDULABLE_LIMIT_MS;

	if (condition == NULL)
		return;
	k8s_note(judge, is_fatal ? K8S_NOTE_FATAL : K8S_NOTE_TROUBLE, NULL,
		"deployment %s: %s: %s", k8s_name(deployment),
		doc_text(condition, "reason", "ReplicaFailure"), message);
}

static void
note_rollout(struct k8s_judge *judge, const char *kind,
	const struct doc_node *controller, unsigned updated, unsigned wanted)
{
	const char *name = k8s_name(controller);

	judge->is_settled = false;
	if (!k8s_is_observed(controller))
		k8s_note(judge, K8S_NOTE_ROLLOUT, NULL,
			"%s %s: the change has not been taken up yet", kind,
			name);
	else if (updated < wanted)
		k8s_note(judge, K8S_NOTE_ROLLOUT, NULL,
			"%s %s: %u of %u pods updated", kind, name, updated,
			wanted);
	else
		k8s_note(judge, K8S_NOTE_ROLLOUT, NULL,
			"%s %s: waits for pods to become available or to end",
			kind, name);
}

/* All pods are of the present template, available, and no others are left. */
static void
judge_deployment(struct k8s_judge *judge, const struct doc_node *deployment)
{
	const unsigned wanted = add_counts(judge, "Deployment", deployment);
	const unsigned updated =
		count_at(deployment, "status.updatedReplicas", 0);
	const unsigned all = count_at(deployment, "status.replicas", 0);
	const unsigned available =
		count_at(deployment, "status.availableReplicas", 0);

	if (k8s_is_observed(deployment) && updated >= wanted &&
		available >= wanted && all == updated && all <= wanted)
		return;
	if (k8s_is_observed(deployment))
		judge_refusal(judge, deployment);
	note_rollout(judge, "deployment", deployment, updated, wanted);
}

/* Pods that a rolling update will replace; the rest is held back. */
static unsigned
to_update(const struct doc_node *set, unsigned wanted)
{
	const struct doc_node *strategy = doc_at(set, "spec.updateStrategy");
	const unsigned kept = count_at(strategy, "rollingUpdate.partition", 0);

	if (strcmp(doc_text(strategy, "type", ""), "OnDelete") == 0 ||
		kept > wanted)
		return 0;
	return wanted - kept;
}

static void
judge_stateful_set(struct k8s_judge *judge, const struct doc_node *set)
{
	const unsigned wanted = add_counts(judge, "StatefulSet", set);
	const unsigned updated = count_at(set, "status.updatedReplicas", 0);
	const unsigned all = count_at(set, "status.replicas", 0);
	const unsigned available = count_at(set, "status.availableReplicas", 0);

	if (k8s_is_observed(set) && updated >= to_update(set, wanted) &&
		available >= wanted && all <= wanted)
		return;
	note_rollout(judge, "stateful set", set, updated, wanted);
}

static void
judge_each(struct k8s_judge *judge, const struct doc_node *list,
	void (*rule)(struct k8s_judge *, const struct doc_node *))
{
	const struct doc_node *items = k8s_list_at(list, "items");

	for (size_t i = 0; i < items->count; i++) {
		if (!k8s_is_ending(items->items[i]))
			rule(judge, items->items[i]);
	}
}

static enum k8s_health
health_of(const struct k8s_judge *judge)
{
	if (judge->controllers < judge->view->controllers_wanted)
		return K8S_ABSENT;
	if (judge->weight == K8S_NOTE_FATAL)
		return K8S_FAILED;
	if (judge->is_settled)
		return K8S_READY;
	return judge->out->ready == 0 ? K8S_WAITING : K8S_PARTIAL;
}

static void
explain(const struct k8s_judge *judge)
{
	struct k8s_verdict *out = judge->out;
	char text[K8S_NOTE_SIZE + 64];

	if (out->health == K8S_ABSENT)
		snprintf(text, sizeof(text),
			"%u of %u deployments and stateful sets are there",
			judge->controllers, judge->view->controllers_wanted);
	else if (out->health == K8S_READY)
		snprintf(text, sizeof(text), "%u of %u pods ready", out->ready,
			out->wanted);
	else
		snprintf(text, sizeof(text), "%u of %u pods ready; %s",
			out->ready, out->wanted, judge->note);
	text_line((struct bytes){text, strlen(text)}, NULL, 0, out->why,
		sizeof(out->why));
}

void
k8s_judge(const struct k8s_release_view *view, struct k8s_verdict *out)
{
	struct k8s_judge judge = {.view = view, .out = out, .is_settled = true};

	*out = (struct k8s_verdict){.health = K8S_ABSENT};
	judge_each(&judge, view->deployments, judge_deployment);
	judge_each(&judge, view->stateful_sets, judge_stateful_set);
	k8s_judge_jobs(&judge);
	k8s_judge_pods(&judge);
	out->health = health_of(&judge);
	if (out->health != K8S_FAILED)
		out->pod[0] = '\0';
	explain(&judge);
}
