/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of SparkApplication that are about pods. */
#ifndef KIND_SPARK_POD_H
#define KIND_SPARK_POD_H

#include "spec/spec.h"

#define SPARK_CORES_MAX 1000U
#define SPARK_LIST_MAX 100U /* volumes, mounts of a role */

/* A claimName that means: Spark makes one for each executor. */
#define SPARK_ON_DEMAND "OnDemand"

struct spark_resources {
	uint64_t cores;
	const char *limit_cores;
	const char *memory;
};

struct spark_mount {
	const char *name;
	const char *path;
	const char *propagation; /* "None" */
	bool is_read_only;
	const char *sub_path;
	const char *sub_path_expr; /* refused */
};

struct spark_pod_template {
	const struct doc_node *affinity;
	const struct doc_node *tolerations;
	const struct doc_node *security_context;
	const char *scheduler_name;
	const char *priority_class_name;
	bool host_network; /* false */
	struct spec_map node_selector;
};

struct spark_role {
	const char *service_account; /* driver only */
	uint64_t instances;          /* executors only */
	struct spec_map labels;
	struct spec_map annotations;
	struct spark_resources resources;
	struct spec_list mounts; /* of struct spark_mount */
	struct spark_pod_template pod_template;
};

struct spark_empty_dir {
	const char *medium;
	const char *size_limit;
};

struct spark_claim {
	const char *name;
	bool is_read_only;
	const char *storage_class;
	const char *size_limit;
};

struct spark_volume {
	const char *name;
	const char *type;
	struct spark_empty_dir empty_dir;
	bool has_empty_dir;
	const struct doc_node *host_path; /* refused */
	struct spark_claim claim;
	bool has_claim;
};

/* Both fill a struct spark_role. */
extern const struct spec_table spark_driver_table;
extern const struct spec_table spark_executor_table;

/* Fills a struct spark_volume. */
extern const struct spec_table spark_volume_table;

#endif
