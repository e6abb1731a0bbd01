/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_trino.h"

#include "kinds/kind_file.h"

#include <string.h>

#define PORT_DEFAULT 8080U
#define PORT_MAX 65535U
#define DATA_DIR_DEFAULT "/data/trino"

const char *
trino_pointer(
	struct arena *arena, const char *role, const struct trino_file *file)
{
	return arena_format(arena, "/%s%s/%s", role, file->path, file->name);
}

uint64_t
trino_port(struct arena *arena, const char *text)
{
	struct kind_property found;
	uint64_t port;

	if (text == NULL || !kind_property_find(text, TRINO_PORT_KEY, &found))
		return PORT_DEFAULT;
	if (text_to_uint(arena_copy(arena, found.value.data, found.value.len),
		    PORT_MAX, &port) != 0)
		return 0;
	return port;
}

const char *
trino_data_dir(struct arena *arena, const char *text)
{
	struct kind_property found;

	if (text == NULL ||
		!kind_property_find(text, TRINO_DATA_DIR_KEY, &found))
		return DATA_DIR_DEFAULT;
	return arena_copy(arena, found.value.data, found.value.len);
}

/* Content of the role's first file of that name; NULL if there is none. */
static const char *
content_of(const struct trino_role *role, const char *name)
{
	const struct trino_file *files = role->files.items;

	for (size_t i = 0; i < role->files.count; i++) {
		if (strcmp(files[i].name, name) == 0)
			return files[i].value;
	}
	return NULL;
}

static void
compute(struct arena *arena, const struct trino_spec *spec,
	struct trino_computed *out)
{
	out->port = trino_port(
		arena, content_of(&spec->coordinator, TRINO_CONFIG_FILE));
	out->worker_port =
		trino_port(arena, content_of(&spec->worker, TRINO_CONFIG_FILE));
	out->data_dir = trino_data_dir(
		arena, content_of(&spec->coordinator, TRINO_NODE_FILE));
}

static void
take_role(struct arena *arena, const char *name, struct trino_role *role,
	struct trino_computed *computed, struct kind_secret *secrets)
{
	struct trino_file *files = role->files.items;
	size_t *count = &computed->secrets.count;

	for (size_t i = 0; i < role->files.count; i++) {
		if (!kind_name_is_secret(files[i].name) &&
			!kind_file_is_secret(files[i].value))
			continue;
		secrets[*count] = (struct kind_secret){
			trino_pointer(arena, name, &files[i]),
			{files[i].value, strlen(files[i].value)},
		};
		computed->secrets.items[*count] = secrets[*count].pointer;
		files[i].value = "";
		(*count)++;
	}
}

void
trino_take_secrets(struct arena *arena, void *spec, struct kind_secret **out,
	size_t *count)
{
	struct trino_document *document = spec;
	struct trino_role *coordinator = &document->spec.coordinator;
	struct trino_role *worker = &document->spec.worker;
	struct trino_computed *computed = &document->computed;
	size_t most = coordinator->files.count + worker->files.count;

	compute(arena, &document->spec, computed);
	computed->secrets.items =
		arena_array(arena, most, sizeof(*computed->secrets.items));
	*out = arena_array(arena, most, sizeof(**out));
	take_role(arena, "coordinator", coordinator, computed, *out);
	take_role(arena, "worker", worker, computed, *out);
	*count = computed->secrets.count;
}
