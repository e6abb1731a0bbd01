/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_pod.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_file.h"
#include "kinds/kind_json.h"

static const struct spec_field resources_fields[] = {
	KIND_FIELD(MAP, kind_resources, requests, "requests",
		.help = "What the scheduler sets aside, by resource."),
	KIND_FIELD(MAP, kind_resources, limits, "limits",
		.help = "The most that is given, by resource."),
};

const struct spec_table kind_resources_table =
	KIND_TABLE(resources_fields, kind_resources);

void
kind_json_resources(struct json *json, const struct kind_resources *resources)
{
	if (resources->requests.count + resources->limits.count == 0)
		return;
	json_key(json, "resources");
	json_object_open(json);
	kind_json_map(json, "requests", &resources->requests);
	kind_json_map(json, "limits", &resources->limits);
	json_object_close(json);
}

/* The part of a document that describes a pod. */
struct pod {
	struct arena *arena;
	struct err_list *errors;
	const struct doc_node *node; /* NULL if absent */
	const char *path;
};

static const char *
path_of(const struct pod *pod, const char *key)
{
	return arena_format(pod->arena, "%s.%s", pod->path, key);
}

/* The text of ${node}'s ${key}; NULL if there is none. */
static const struct doc_node *
text_at(const struct doc_node *node, const char *key)
{
	const struct doc_node *text = doc_get(node, key);

	return doc_is_null(text) || text->type != DOC_SCALAR ? NULL : text;
}

/* Whether ${key} of the pod is a list; its items that are no mappings are
 * errors. */
static bool
check_maps(const struct pod *pod, const char *key)
{
	const struct doc_node *list = doc_get(pod->node, key);
	const char *path = path_of(pod, key);
	bool is_right = kind_check_type(list, DOC_LIST, path, pod->errors);

	for (size_t i = 0; is_right && i < list->count; i++) {
		if (list->items[i]->type != DOC_MAP)
			kind_refuse(pod->errors, list->items[i], path,
				"an item must be a mapping (key: value)");
	}
	return is_right;
}

static void
check_variables(const struct pod *pod, const struct doc_node *container)
{
	const struct doc_node *list = doc_get(container, "env");

	if (list == NULL || list->type != DOC_LIST)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct doc_node *name = text_at(list->items[i], "name");
		const struct doc_node *value = text_at(list->items[i], "value");

		if (name != NULL && value != NULL &&
			kind_name_is_secret(name->text.data))
			kind_refuse(pod->errors, value,
				path_of(pod, "initContainers"),
				"%.60s is a credential in clear: take it from "
				"a Secret by valueFrom.secretKeyRef",
				name->text.data);
	}
}

static void
check_containers(const struct pod *pod)
{
	static const char *const needed[] = {"name", "image"};
	const struct doc_node *list = doc_get(pod->node, "initContainers");

	if (!check_maps(pod, "initContainers"))
		return;
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < COUNT_OF(needed); k++) {
			if (text_at(list->items[i], needed[k]) == NULL)
				kind_refuse(pod->errors, list->items[i],
					path_of(pod, "initContainers"),
					"an init container needs %s",
					needed[k]);
		}
		check_variables(pod, list->items[i]);
	}
}

void
kind_check_pod(struct arena *arena, const struct doc_node *node,
	const char *path, struct err_list *errors)
{
	const struct pod pod = {arena, errors, node, path};

	kind_check_quantities(doc_at(node, "resources.requests"),
		path_of(&pod, "resources.requests"), errors);
	kind_check_quantities(doc_at(node, "resources.limits"),
		path_of(&pod, "resources.limits"), errors);
	kind_check_labels(doc_get(node, "nodeSelector"),
		path_of(&pod, "nodeSelector"), errors);
	(void)kind_check_type(doc_get(node, "affinity"), DOC_MAP,
		path_of(&pod, "affinity"), errors);
	(void)check_maps(&pod, "tolerations");
	check_containers(&pod);
}
