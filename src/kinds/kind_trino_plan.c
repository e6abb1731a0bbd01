/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_trino.h"

#include "kinds/kind_json.h"

#include <inttypes.h>
#include <string.h>

/* Values of the chart "trino", being written. */
struct values {
	struct arena *arena;
	const struct trino_document *document;
	const struct kind_context *context;
	struct json json;
};

struct role {
	const char *name;
	const struct trino_role *role;
};

static bool
is_sealed(const struct trino_document *document, const char *pointer)
{
	const struct spec_texts *secrets = &document->computed.secrets;

	for (size_t i = 0; i < secrets->count; i++) {
		if (strcmp(secrets->items[i], pointer) == 0)
			return true;
	}
	return false;
}

/* The key of a file in its ConfigMap or Secret: files of two folders may have
 * one name, and the Secret holds those of both roles. */
static const char *
file_key(struct arena *arena, const char *prefix, const char *pointer,
	const struct trino_file *file)
{
	const struct bytes place = {pointer + 1, strlen(pointer + 1)};

	return arena_format(arena, "%s%s.%08" PRIx32, prefix, file->name,
		(uint32_t)text_fnv1a(place));
}

static const char *
secret_key(struct arena *arena, const char *role, const char *pointer,
	const struct trino_file *file)
{
	return file_key(arena, arena_format(arena, "%s.", role), pointer, file);
}

static void
put_image(struct json *json, const struct trino_image *image)
{
	const struct trino_pull_secret *secrets = image->pull_secrets.items;

	json_key(json, "image");
	json_object_open(json);
	json_member_text(json, "repository", image->repository);
	json_member_text(json, "tag", image->tag);
	if (image->pull_policy != NULL)
		json_member_text(json, "pullPolicy", image->pull_policy);
	json_object_close(json);
	if (image->pull_secrets.count == 0)
		return;
	json_key(json, "imagePullSecrets");
	json_array_open(json);
	for (size_t i = 0; i < image->pull_secrets.count; i++) {
		json_object_open(json);
		json_member_text(json, "name", secrets[i].name);
		json_object_close(json);
	}
	json_array_close(json);
}

static void
put_file(struct values *values, const char *role, const struct trino_file *file)
{
	const char *pointer = trino_pointer(values->arena, role, file);
	bool is_secret = is_sealed(values->document, pointer);
	struct json *json = &values->json;

	json_object_open(json);
	json_member_text(json, "path", file->path);
	json_member_text(json, "name", file->name);
	if (is_secret) {
		json_member_text(json, "key",
			secret_key(values->arena, role, pointer, file));
		json_member_bool(json, "secret", true);
	} else {
		json_member_text(json, "key",
			file_key(values->arena, "", pointer, file));
		json_member_text(json, "value", file->value);
	}
	json_object_close(json);
}

static void
put_role(struct values *values, const struct role *role)
{
	const char *checksum =
		kind_sealed_checksum(values->arena, values->context,
			arena_format(values->arena, "/%s/", role->name));
	const struct trino_file *files = role->role->files.items;
	struct json *json = &values->json;

	kind_json_resources(json, &role->role->resources);
	kind_json_map(json, "nodeSelector", &role->role->node_selector);
	kind_json_node(json, "affinity", role->role->affinity);
	kind_json_node(json, "tolerations", role->role->tolerations);
	kind_json_node(json, "initContainers", role->role->init_containers);
	json_key(json, "files");
	json_array_open(json);
	for (size_t i = 0; i < role->role->files.count; i++)
		put_file(values, role->name, &files[i]);
	json_array_close(json);
	if (checksum[0] != '\0')
		json_member_text(json, "secretChecksum", checksum);
}

static void
put_autoscaling(struct json *json, const struct trino_autoscaler *autoscaler)
{
	json_key(json, "autoscaling");
	json_object_open(json);
	json_member_bool(json, "enabled", true);
	json_member_int(json, "minReplicas", (int64_t)autoscaler->min);
	json_member_int(json, "maxReplicas", (int64_t)autoscaler->max);
	json_member_int(json, "targetCPUUtilizationPercentage",
		(int64_t)autoscaler->cpu_percent);
	json_object_close(json);
}

