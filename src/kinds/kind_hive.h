/* SPDX-License-Identifier: Apache-2.0 */
/* HelmChart of a Hive metastore: the typed document, shared by its tables,
 * checks and plan. */
#ifndef KIND_HIVE_H
#define KIND_HIVE_H

#include "kinds/kind.h"
#include "kinds/kind_metadata.h"
#include "kinds/kind_pod.h"

/* Users' files hard-code them. */
#define HIVE_SERVICE "metastore"
#define HIVE_PORT 9083U
#define HIVE_DATABASE_SERVICE "mysql-service"

/* Release, Secret and volume of the database that comes with it, and the user
 * that charts/mysql makes. */
#define HIVE_DATABASE_RELEASE "mysql"
#define HIVE_DATABASE_SECRET "mysql-passwords"
#define HIVE_DATABASE_VOLUME "mysql-data-disk"
#define HIVE_DATABASE_USER "metastore"
#define HIVE_DATABASE_PASSWORD "user-password" /* key of the Secret */

/* The one key of the metastore's own Secret. */
#define HIVE_SITE_FILE "metastore-site.xml"

/* Fields of the form. */
#define HIVE_PARAM_CLASS "mysql_storage_class"
#define HIVE_PARAM_SIZE "mysql_storage_size"

struct hive_s3 {
	const char *bucket;
	const char *access_key; /* NULL once taken, like all secrets here */
	const char *secret_key;
	const char *endpoint;
	const char *region;
};

struct hive_jdbc {
	const char *user;
	const char *password;
	const char *url; /* taken if it holds a credential */
	const char *driver;
	const char *type;
};

/* The text spec.values, parsed. */
struct hive_values {
	const char *namespace;
	const char *image;
	struct hive_s3 s3;
	bool has_s3;
	struct hive_jdbc jdbc;
	const char *dns_policy;
	uint64_t replicas;
	struct kind_resources resources;
	const char *java_options;
	struct spec_map node_selector;
	const struct doc_node *affinity;
	const struct doc_node *tolerations;
	const struct doc_node *init_containers;
	const char *aux_jars;
	struct spec_map properties; /* those with credentials are taken */
};

struct hive_spec {
	const char *repo;
	const char *chart;
	const char *name; /* of the release */
	const char *version;
	const char *namespace;
	const char *text;          /* posted */
	struct hive_values values; /* stored */
};

/* From the form: the MySQL server that comes with the metastore. */
struct hive_database {
	const char *storage_class;
	uint64_t size_gi;
};

struct hive_document {
	const char *api_version;
	const char *kind;
	struct kind_metadata metadata;
	struct hive_spec spec;
	struct hive_database database;
	bool has_database;
	struct spec_texts secrets; /* pointers of what is kept sealed */
};

/* Pointers of values that are kept sealed. */
#define HIVE_S3_ACCESS_KEY "/values/s3/accessKey"
#define HIVE_S3_SECRET_KEY "/values/s3/secretKey"
#define HIVE_JDBC_PASSWORD "/values/jdbc/password"
#define HIVE_JDBC_URL "/values/jdbc/url"
#define HIVE_PROPERTY "/values/properties/" /* and the property's name */

/** Whether the value at ${pointer} is kept sealed. */
bool hive_is_sealed(const struct hive_document *document, const char *pointer);

/** Name of the Secret with metastore-site.xml. */
const char *hive_secret_name(
	struct arena *arena, const struct hive_document *document);

/** metastore-site.xml, as the key of a Secret. */
struct kind_secret_key hive_site_key(
	struct arena *arena, const struct hive_document *document);

/* Members of struct kind; contracts in kinds/kind.h. */
void hive_take_params(struct arena *arena, const struct text_form *form,
	void *spec, struct err_list *errors);
void hive_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors);
void hive_take_secrets(struct arena *arena, void *spec,
	struct kind_secret **out, size_t *count);
void hive_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out);

#endif
