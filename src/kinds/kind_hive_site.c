/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_hive.h"
#include "kinds/kind_image.h"

#include <string.h>

#define S3A "org.apache.hadoop.fs.s3a.S3AFileSystem"
#define HIVE "org.apache.hadoop.hive.metastore."

/* metastore-site.xml being written: what is known now is text, what only the
 * applier may know are parts of their own. */
struct site {
	struct arena *arena;
	const struct hive_document *document;
	struct buf text; /* not yet a part */
	struct kind_part *parts;
	size_t count;
};

static struct bytes
bytes_of(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

static void
begin(struct site *site, const char *name)
{
	buf_text(&site->text, "  <property>\n    <name>");
	text_xml_escape(&site->text, bytes_of(name));
	buf_text(&site->text, "</name>\n    <value>");
}

static void
end(struct site *site)
{
	buf_text(&site->text, "</value>\n  </property>\n");
}

static void
flush(struct site *site)
{
	site->parts[site->count++] = (struct kind_part){
		.type = KIND_PART_TEXT, .text = buf_bytes(&site->text)};
	buf_init(&site->text, site->arena);
}

static void
put_text(struct site *site, const char *name, const char *value)
{
	begin(site, name);
	text_xml_escape(&site->text, bytes_of(value));
	end(site);
}

/* The value that the applier knows by ${key}. */
static void
put_part(struct site *site, const char *name, enum kind_part_type type,
	const char *key)
{
	begin(site, name);
	flush(site);
	site->parts[site->count++] =
		(struct kind_part){.type = type, .is_xml = true, .name = key};
	end(site);
}

static bool
has_property(const struct site *site, const char *name)
{
	const struct spec_map *map = &site->document->spec.values.properties;

	for (size_t i = 0; i < map->count; i++) {
		if (strcmp(map->pairs[i].key, name) == 0)
			return true;
	}
	return hive_is_sealed(site->document,
		arena_format(site->arena, HIVE_PROPERTY "%s", name));
}

/* What the document's properties may say otherwise. */
static void
put_default(struct site *site, const char *name, const char *value)
{
	if (!has_property(site, name))
		put_text(site, name, value);
}

/* The standalone metastore lacks classes that are its defaults: those of the
 * whole Hive. charts/hive-metastore tells the images apart in the same way. */
static bool
is_standalone(struct arena *arena, const char *text)
{
	static const char standalone[] = "standalone-metastore-";
	struct kind_image image;

	kind_image_split(arena, text, &image);
	return kind_image_is(image.repository, "cloudcheflabs/hivemetastore") ||
	       strncmp(image.tag, standalone, strlen(standalone)) == 0;
}

static void
put_metastore(struct site *site)
{
	if (!is_standalone(site->arena, site->document->spec.values.image))
		return;
	put_default(site, "metastore.task.threads.always",
		HIVE "events.EventCleanerTask");
	put_default(site, "metastore.expression.proxy",
		HIVE "DefaultPartitionExpressionProxy");
}

static void
put_s3(struct site *site)
{
	const struct hive_s3 *s3 = &site->document->spec.values.s3;
	const char *root;
	bool is_tls;

	if (!site->document->spec.values.has_s3)
		return;
	root = arena_format(site->arena, "s3a://%s", s3->bucket);
	is_tls = strncmp(s3->endpoint, "https:", strlen("https:")) == 0;
	put_default(site, "fs.defaultFS", root);
	/* Hive would take the other name only if this one were not there */
	if (!has_property(site, "hive.metastore.warehouse.dir"))
		put_default(site, "metastore.warehouse.dir",
			arena_format(site->arena, "%s/warehouse", root));
	put_default(site, "fs.s3a.impl", S3A);
	/* Trino writes locations so */
	put_default(site, "fs.s3.impl", S3A);
	put_text(site, "fs.s3a.endpoint", s3->endpoint);
	if (s3->region != NULL)
		put_text(site, "fs.s3a.endpoint.region", s3->region);
	put_default(site, "fs.s3a.path.style.access", "true");
	put_default(site, "fs.s3a.connection.ssl.enabled",
		is_tls ? "true" : "false");
	put_part(site, "fs.s3a.access.key", KIND_PART_SEALED,
		HIVE_S3_ACCESS_KEY);
	put_part(site, "fs.s3a.secret.key", KIND_PART_SEALED,
		HIVE_S3_SECRET_KEY);
}

#define JDO "javax.jdo.option.Connection"

static void
put_jdbc(struct site *site)
{
	const struct hive_jdbc *jdbc = &site->document->spec.values.jdbc;

	put_text(site, JDO "DriverName", jdbc->driver);
	if (jdbc->url == NULL)
		put_part(site, JDO "URL", KIND_PART_SEALED, HIVE_JDBC_URL);
	else
		put_text(site, JDO "URL", jdbc->url);
	put_text(site, JDO "UserName", jdbc->user);
	if (site->document->has_database)
		put_part(site, JDO "Password", KIND_PART_GENERATED,
			HIVE_DATABASE_PASSWORD);
	else if (hive_is_sealed(site->document, HIVE_JDBC_PASSWORD))
		put_part(site, JDO "Password", KIND_PART_SEALED,
			HIVE_JDBC_PASSWORD);
}

static void
put_properties(struct site *site)
{
	const struct spec_map *map = &site->document->spec.values.properties;
	const struct spec_texts *sealed = &site->document->secrets;
	size_t len = strlen(HIVE_PROPERTY);

	for (size_t i = 0; i < map->count; i++)
		put_text(site, map->pairs[i].key, map->pairs[i].value);
	for (size_t i = 0; i < sealed->count; i++) {
		if (strncmp(sealed->items[i], HIVE_PROPERTY, len) == 0)
			put_part(site, sealed->items[i] + len, KIND_PART_SEALED,
				sealed->items[i]);
	}
}

struct kind_secret_key
hive_site_key(struct arena *arena, const struct hive_document *document)
{
	struct site site = {.arena = arena, .document = document};
	/* each sealed or generated value, and the text before and behind */
	size_t most = 2 * (document->secrets.count + 1) + 1;

	site.parts = arena_array(arena, most, sizeof(*site.parts));
	buf_init(&site.text, arena);
	buf_text(&site.text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<configuration>\n");
	put_metastore(&site);
	put_s3(&site);
	put_jdbc(&site);
	put_properties(&site);
	buf_text(&site.text, "</configuration>\n");
	flush(&site);
	return (struct kind_secret_key){HIVE_SITE_FILE, site.count, site.parts};
}
