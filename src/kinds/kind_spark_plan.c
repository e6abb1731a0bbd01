/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_spark_internal.h"

#include "kinds/kind_image.h"
#include "kinds/kind_json.h"
#include "kinds/kind_table.h"

#include <inttypes.h>
#include <string.h>

/* Values of the chart, being written. */
struct values {
	struct arena *arena;
	const struct spark_document *document;
	const struct kind_context *context;
	const struct kind_secret_object *keys; /* of roaster's own Secret */
	struct json json;
};

static void
put_if(struct json *json, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_member_text(json, key, text);
}

static void
put_texts(struct json *json, const char *key, const struct spec_texts *texts)
{
	if (texts->count == 0)
		return;
	json_key(json, key);
	json_array_open(json);
	for (size_t i = 0; i < texts->count; i++)
		json_text(json, texts->items[i]);
	json_array_close(json);
}

static void
put_image(struct values *values)
{
	const struct spark_spec *spec = &values->document->spec;
	const char *pull = spark_conf(spec, SPARK_CONF_PULL_SECRETS);
	const struct spec_texts secrets =
		spark_split(values->arena, pull == NULL ? "" : pull);
	struct json *json = &values->json;
	struct kind_image image;

	kind_image_split(values->arena, spec->core.container.image, &image);
	json_key(json, "image");
	json_object_open(json);
	json_member_text(json, "repository", image.repository);
	json_member_text(json, "tag", image.tag);
	put_if(json, "digest", image.digest);
	put_if(json, "pullPolicy", spec->core.container.pull_policy);
	json_object_close(json);
	if (secrets.count == 0)
		return;
	json_key(json, "imagePullSecrets");
	json_array_open(json);
	for (size_t i = 0; i < secrets.count; i++) {
		json_object_open(json);
		json_member_text(json, "name", secrets.items[i]);
		json_object_close(json);
	}
	json_array_close(json);
}

static bool
is_value(const char *conf)
{
	return strcmp(conf, SPARK_CONF_PACKAGES) == 0 ||
	       strcmp(conf, SPARK_CONF_PULL_SECRETS) == 0;
}

static void
put_confs(struct values *values)
{
	const struct spec_map *confs = &values->document->spec.confs;
	struct spec_map rest = {0, arena_array(values->arena, confs->count,
					   sizeof(*confs->pairs))};

	for (size_t i = 0; i < confs->count; i++) {
		if (!is_value(confs->pairs[i].key))
			rest.pairs[rest.count++] = confs->pairs[i];
	}
	kind_json_map(&values->json, "confs", &rest);
}

static void
put_program(struct values *values)
{
	const struct spark_spec *spec = &values->document->spec;
	const struct spec_texts packages = spark_packages(values->arena, spec);
	struct json *json = &values->json;

	json_member_text(json, "class", spec->core.class);
	json_member_text(json, "applicationFile", spec->core.application_file);
	put_texts(json, "args", &spec->core.args);
	put_texts(json, "packages", &packages);
	put_confs(values);
}

/* Where the S3 keys are: in roaster's Secret, else in the user's, if any. */
static void
put_s3(struct values *values)
{
	const struct spark_s3 *s3 = &values->document->spec.core.s3;
	const struct spark_secret_ref *access =
		&s3->access_key.value_from.secret_key_ref;
	bool is_own = values->keys->count > 0;
	struct json *json = &values->json;

	put_if(json, "existingSecret",
		is_own ? values->keys->name : access->name);
	if (is_own)
		json_member_text(json, "secretChecksum",
			kind_secret_checksum(
				values->arena, values->context, values->keys));
	json_key(json, "s3");
	json_object_open(json);
	put_if(json, "bucket", s3->bucket);
	put_if(json, "endpoint", s3->endpoint);
	put_if(json, "region", s3->region);
	if (!is_own) {
		put_if(json, "accessKeyKey", access->key);
		put_if(json, "secretKeyKey",
			s3->secret_key.value_from.secret_key_ref.key);
	}
	json_object_close(json);
}

