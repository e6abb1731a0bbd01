/* SPDX-License-Identifier: Apache-2.0 */
/* What documents of several kinds say about pods, in the same words. */
#ifndef KIND_POD_H
#define KIND_POD_H

#include "spec/spec.h"

struct kind_resources {
	struct spec_map requests;
	struct spec_map limits;
};

/* Fills a struct kind_resources. */
extern const struct spec_table kind_resources_table;

/** Member "resources" with what is given of ${resources}. */
void kind_json_resources(
	struct json *json, const struct kind_resources *resources);

/**
 * Check what a table cannot say of ${pod}'s resources, nodeSelector, affinity,
 * tolerations and initContainers; absent ones are right, as is a ${pod} that is
 * NULL. Credentials in clear in the environment of init containers are refused:
 * it is readable for many, and Helm keeps it. ${path} is that of ${pod},
 * "spec.worker".
 */
void kind_check_pod(struct arena *arena, const struct doc_node *pod,
	const char *path, struct err_list *errors);

#endif