static void
put_worker(struct values *values)
{
	const struct trino_role *worker = &values->document->spec.worker;
	const struct trino_computed *computed = &values->document->computed;
	const struct role role = {"worker", worker};
	struct json *json = &values->json;

	json_key(json, "worker");
	json_object_open(json);
	json_member_int(json, "replicas", (int64_t)worker->replicas);
	if (worker->has_autoscaler)
		put_autoscaling(json, &worker->autoscaler);
	if (computed->worker_port != computed->port)
		json_member_int(
			json, "httpPort", (int64_t)computed->worker_port);
	put_role(values, &role);
	json_object_close(json);
}

static void
put_coordinator(struct values *values)
{
	const struct role role = {
		"coordinator", &values->document->spec.coordinator};

	json_key(&values->json, "coordinator");
	json_object_open(&values->json);
	put_role(values, &role);
	json_object_close(&values->json);
}

static void
put_common(struct values *values)
{
	const struct trino_document *document = values->document;
	struct json *json = &values->json;

	put_image(json, &document->spec.image);
	json_key(json, "serviceAccount");
	json_object_open(json);
	json_member_bool(json, "create", true);
	json_member_text(json, "name", document->spec.service_account);
	json_object_close(json);
	kind_json_node(
		json, "podSecurityContext", document->spec.security_context);
	json_key(json, "service");
	json_object_open(json);
	json_member_text(json, "name", TRINO_SERVICE);
	json_member_int(json, "port", (int64_t)document->computed.port);
	json_object_close(json);
	json_member_text(json, "dataDir", document->computed.data_dir);
	json_member_text(json, "existingSecret",
		document->computed.secrets.count == 0
			? ""
			: trino_secret_name(values->arena, document));
}

static struct bytes
values_of(struct arena *arena, const struct trino_document *document,
	const struct kind_context *context)
{
	struct values values = {arena, document, context, {0}};
	struct buf out;

	buf_init(&out, arena);
	json_init(&values.json, &out);
	json_object_open(&values.json);
	put_common(&values);
	put_coordinator(&values);
	put_worker(&values);
	json_object_close(&values.json);
	return buf_bytes(&out);
}

static void
add_keys(struct arena *arena, const struct trino_document *document,
	const struct role *role, struct kind_secret_object *out)
{
	const struct trino_file *files = role->role->files.items;

	for (size_t i = 0; i < role->role->files.count; i++) {
		const char *pointer =
			trino_pointer(arena, role->name, &files[i]);
		struct kind_part *part;

		if (!is_sealed(document, pointer))
			continue;
		part = arena_array(arena, 1, sizeof(*part));
		*part = (struct kind_part){
			.type = KIND_PART_SEALED, .name = pointer};
		out->keys[out->count++] = (struct kind_secret_key){
			secret_key(arena, role->name, pointer, &files[i]),
			1,
			part,
		};
	}
}

static void
plan_secrets(struct arena *arena, const struct trino_document *document,
	struct kind_plan *out)
{
	const struct role roles[] = {
		{"coordinator", &document->spec.coordinator},
		{"worker", &document->spec.worker},
	};
	size_t most = document->computed.secrets.count;
	struct kind_secret_object *secret;

	if (most == 0)
		return;
	secret = arena_array(arena, 1, sizeof(*secret));
	secret->name = trino_secret_name(arena, document);
	secret->keys = arena_array(arena, most, sizeof(*secret->keys));
	for (size_t i = 0; i < COUNT_OF(roles); i++)
		add_keys(arena, document, &roles[i], secret);
	out->n_secrets = 1;
	out->secrets = secret;
}

void
trino_plan(struct arena *arena, const void *spec,
	const struct kind_context *context, struct kind_plan *out)
{
	const struct trino_document *document = spec;
	struct kind_release *release = arena_array(arena, 1, sizeof(*release));
	struct kind_endpoint *endpoint =
		arena_array(arena, 1, sizeof(*endpoint));

	*out = (struct kind_plan){0};
	plan_secrets(arena, document, out);
	*release = (struct kind_release){
		.chart = "trino",
		.name = document->metadata.name,
		.values = values_of(arena, document, context),
		.controllers = 2,
	};
	*endpoint = (struct kind_endpoint){"http", TRINO_SERVICE,
		(unsigned)document->computed.port, "http"};
	out->n_releases = 1;
	out->releases = release;
	out->n_endpoints = 1;
	out->endpoints = endpoint;
}
