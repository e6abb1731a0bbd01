/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_check.h"
#include "kinds/kind_file.h"
#include "kinds/kind_hive_values.h"
#include "kinds/kind_pod.h"
#include "kinds/kind_s3.h"

#include <string.h>

#define ROOT "spec.values"
#define PROPERTIES ROOT ".properties"
#define PROPERTY_MAX 200U /* bytes of a name */

/* Names are those of Hive's MetastoreConf and of Hadoop's S3A. */
static const struct {
	const char *name;
	const char *field; /* that sets it; NULL: none does */
	bool is_s3;        /* only if s3 is given */
} taken[] = {
	{"javax.jdo.option.ConnectionURL", "jdbc.url", false},
	{"javax.jdo.option.ConnectionDriverName", "jdbc.driver", false},
	{"javax.jdo.option.ConnectionUserName", "jdbc.user", false},
	{"javax.jdo.option.ConnectionPassword", "jdbc.password", false},
	{"fs.s3a.endpoint", "s3.endpoint", true},
	{"fs.s3a.endpoint.region", "s3.region", true},
	{"fs.s3a.access.key", "s3.accessKey", true},
	{"fs.s3a.secret.key", "s3.secretKey", true},
	{"metastore.thrift.port", NULL, false},
	{"hive.metastore.port", NULL, false},
};

/* The two names of the folder of tables. */
static const char *const warehouses[] = {
	"metastore.warehouse.dir", "hive.metastore.warehouse.dir"};

static const struct doc_node *
text_of(const struct doc_node *map, const char *key)
{
	const struct doc_node *text = doc_get(map, key);

	return doc_is_null(text) || text->type != DOC_SCALAR ? NULL : text;
}

/* The text at "group.key" of the values; NULL if there is none. */
static const struct doc_node *
value_at(const struct hive_checking *c, const char *group, const char *key)
{
	return text_of(doc_get(c->values, group), key);
}

static bool
has_s3(const struct hive_checking *c)
{
	return !doc_is_null(doc_get(c->values, "s3"));
}

/* XML has no control characters but tab, LF and CR, nor U+FFFE, U+FFFF. */
static bool
is_xml(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' && strchr("\t\n\r", *at) == NULL)
			return false;
	}
	return strstr(text, "\xef\xbf\xbe") == NULL &&
	       strstr(text, "\xef\xbf\xbf") == NULL;
}

static void
check_xml(const struct hive_checking *c, const char *group, const char *key)
{
	const struct doc_node *text = value_at(c, group, key);

	if (text != NULL && !is_xml(text->text.data))
		kind_refuse(c->errors, text,
			arena_format(c->arena, ROOT ".%s.%s", group, key),
			"holds a control character, which no file of "
			"properties can");
}

static void
check_namespace(const struct hive_checking *c)
{
	const struct doc_node *namespace = text_of(c->values, "namespace");

	if (namespace == NULL || c->namespace == NULL ||
		strcmp(namespace->text.data, c->namespace->text.data) == 0)
		return;
	kind_refuse(c->errors, namespace, ROOT ".namespace",
		"is not spec.namespace (%.63s), where the metastore runs: "
		"leave it out",
		c->namespace->text.data);
}

static bool
has_warehouse(const struct hive_checking *c)
{
	for (size_t i = 0; i < COUNT_OF(warehouses); i++) {
		if (value_at(c, "properties", warehouses[i]) != NULL)
			return true;
	}
	return false;
}

static void
check_s3(const struct hive_checking *c)
{
	const struct doc_node *endpoint = value_at(c, "s3", "endpoint");
	const char *why = endpoint == NULL || endpoint->text.len == 0
				  ? NULL
				  : kind_check_endpoint(endpoint->text.data);

	/* Without either, tables would go to the pod's own disk. */
	if (!has_s3(c) && !has_warehouse(c))
		kind_refuse(c->errors, c->values, ROOT ".s3",
			"is missing: give it, or say where tables are by "
			"properties: metastore.warehouse.dir");
	if (why != NULL)
		kind_refuse(
			c->errors, endpoint, ROOT ".s3.endpoint", "%s", why);
	check_xml(c, "s3", "accessKey");
	check_xml(c, "s3", "secretKey");
}

/* Is called with the database that comes with the metastore. */
static void
check_jdbc_unused(const struct hive_checking *c)
{
	const struct doc_node *url = value_at(c, "jdbc", "url");
	const struct doc_node *type = value_at(c, "jdbc", "type");

	if (url != NULL)
		kind_refuse(c->errors, url, ROOT ".jdbc.url",
			"the database is the one of " HIVE_PARAM_CLASS
			" and " HIVE_PARAM_SIZE ": leave out those two, or "
			"this");
	if (type != NULL && strcmp(type->text.data, "mysql") != 0)
		kind_refuse(c->errors, type, ROOT ".jdbc.type",
			"the database of " HIVE_PARAM_CLASS
			" and " HIVE_PARAM_SIZE " is mysql: leave it out");
}

/* The type that the text of ${type} names; NULL if the table refused it. */
static const struct hive_jdbc_type *
type_named(const struct doc_node *type)
{
	for (size_t i = 0; hive_jdbc_types[i] != NULL; i++) {
		if (strcmp(type->text.data, hive_jdbc_types[i]) == 0)
			return hive_jdbc_of_type(type->text.data);
	}
	return NULL;
}

