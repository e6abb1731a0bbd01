/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_judge.h"
#include "k8s/k8s_time.h"

#include <string.h>

const struct doc_node *
k8s_list_at(const struct doc_node *node, const char *path)
{
	static const struct doc_node empty = {.type = DOC_LIST};
	const struct doc_node *list = doc_at(node, path);

	return list != NULL && list->type == DOC_LIST ? list : &empty;
}

const char *
k8s_name(const struct doc_node *object)
{
	return doc_text(object, "metadata.name", "");
}

const struct doc_node *
k8s_find(const struct doc_node *list, const char *name)
{
	const struct doc_node *items = k8s_list_at(list, "items");

	for (size_t i = 0; i < items->count; i++) {
		if (strcmp(k8s_name(items->items[i]), name) == 0)
			return items->items[i];
	}
	return NULL;
}

bool
k8s_is_ending(const struct doc_node *object)
{
	return !doc_is_null(doc_at(object, "metadata.deletionTimestamp"));
}

const struct doc_node *
k8s_condition(
	const struct doc_node *object, const char *type, const char *status)
{
	const struct doc_node *list = k8s_list_at(object, "status.conditions");

	for (size_t i = 0; i < list->count; i++) {
		const struct doc_node *condition = list->items[i];

		if (strcmp(doc_text(condition, "type", ""), type) == 0 &&
			strcmp(doc_text(condition, "status", ""), status) == 0)
			return condition;
	}
	return NULL;
}

bool
k8s_is_observed(const struct doc_node *object)
{
	return doc_int(object, "status.observedGeneration", 0) >=
	       doc_int(object, "metadata.generation", 1);
}

int64_t
k8s_age_ms(const struct k8s_judge *judge, const struct doc_node *condition)
{
	int64_t since_ms;

	if (k8s_time_parse(doc_text(condition, "lastTransitionTime", NULL),
		    &since_ms) != 0)
		return 0;
	return judge->view->now_ms - since_ms;
}

const struct doc_node *
k8s_owner(const struct doc_node *object)
{
	const struct doc_node *list =
		k8s_list_at(object, "metadata.ownerReferences");

	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(doc_text(list->items[i], "controller", ""),
			    "true") == 0)
			return list->items[i];
	}
	return NULL;
}

bool
k8s_is_owned(const struct doc_node *object, const char *kind, const char *name)
{
	const struct doc_node *owner = k8s_owner(object);

	return strcmp(doc_text(owner, "kind", ""), kind) == 0 &&
	       strcmp(doc_text(owner, "name", ""), name) == 0;
}
