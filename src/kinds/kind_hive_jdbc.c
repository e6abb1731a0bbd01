/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_hive_values.h"
#include "kinds/kind_image.h"

#include <string.h>

/* The image has Connector/J 5.1, which calls its driver so. */
#define OLD_IMAGES "cloudcheflabs/"
#define OLD_MYSQL_DRIVER "com.mysql.jdbc.Driver"
#define MYSQL_DRIVER "com.mysql.cj.jdbc.Driver"

const char *const hive_jdbc_types[] = {
	"derby", "mssql", "mysql", "oracle", "postgres", NULL};

/* The first of a type is the one that is meant without a URL. */
static const struct hive_jdbc_type types[] = {
	{"mysql", "jdbc:mysql:", MYSQL_DRIVER, "root"},
	{"mysql", "jdbc:mariadb:", "org.mariadb.jdbc.Driver", "root"},
	{"postgres", "jdbc:postgresql:", "org.postgresql.Driver", NULL},
	{"oracle", "jdbc:oracle:", "oracle.jdbc.OracleDriver", NULL},
	{"mssql", "jdbc:sqlserver:",
		"com.microsoft.sqlserver.jdbc.SQLServerDriver", NULL},
	/* its schema scripts name the schema of this user */
	{"derby", "jdbc:derby:", "org.apache.derby.jdbc.EmbeddedDriver", "APP"},
};

const struct hive_jdbc_type *
hive_jdbc_of_url(const char *url)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strncmp(url, types[i].url, strlen(types[i].url)) == 0)
			return &types[i];
	}
	return NULL;
}

const struct hive_jdbc_type *
hive_jdbc_of_type(const char *type)
{
	size_t i = 0;

	while (strcmp(types[i].type, type) != 0)
		i++;
	return &types[i];
}

static const char *
driver_of(const struct hive_jdbc_type *type, const char *image)
{
	if (strcmp(type->driver, MYSQL_DRIVER) == 0 &&
		kind_image_is(image, OLD_IMAGES))
		return OLD_MYSQL_DRIVER;
	return type->driver;
}

static const char *
url_of(struct arena *arena, const struct hive_document *document)
{
	return arena_format(arena,
		"jdbc:mysql://" HIVE_DATABASE_SERVICE
		".%s.svc:3306/metastore_db?createDatabaseIfNotExist=true"
		"&useSSL=false&allowPublicKeyRetrieval=true",
		document->spec.namespace);
}

void
hive_jdbc_complete(struct arena *arena, struct hive_document *document)
{
	struct hive_jdbc *jdbc = &document->spec.values.jdbc;
	const struct hive_jdbc_type *type;

	if (document->has_database) {
		jdbc->user = HIVE_DATABASE_USER;
		jdbc->password = NULL;
	}
	if (jdbc->url == NULL)
		jdbc->url = url_of(arena, document);
	type = hive_jdbc_of_url(jdbc->url);
	if (type == NULL)
		type = hive_jdbc_of_type(jdbc->type);
	jdbc->type = type->type;
	if (jdbc->user == NULL)
		jdbc->user = type->user;
	if (jdbc->driver == NULL)
		jdbc->driver = driver_of(type, document->spec.values.image);
}
