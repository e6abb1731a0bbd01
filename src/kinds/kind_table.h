/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds there are: a row in kind_table.c each. */
#ifndef KIND_TABLE_H
#define KIND_TABLE_H

#include "kinds/kind.h"

extern const struct kind kind_hive_metastore;
extern const struct kind kind_spark_thrift_server;
extern const struct kind kind_trino;

/** The kind whose YAML says "kind: ${yaml_kind}"; NULL if there is none. */
const struct kind *kind_find_yaml(const char *yaml_kind);

#endif
