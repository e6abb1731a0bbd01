/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of tests/golden and the form fields that they are posted with. */
#ifndef KIND_SENT_H
#define KIND_SENT_H

#include "kinds/kind.h"
#include "unit_file.h"

#include <fnmatch.h>

#define GOLDEN "tests/golden/"
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

/* Of a document KIND/NAME; KIND alone will do. */
static inline const struct kind *
kind_of(struct arena *arena, const char *document)
{
	size_t len = strcspn(document, "/");
	const struct kind *kind = kind_find(arena_copy(arena, document, len));

	assert_non_null(kind);
	return kind;
}

static inline struct bytes
yaml_of(struct arena *arena, const char *document)
{
	return unit_file_read(
		arena, arena_format(arena, GOLDEN "%s.yaml", document));
}

/* 0, or -1 with all that is wrong in ${errors}. */
static inline int
take_in(struct arena *arena, const char *kind, struct bytes yaml,
	const struct sent *sent, struct kind_intake *out,
	struct err_list *errors)
{
	struct text_pair pairs[SENT_MAX];
	struct text_form form = {pairs, 0};

	for (; sent != NULL && sent->name != NULL; sent++) {
		assert_true(form.count < SENT_MAX);
		pairs[form.count++] =
			(struct text_pair){sent->name, unit_bytes(sent->value)};
	}
	return kind_intake(
		arena, kind_of(arena, kind), yaml, &form, out, errors);
}

#endif
