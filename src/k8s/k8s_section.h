/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of what stands in a kubeconfig. */
#ifndef K8S_SECTION_H
#define K8S_SECTION_H

#include "k8s/k8s_config_internal.h"

/* One entry of a kubeconfig. */
struct k8s_section {
	const char *file;
	const char *label; /* "users[admin]" */
	const struct doc_node *node;
};

/** The text under ${key}; NULL if absent, null or "". */
const char *k8s_section_text(
	const struct k8s_section *section, const char *key);

bool k8s_section_is_true(const struct k8s_section *section, const char *key);

/** INVALID naming file, section and ${key}; ${problem} begins with a verb.
 * Returns -1. */
int k8s_section_bad(struct arena *arena, const struct k8s_section *section,
	const char *key, const char *problem, struct err *e);

/** The file that ${key} names, as seen from the kubeconfig; NULL: none. */
const char *k8s_section_file(struct arena *arena,
	const struct k8s_section *section, const char *key);

/** What is under "${key}-data" as base64, else in the file under ${key}; empty
 * if neither is there. */
int k8s_section_pem(struct arena *arena, const struct k8s_section *section,
	const char *key, struct bytes *out, struct err *e);

int k8s_cluster_parse(struct arena *arena, const struct k8s_section *section,
	struct k8s_cluster *out, struct err *e);

/** ${cluster} is for a plugin that wants to know it. */
int k8s_user_parse(struct arena *arena, const struct k8s_section *section,
	const struct k8s_cluster *cluster, struct k8s_user *out, struct err *e);

/** The exec plugin of a user; NULL if it has none. */
int k8s_plugin_parse(struct arena *arena, const struct k8s_section *section,
	const struct k8s_cluster *cluster, const struct k8s_exec **out,
	struct err *e);

/** Write what k8s_cluster_parse read, as in a kubeconfig. */
void k8s_cluster_write(
	struct arena *arena, const struct k8s_cluster *cluster, struct json *j);

#endif
