/* SPDX-License-Identifier: Apache-2.0 */
/* The form fields that the documents of tests/golden are posted with. */
#ifndef KIND_SENT_H
#define KIND_SENT_H

#include "unit.h"

#include <fnmatch.h>

#define SENT_MAX 6U

/* A form field, decoded; one without a name ends a list. */
struct sent {
	const char *name;
	const char *value;
};

/* clang-format off */
#define SENT_MYSQL {"mysql_storage_class", "standard"}, {"mysql_storage_size", "5"}

/* The first row whose pattern fits counts; without one nothing is sent. */
static const struct {
	const char *documents; /* KIND/NAME */
	struct sent sent[SENT_MAX];
} sent_beside[] = {
	{"hive_metastore/bad/own-*", {{NULL, NULL}}},
	{"hive_metastore/bad/*", {SENT_MYSQL}},
	{"hive_metastore/full", {SENT_MYSQL}},
	{"hive_metastore/sample", {SENT_MYSQL}},
	{"spark_thrift_server/existing", {{"nfs_storage_class", "not-used"}}},
	{"spark_thrift_server/full", {{"s3_access_key", "canary-access"},
		{"s3_secret_key", "canary-secret"}, {"pvc_size", "65536"}}},
	{"spark_thrift_server/sample", {{"nfs_storage_class", "standard"},
		{"nfs_storage_size", "1"}, {"s3_access_key", "canary-access\n"},
		{"s3_secret_key", "canary-secret\r\n"}, {"pvc_size", "1"}}},
};
/* clang-format on */

/* NULL: nothing. */
static inline const struct sent *
sent_with(const char *document)
{
	for (size_t i = 0; i < COUNT_OF(sent_beside); i++) {
		if (fnmatch(sent_beside[i].documents, document, 0) == 0)
			return sent_beside[i].sent;
	}
	return NULL;
}

#endif