static void
check_jdbc_url(const struct hive_checking *c, const struct doc_node *url,
	bool is_type_known)
{
	bool is_jdbc = strncmp(url->text.data, "jdbc:", strlen("jdbc:")) == 0;

	if (is_jdbc && is_type_known)
		return;
	kind_refuse(c->errors, url, ROOT ".jdbc.url",
		is_jdbc ? "is of no database that is known here: say what it "
			  "is by jdbc.type and jdbc.driver"
			: "is no JDBC URL: write it like "
			  "jdbc:mysql://host:3306/name");
}

/* The type of the database, as far as it can be told; NULL: see errors. */
static const struct hive_jdbc_type *
check_jdbc_type(const struct hive_checking *c)
{
	const struct doc_node *url = value_at(c, "jdbc", "url");
	const struct doc_node *type = value_at(c, "jdbc", "type");
	const struct hive_jdbc_type *of_url =
		url == NULL ? NULL : hive_jdbc_of_url(url->text.data);
	const struct hive_jdbc_type *named =
		type == NULL ? of_url : type_named(type);

	if (url == NULL && type == NULL)
		return hive_jdbc_of_type("mysql");
	if (url != NULL)
		check_jdbc_url(c, url, of_url != NULL || type != NULL);
	if (named == NULL)
		return NULL;
	if (url == NULL && strcmp(named->type, "mysql") != 0)
		kind_refuse(c->errors, type, ROOT ".jdbc.url",
			"is missing: it begins with %s", named->url);
	if (of_url != NULL && strcmp(of_url->type, named->type) != 0)
		kind_refuse(c->errors, type, ROOT ".jdbc.type",
			"is %s, but jdbc.url is one of %s", named->type,
			of_url->type);
	return named;
}

static void
refuse_missing(const struct hive_checking *c, const char *path)
{
	const struct doc_node *jdbc = doc_get(c->values, "jdbc");

	kind_refuse(c->errors, doc_is_null(jdbc) ? c->values : jdbc, path,
		"is missing: give it, or send " HIVE_PARAM_CLASS
		" and " HIVE_PARAM_SIZE " for a database that comes with the "
		"metastore");
}

static void
check_jdbc_used(const struct hive_checking *c)
{
	const struct hive_jdbc_type *type = check_jdbc_type(c);

	if (type == NULL)
		return;
	if (type->user == NULL && value_at(c, "jdbc", "user") == NULL)
		refuse_missing(c, ROOT ".jdbc.user");
	if (strcmp(type->type, "derby") != 0 &&
		value_at(c, "jdbc", "password") == NULL)
		refuse_missing(c, ROOT ".jdbc.password");
}

static void
check_jdbc(const struct hive_checking *c)
{
	static const char *const keys[] = {"user", "password", "url"};

	if (c->has_database)
		check_jdbc_unused(c);
	else
		check_jdbc_used(c);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		check_xml(c, "jdbc", keys[i]);
}

static void
check_property_taken(const struct hive_checking *c, const struct doc_pair *pair)
{
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		if (strcmp(pair->key, taken[i].name) != 0 ||
			(taken[i].is_s3 && !has_s3(c)))
			continue;
		if (taken[i].field == NULL)
			kind_refuse(c->errors, pair->key_at, PROPERTIES,
				"%s is %u, as the Service's port: leave it out",
				pair->key, HIVE_PORT);
		else
			kind_refuse(c->errors, pair->key_at, PROPERTIES,
				"%s is set by values.%s: give it there",
				pair->key, taken[i].field);
	}
}

/* Printable ASCII without blanks. */
static bool
is_property_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	}
	return len >= 1 && len <= PROPERTY_MAX;
}

static void
check_properties(const struct hive_checking *c)
{
	const struct doc_node *map = doc_get(c->values, "properties");

	if (map == NULL || map->type != DOC_MAP ||
		map->count > HIVE_PROPERTIES_MAX)
		return;
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_pair *pair = &map->pairs[i];

		check_property_taken(c, pair);
		if (!is_property_name(pair->key))
			kind_refuse(c->errors, pair->key_at, PROPERTIES,
				"\"%.40s\" is no name of a property: take up "
				"to %u characters of ASCII without blanks",
				pair->key, PROPERTY_MAX);
		else
			check_xml(c, "properties", pair->key);
	}
}

static void
check_java_options(const struct hive_checking *c)
{
	const struct doc_node *options = text_of(c->values, "javaOptions");

	if (options != NULL && kind_file_is_secret(options->text.data))
		kind_refuse(c->errors, options, ROOT ".javaOptions",
			"holds what looks like a credential, which whoever "
			"sees the pod could read: give it by properties");
}

void
hive_values_check(const struct hive_checking *c)
{
	struct hive_values unused;

	(void)spec_parse(c->arena, &hive_values_table, c->values, ROOT, &unused,
		c->errors);
	if (!doc_is_null(c->values) && c->values->type != DOC_MAP)
		return;
	kind_check_pod(c->arena, c->values, ROOT, c->errors);
	check_namespace(c);
	check_s3(c);
	check_jdbc(c);
	check_properties(c);
	check_java_options(c);
}
