/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_event.h"

#include <string.h>

static const struct doc_limits event_limits = {
	.bytes_max = 4U * 1024U * 1024U,
	.depth_max = 128,
	.nodes_max = 1024U * 1024U,
};

static const struct {
	const char *word;
	enum k8s_event_type type;
} types[] = {
	{"ADDED", K8S_EVENT_MOVED},
	{"MODIFIED", K8S_EVENT_MOVED},
	{"DELETED", K8S_EVENT_MOVED},
	{"BOOKMARK", K8S_EVENT_IDLE},
	{"ERROR", K8S_EVENT_ERROR},
};

static int
read_type(const char *word, enum k8s_event_type *out)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(types[i].word, word) == 0) {
			*out = types[i].type;
			return 0;
		}
	}
	return -1;
}

int
k8s_event_read(struct arena *arena, struct bytes line, struct k8s_event *out,
	struct err *e)
{
	const struct doc_node *root, *object, *labels, *instance;
	struct err why;

	if (doc_parse_json(arena, line, &event_limits, &root, &why) != 0 ||
		read_type(doc_text(root, "type", ""), &out->type) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"the watch sent something that is no event");
	object = doc_get(root, "object");
	labels = doc_at(object, "metadata.labels");
	/* Its name has dots, so it is no path. */
	instance = doc_get(labels, "app.kubernetes.io/instance");
	out->instance = instance != NULL && instance->type == DOC_SCALAR
				? instance->text.data
				: "";
	out->message = out->type == K8S_EVENT_ERROR
			       ? doc_text(object, "message", "")
			       : "";
	return 0;
}
