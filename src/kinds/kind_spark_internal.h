/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of SparkApplication share. */
#ifndef KIND_SPARK_INTERNAL_H
#define KIND_SPARK_INTERNAL_H

#include "kinds/kind_spark.h"

/* --- texts: why one is wrong, NULL if it is right ------------------------ */

const char *spark_check_account(const char *text);
const char *spark_check_claim(const char *text);
const char *spark_check_cores(const char *text);
const char *spark_check_cpu(const char *text);
const char *spark_check_memory(const char *text);
const char *spark_check_mount_path(const char *text);
const char *spark_check_package(const char *text);
const char *spark_check_size(const char *text);
const char *spark_check_sub_path(const char *text);
const char *spark_check_volume(const char *text);

/* The same of texts that may hold a credential: they are not to be shown. */
const char *spark_check_application(const char *text);
const char *spark_check_argument(const char *text);
const char *spark_check_metastore(const char *text);
const char *spark_check_secret_key(const char *text);
const char *spark_check_secret_name(const char *text);

/** Whether ${text}, which stands by itself (an argument, a value), holds a
 * credential, or is a flag that one follows. */
bool spark_text_is_secret(const char *text);

/** Whether a label with ${key} on executors is roaster's or Spark's. */
bool spark_label_is_taken(const char *key);

/** Thousandths of a CPU in a text that spark_check_cpu takes. */
double spark_cpu_milli(const char *text);

/* --- checks of parts of a document --------------------------------------- */

/* A document being checked. */
struct spark_checking {
	struct arena *arena;
	const struct doc_node *document;
	const struct spark_form *form;
	struct err_list *errors;
};

/** spec.confs. */
void spark_check_confs(const struct spark_checking *c);

/** spec.volumes, and volumeMounts of both roles. */
void spark_check_volumes(const struct spark_checking *c);

/** The text at ${path} of ${node}; NULL if it is absent, empty or none. */
const struct doc_node *spark_text_at(
	const struct doc_node *node, const char *path);

/* --- volumes ------------------------------------------------------------- */

enum spark_source {
	SPARK_EMPTY_DIR,
	SPARK_CLAIM,    /* made for the driver, or for each executor */
	SPARK_EXISTING, /* a claim that is there already */
};

/* A volume as one role has it. */
struct spark_place {
	const struct spark_mount *mount;
	const struct spark_volume *volume;
	enum spark_source source;
	const char *size;          /* of SPARK_CLAIM */
	const char *storage_class; /* of SPARK_CLAIM; NULL: the default */
};

/** What becomes of ${mount}, whose volume is there. */
void spark_place_of(struct arena *arena, const struct spark_document *document,
	const struct spark_mount *mount, struct spark_place *out);

/** Member "volumes" of the chart's values; nothing if there are none. */
void spark_put_volumes(struct arena *arena, struct json *json,
	const struct spark_document *document, const struct spark_role *role);

/* --- settings ------------------------------------------------------------ */

/** The value of setting ${name}; NULL if the document has none. */
const char *spark_conf(const struct spark_spec *spec, const char *name);

/** The items of a list with commas, without blanks and empty ones. */
struct spec_texts spark_split(struct arena *arena, const char *text);

/** Maven coordinates that Spark fetches: those of the settings, else what the
 * image lacks to read S3. */
struct spec_texts spark_packages(
	struct arena *arena, const struct spark_spec *spec);

/* --- the rest ------------------------------------------------------------ */

#define SPARK_ACCESS_KEY "/s3/accessKey" /* pointers of the sealed values */
#define SPARK_SECRET_KEY "/s3/secretKey"

#define SPARK_PARAMS 5U
extern const struct kind_param spark_params[SPARK_PARAMS];

/** The Secret that roaster writes the keys of the form into. */
const char *spark_secret_name(struct arena *arena, const char *name);

/* Members of struct kind; contracts in kinds/kind.h. */
void spark_take_params(struct arena *arena, const struct text_form *form,
	void *spec, struct err_list *errors);
void spark_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors);
void spark_take_secrets(struct arena *arena, void *spec,
	struct kind_secret **out, size_t *count);
void spark_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out);

#endif
