/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_hive.h"
#include "kinds/kind_image.h"
#include "kinds/kind_json.h"
#include "kinds/kind_table.h"

#include <inttypes.h>

/* A key of the database's Secret; charts/mysql knows both names. */
static const struct kind_part root_password = {
	.type = KIND_PART_GENERATED, .name = "root-password"};
static const struct kind_part user_password = {
	.type = KIND_PART_GENERATED, .name = HIVE_DATABASE_PASSWORD};

static void
plan_secrets(struct arena *arena, const struct hive_document *document,
	struct kind_plan *out)
{
	struct kind_secret_object *secrets =
		arena_array(arena, 2, sizeof(*secrets));
	struct kind_secret_key *keys = arena_array(arena, 3, sizeof(*keys));

	keys[0] =
		(struct kind_secret_key){root_password.name, 1, &root_password};
	keys[1] =
		(struct kind_secret_key){user_password.name, 1, &user_password};
	keys[2] = hive_site_key(arena, document);
	if (document->has_database)
		secrets[out->n_secrets++] = (struct kind_secret_object){
			HIVE_DATABASE_SECRET, HIVE_DATABASE_VOLUME, 2, keys};
	secrets[out->n_secrets++] = (struct kind_secret_object){
		hive_secret_name(arena, document), NULL, 1, keys + 2};
	out->secrets = secrets;
}

static struct bytes
database_values(struct arena *arena, const struct hive_document *document,
	const struct kind_context *context)
{
	const struct hive_database *database = &document->database;
	struct json json;
	struct buf out;

	buf_init(&out, arena);
	json_init(&json, &out);
	json_object_open(&json);
	kind_json_owner(&json, &kind_hive_metastore, context);
	json_member_text(&json, "existingSecret", HIVE_DATABASE_SECRET);
	json_key(&json, "storage");
	json_object_open(&json);
	json_member_text(&json, "storageClass", database->storage_class);
	json_member_text(&json, "size",
		arena_format(arena, "%" PRIu64 "Gi", database->size_gi));
	json_object_close(&json);
	json_object_close(&json);
	return buf_bytes(&out);
}

static void
put_image(struct arena *arena, struct json *json, const char *text)
{
	struct kind_image image;

	kind_image_split(arena, text, &image);
	json_key(json, "image");
	json_object_open(json);
	json_member_text(json, "repository", image.repository);
	json_member_text(json, "tag", image.tag);
	if (image.digest[0] != '\0')
		json_member_text(json, "digest", image.digest);
	json_object_close(json);
}

static void
put_files(struct json *json)
{
	json_key(json, "files");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "name", HIVE_SITE_FILE);
	json_member_bool(json, "secret", true);
	json_object_close(json);
	json_array_close(json);
}

static void
put_pod(struct json *json, const struct hive_values *values)
{
	json_member_int(json, "replicas", (int64_t)values->replicas);
	kind_json_resources(json, &values->resources);
	kind_json_map(json, "nodeSelector", &values->node_selector);
	kind_json_node(json, "affinity", values->affinity);
	kind_json_node(json, "tolerations", values->tolerations);
	kind_json_node(json, "initContainers", values->init_containers);
	if (values->dns_policy != NULL)
		json_member_text(json, "dnsPolicy", values->dns_policy);
	if (values->java_options != NULL)
		json_member_text(json, "javaOptions", values->java_options);
	if (values->aux_jars != NULL)
		json_member_text(json, "auxJars", values->aux_jars);
}

static struct bytes
metastore_values(struct arena *arena, const struct hive_values *values,
	const struct kind_context *context,
	const struct kind_secret_object *secret)
{
	struct json json;
	struct buf out;

	buf_init(&out, arena);
	json_init(&json, &out);
	json_object_open(&json);
	put_image(arena, &json, values->image);
	put_files(&json);
	json_member_text(&json, "existingSecret", secret->name);
	json_member_text(&json, "secretChecksum",
		kind_secret_checksum(arena, context, secret));
	json_key(&json, "schema");
	json_object_open(&json);
	json_member_text(&json, "dbType", values->jdbc.type);
	json_object_close(&json);
	put_pod(&json, values);
	json_object_close(&json);
	return buf_bytes(&out);
}

static void
plan_releases(struct arena *arena, const struct hive_document *document,
	const struct kind_context *context, struct kind_plan *out)
{
	struct kind_release *releases =
		arena_array(arena, 2, sizeof(*releases));

	if (document->has_database)
		releases[out->n_releases++] = (struct kind_release){
			.chart = "mysql",
			.name = HIVE_DATABASE_RELEASE,
			.values = database_values(arena, document, context),
			.controllers = 1,
		};
	releases[out->n_releases++] = (struct kind_release){
		.chart = "hive-metastore",
		.name = document->spec.name,
		.values = metastore_values(arena, &document->spec.values,
			context, &out->secrets[out->n_secrets - 1]),
		.controllers = 1,
	};
	out->releases = releases;
}

void
hive_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out)
{
	static const struct kind_endpoint endpoint = {
		"thrift", HIVE_SERVICE, HIVE_PORT, "thrift"};

	*out = (struct kind_plan){.n_endpoints = 1, .endpoints = &endpoint};
	plan_secrets(arena, spec, out);
	plan_releases(arena, spec, context, out);
}
