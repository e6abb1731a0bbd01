/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_json.h"

#include <inttypes.h>
#include <string.h>

void
kind_json_map(struct json *json, const char *key, const struct spec_map *map)
{
	if (map->count == 0)
		return;
	json_key(json, key);
	json_object_open(json);
	for (size_t i = 0; i < map->count; i++)
		json_member_text(json, map->pairs[i].key, map->pairs[i].value);
	json_object_close(json);
}

void
kind_json_node(struct json *json, const char *key, const struct doc_node *node)
{
	if (node == NULL)
		return;
	json_key(json, key);
	doc_write_json(node, json);
}

void
kind_json_owner(struct json *json, const struct kind *kind,
	const struct kind_context *context)
{
	json_key(json, "owner");
	json_object_open(json);
	json_member_text(json, "kind", kind->name);
	json_member_text(json, "name", context->name);
	json_object_close(json);
}

static const char *
checksum_of(struct arena *arena, const struct buf *all)
{
	return all->len == 0 ? ""
			     : arena_format(arena, "%016" PRIx64,
				       text_fnv1a(buf_bytes(all)));
}

const char *
kind_sealed_checksum(struct arena *arena, const struct kind_context *context,
	const char *prefix)
{
	struct buf all;

	buf_init(&all, arena);
	for (size_t i = 0; i < context->n_sealed; i++) {
		const struct kind_sealed *sealed = &context->sealed[i];

		if (strncmp(sealed->pointer, prefix, strlen(prefix)) == 0)
			buf_format(&all, "%s=%s\n", sealed->pointer,
				sealed->digest);
	}
	return checksum_of(arena, &all);
}

static const char *
digest_of(const struct kind_context *context, const char *pointer)
{
	for (size_t i = 0; i < context->n_sealed; i++) {
		if (strcmp(context->sealed[i].pointer, pointer) == 0)
			return context->sealed[i].digest;
	}
	return "";
}

static void
add_part(struct buf *all, const struct kind_context *context,
	const struct kind_part *part)
{
	switch (part->type) {
	case KIND_PART_TEXT:
		buf_format(all, "%zu ", part->text.len);
		buf_put(all, part->text.data, part->text.len);
		break;
	case KIND_PART_SEALED:
		buf_format(all, "%s=%s\n", part->name,
			digest_of(context, part->name));
		break;
	case KIND_PART_GENERATED:
		buf_format(all, "%s\n", part->name);
		break;
	}
}

const char *
kind_secret_checksum(struct arena *arena, const struct kind_context *context,
	const struct kind_secret_object *secret)
{
	struct buf all;

	buf_init(&all, arena);
	for (size_t i = 0; i < secret->count; i++) {
		const struct kind_secret_key *key = &secret->keys[i];

		buf_format(&all, "\n%s\n", key->key);
		for (size_t k = 0; k < key->count; k++)
			add_part(&all, context, &key->parts[k]);
	}
	return checksum_of(arena, &all);
}
