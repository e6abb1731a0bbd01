/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of k8s_judge share. */
#ifndef K8S_JUDGE_H
#define K8S_JUDGE_H

#include "k8s/k8s_ready.h"

#define K8S_NOTE_SIZE 1024U /* more than a verdict holds: it cuts */

/* How much a remark explains: of two the higher is told, of equals the first.
 */
enum k8s_weight {
	K8S_NOTE_NONE,
	K8S_NOTE_ROLLOUT,  /* the controller is not through */
	K8S_NOTE_STARTING, /* a pod is on its way */
	K8S_NOTE_JOB,
	K8S_NOTE_TROUBLE, /* may heal */
	K8S_NOTE_FATAL,   /* does not heal by waiting */
};

struct k8s_judge {
	const struct k8s_release_view *view;
	struct k8s_verdict *out;
	unsigned controllers;
	bool is_settled; /* everything is as it was asked for */
	enum k8s_weight weight;
	char note[K8S_NOTE_SIZE];
};

/** Remark ${format} about ${pod} (NULL: about no pod). */
void k8s_note(struct k8s_judge *judge, enum k8s_weight weight,
	const struct doc_node *pod, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Look for what keeps the pods of the release from being ready. */
void k8s_judge_pods(struct k8s_judge *judge);

/** Look whether the jobs are complete. */
void k8s_judge_jobs(struct k8s_judge *judge);

/* A list that is never NULL: empty if ${node} has none at ${path}. */
const struct doc_node *k8s_list_at(
	const struct doc_node *node, const char *path);

/** The object of ${list} (a …List or NULL) called ${name}, NULL if absent. */
const struct doc_node *k8s_find(const struct doc_node *list, const char *name);

/** metadata.name, "" if absent. */
const char *k8s_name(const struct doc_node *object);

/** Whether somebody deleted ${object} and it is only not gone yet. */
bool k8s_is_ending(const struct doc_node *object);

/** Condition ${type} of ${object} if its status is ${status}, else NULL. */
const struct doc_node *k8s_condition(
	const struct doc_node *object, const char *type, const char *status);

/** Whether the status of ${object} is about its present spec. */
bool k8s_is_observed(const struct doc_node *object);

/** How long ${condition} has been so, in ms; 0 if it does not say. */
int64_t k8s_age_ms(
	const struct k8s_judge *judge, const struct doc_node *condition);

/** The owner of ${object} that controls it, NULL if none does. */
const struct doc_node *k8s_owner(const struct doc_node *object);

/** Whether ${object} is controlled by a ${kind} called ${name}. */
bool k8s_is_owned(
	const struct doc_node *object, const char *kind, const char *name);

#endif
