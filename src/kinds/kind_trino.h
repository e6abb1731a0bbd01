/* SPDX-License-Identifier: Apache-2.0 */
/* TrinoCluster: the typed document, shared by its table, checks and plan. */
#ifndef KIND_TRINO_H
#define KIND_TRINO_H

#include "kinds/kind.h"
#include "kinds/kind_metadata.h"
#include "kinds/kind_pod.h"

/* Users' files hard-code it. */
#define TRINO_SERVICE "trino-coordinator-service"

#define TRINO_FILES_MAX 200U /* a role */

struct trino_pull_secret {
	const char *name;
};

struct trino_image {
	const char *repository;
	const char *tag;
	const char *pull_policy;
	struct spec_list pull_secrets; /* of struct trino_pull_secret */
};

struct trino_file {
	const char *name;
	const char *path;
	const char *value; /* "" once it was taken as a secret */
};

struct trino_autoscaler {
	uint64_t min;
	uint64_t max;
	uint64_t cpu_percent;
};

struct trino_role {
	struct kind_resources resources;
	struct spec_map node_selector;
	const struct doc_node *affinity;
	const struct doc_node *tolerations;
	const struct doc_node *init_containers;
	struct spec_list files; /* of struct trino_file */
	/* workers only */
	uint64_t replicas;
	struct trino_autoscaler autoscaler;
	bool has_autoscaler;
};

struct trino_spec {
	const char *namespace;
	const char *service_account;
	struct trino_image image;
	const struct doc_node *security_context;
	struct trino_role coordinator;
	bool has_coordinator; /* so that an empty one is stored */
	struct trino_role worker;
};

/* What plan needs of files that may be sealed then. */
struct trino_computed {
	uint64_t port;
	uint64_t worker_port;
	const char *data_dir;
	struct spec_texts secrets; /* pointers of files taken as secrets */
};

struct trino_document {
	const char *api_version;
	const char *kind;
	struct kind_metadata metadata;
	struct trino_spec spec;
	struct trino_computed computed;
};

/* The files that roaster reads, and what it reads there. */
#define TRINO_CONFIG_FILE "config.properties"
#define TRINO_NODE_FILE "node.properties"
#define TRINO_PORT_KEY "http-server.http.port"
#define TRINO_DATA_DIR_KEY "node.data-dir"

/** The pointer of ${file}: "/coordinator/etc/trino/config.properties". */
const char *trino_pointer(
	struct arena *arena, const char *role, const struct trino_file *file);

/** The HTTP port that config.properties ${text} sets, its default if it sets
 * none (or ${text} is NULL); 0 if it is no port. */
uint64_t trino_port(struct arena *arena, const char *text);

/** Likewise the data folder of node.properties; as it is, right or wrong. */
const char *trino_data_dir(struct arena *arena, const char *text);

/** Name of the Secret that holds the sealed files. */
const char *trino_secret_name(
	struct arena *arena, const struct trino_document *document);

/* Members of struct kind; contracts in kinds/kind.h. */
void trino_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors);
void trino_take_secrets(struct arena *arena, void *spec,
	struct kind_secret **out, size_t *count);
void trino_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out);

#endif
