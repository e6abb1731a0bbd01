/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds there are. */
#ifndef KIND_TABLE_H
#define KIND_TABLE_H

#include "kinds/kind.h"

/* A row a kind, for its struct kind_NAME. */
#define KINDS(X)               \
	X(hive_metastore)      \
	X(spark_thrift_server) \
	X(trino)

#define X(name) extern const struct kind kind_##name;
KINDS(X)
#undef X

/** The kind whose YAML says "kind: ${yaml_kind}"; NULL if there is none. */
const struct kind *kind_find_yaml(const char *yaml_kind);

#endif
