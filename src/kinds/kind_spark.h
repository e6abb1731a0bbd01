/* SPDX-License-Identifier: Apache-2.0 */
/* SparkApplication: the typed document of an endless thrift server. */
#ifndef KIND_SPARK_H
#define KIND_SPARK_H

#include "kinds/kind.h"
#include "kinds/kind_metadata.h"
#include "kinds/kind_spark_pod.h"

/* Clients hard-code both. */
#define SPARK_SERVICE "spark-thrift-server-service"
#define SPARK_PORT 10016U

#define SPARK_CHART "spark-thrift-server"

/* Settings that become values of the chart, since the driver needs them too. */
#define SPARK_CONF_PACKAGES "spark.jars.packages"
#define SPARK_CONF_PULL_SECRETS "spark.kubernetes.container.image.pullSecrets"

struct spark_secret_ref {
	const char *name; /* NULL if absent */
	const char *key;
};

struct spark_value_from {
	struct spark_secret_ref secret_key_ref;
};

struct spark_key {
	struct spark_value_from value_from;
};

struct spark_s3 {
	const char *bucket;
	struct spark_key access_key;
	struct spark_key secret_key;
	const char *endpoint;
	const char *region;
};

struct spark_hive {
	struct spec_texts metastore_uris;
};

struct spark_container {
	const char *image;
	const char *pull_policy;
};

struct spark_core {
	const char *application_type;
	const char *deploy_mode;
	struct spark_container container;
	const char *class;
	struct spec_texts args;
	const char *application_file;
	const char *py_files; /* refused */
	const char *namespace;
	struct spark_s3 s3;
	struct spark_hive hive;
};

struct spark_spec {
	struct spark_core core;
	struct spark_role driver;
	struct spark_role executor;
	struct spec_map confs;
	struct spec_list volumes; /* of struct spark_volume */
};

/* What came in fields beside the document. */
struct spark_form {
	const char *storage_class; /* NULL: the cluster's default */
	uint64_t pvc_size;         /* Gi; 0: not given */
	bool has_keys;
	/* until they were taken as secrets */
	struct bytes access_key;
	struct bytes secret_key;
};

struct spark_document {
	const char *api_version;
	const char *kind;
	struct kind_metadata metadata;
	struct spark_spec spec;
	struct spark_form form;
};

#endif