static void
put_role(struct values *values, const struct spark_role *role)
{
	const struct spark_pod_template *pod = &role->pod_template;
	struct json *json = &values->json;

	json_member_text(json, "cores",
		arena_format(values->arena, "%" PRIu64, role->resources.cores));
	put_if(json, "limitCores", role->resources.limit_cores);
	json_member_text(json, "memory", role->resources.memory);
	kind_json_map(json, "labels", &role->labels);
	kind_json_map(json, "annotations", &role->annotations);
	kind_json_map(json, "nodeSelector", &pod->node_selector);
	kind_json_node(json, "affinity", pod->affinity);
	kind_json_node(json, "tolerations", pod->tolerations);
	put_if(json, "priorityClassName", pod->priority_class_name);
	put_if(json, "schedulerName", pod->scheduler_name);
	spark_put_volumes(values->arena, json, values->document, role);
}

static void
put_roles(struct values *values)
{
	const struct spark_spec *spec = &values->document->spec;
	const struct doc_node *context =
		spec->driver.pod_template.security_context;
	struct json *json = &values->json;

	if (context == NULL)
		context = spec->executor.pod_template.security_context;
	kind_json_node(json, "podSecurityContext", context);
	json_key(json, "serviceAccount");
	json_object_open(json);
	json_member_text(json, "name", spec->driver.service_account);
	json_object_close(json);
	json_key(json, "driver");
	json_object_open(json);
	put_role(values, &spec->driver);
	json_object_close(json);
	json_key(json, "executor");
	json_object_open(json);
	json_member_int(json, "instances", (int64_t)spec->executor.instances);
	put_role(values, &spec->executor);
	json_object_close(json);
}

static struct bytes
values_of(struct values *values)
{
	const struct spark_hive *hive = &values->document->spec.core.hive;
	struct json *json = &values->json;
	struct buf out;

	buf_init(&out, values->arena);
	json_init(json, &out);
	json_object_open(json);
	kind_json_owner(json, &kind_spark_thrift_server, values->context);
	put_image(values);
	put_program(values);
	put_s3(values);
	json_key(json, "hive");
	json_object_open(json);
	put_texts(json, "metastoreUris", &hive->metastore_uris);
	json_object_close(json);
	put_roles(values);
	json_object_close(json);
	return buf_bytes(&out);
}

static void
add_key(struct arena *arena, struct kind_secret_object *secret, const char *key,
	const char *pointer)
{
	struct kind_part *part = arena_array(arena, 1, sizeof(*part));

	*part = (struct kind_part){.type = KIND_PART_SEALED, .name = pointer};
	secret->keys[secret->count++] = (struct kind_secret_key){key, 1, part};
}

/* Without keys it is in the plan all the same: one that was made goes. */
static struct kind_secret_object *
secret_of(struct arena *arena, const struct spark_document *document)
{
	struct kind_secret_object *secret =
		arena_array(arena, 1, sizeof(*secret));

	secret->name = spark_secret_name(arena, document->metadata.name);
	secret->keys = arena_array(arena, 2, sizeof(*secret->keys));
	if (document->form.has_keys) {
		add_key(arena, secret, "accessKey", SPARK_ACCESS_KEY);
		add_key(arena, secret, "secretKey", SPARK_SECRET_KEY);
	}
	return secret;
}

void
spark_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out)
{
	const struct spark_document *document = spec;
	struct kind_secret_object *secret = secret_of(arena, document);
	struct values values = {arena, document, context, secret, {0}};
	struct kind_release *release = arena_array(arena, 1, sizeof(*release));
	struct kind_endpoint *endpoint =
		arena_array(arena, 1, sizeof(*endpoint));

	*release = (struct kind_release){
		.chart = SPARK_CHART,
		.name = document->metadata.name,
		.values = values_of(&values),
		.controllers = 1,
	};
	*endpoint = (struct kind_endpoint){
		"jdbc", SPARK_SERVICE, SPARK_PORT, "jdbc:hive2"};
	*out = (struct kind_plan){1, secret, 1, release, 1, endpoint};
}
