/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of volumes. */
#include "kinds/kind_spark_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const struct spark_volume *
find_volume(const struct spark_spec *spec, const char *name)
{
	const struct spark_volume *volumes = spec->volumes.items;
	size_t i = 0;

	while (i < spec->volumes.count && strcmp(volumes[i].name, name) != 0)
		i++;
	assert(i < spec->volumes.count);
	return &volumes[i];
}

static bool
is_local_dir(const struct spark_volume *volume)
{
	return strcmp(volume->type, "SparkLocalDir") == 0;
}

void
spark_place_of(struct arena *arena, const struct spark_document *document,
	const struct spark_mount *mount, struct spark_place *out)
{
	const struct spark_volume *volume =
		find_volume(&document->spec, mount->name);
	const struct spark_form *form = &document->form;

	*out = (struct spark_place){.mount = mount, .volume = volume};
	if (!volume->has_claim)
		return;
	out->size = volume->claim.size_limit;
	if (out->size == NULL && form->pvc_size > 0)
		out->size =
			arena_format(arena, "%" PRIu64 "Gi", form->pvc_size);
	out->storage_class = volume->claim.storage_class;
	if (out->storage_class == NULL)
		out->storage_class = form->storage_class;
	if (out->size != NULL)
		out->source = SPARK_CLAIM;
	else if (!is_local_dir(volume))
		out->source = SPARK_EXISTING;
}

static void
put_claim(struct json *json, const struct spark_place *place, const char *name)
{
	json_key(json, "claim");
	json_object_open(json);
	if (name != NULL)
		json_member_text(json, "name", name);
	json_member_text(json, "size", place->size);
	if (place->storage_class != NULL)
		json_member_text(json, "storageClass", place->storage_class);
	json_object_close(json);
}

static void
put_empty_dir(struct json *json, const struct spark_empty_dir *empty_dir)
{
	json_key(json, "emptyDir");
	json_object_open(json);
	if (empty_dir->medium != NULL)
		json_member_text(json, "medium", empty_dir->medium);
	if (empty_dir->size_limit != NULL)
		json_member_text(json, "sizeLimit", empty_dir->size_limit);
	json_object_close(json);
}

static void
put_source(struct json *json, const struct spark_place *place, bool is_driver)
{
	const char *name = place->volume->claim.name;

	switch (place->source) {
	case SPARK_EMPTY_DIR:
		put_empty_dir(json, &place->volume->empty_dir);
		break;
	case SPARK_CLAIM:
		put_claim(json, place, is_driver ? name : NULL);
		break;
	case SPARK_EXISTING:
		json_member_text(json, "existingClaim", name);
		break;
	}
}

static void
put_volume(struct json *json, const struct spark_place *place, bool is_driver)
{
	const struct spark_mount *mount = place->mount;

	json_object_open(json);
	json_member_text(json, "name", mount->name);
	json_member_text(json, "mountPath", mount->path);
	if (mount->sub_path != NULL)
		json_member_text(json, "subPath", mount->sub_path);
	if (mount->is_read_only || place->volume->claim.is_read_only)
		json_member_bool(json, "readOnly", true);
	if (is_local_dir(place->volume))
		json_member_bool(json, "localDir", true);
	put_source(json, place, is_driver);
	json_object_close(json);
}

void
spark_put_volumes(struct arena *arena, struct json *json,
	const struct spark_document *document, const struct spark_role *role)
{
	const struct spark_mount *mounts = role->mounts.items;
	struct spark_place place;

	if (role->mounts.count == 0)
		return;
	json_key(json, "volumes");
	json_array_open(json);
	for (size_t i = 0; i < role->mounts.count; i++) {
		spark_place_of(arena, document, &mounts[i], &place);
		put_volume(json, &place, role == &document->spec.driver);
	}
	json_array_close(json);
}
