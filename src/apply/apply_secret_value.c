/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_secret_value.h"

#include "base/base_json.h"
#include "base/base_text.h"

#include <string.h>

#define GENERATED_BYTES 16U /* 128 random bits */

/* --- sealed ones -----------------------------------------------------------
 */

static const struct db_secret *
find_sealed(const struct apply_job *job, const char *pointer)
{
	for (size_t i = 0; i < job->n_secrets; i++) {
		if (strcmp(job->secrets[i].pointer, pointer) == 0)
			return &job->secrets[i];
	}
	return NULL;
}

static int
open_value(struct apply_job *job, const char *pointer, struct bytes *out,
	struct err *e)
{
	const struct db_secret *sealed = find_sealed(job, pointer);
	char *place;

	if (sealed == NULL)
		return err_set(e, ERR_INTERNAL, "",
			"the stored spec has no secret at %s; post it again",
			pointer);
	place = arena_format(job->arena, "%s/%s/%s%s", job->claim.kind,
		job->claim.namespace, job->claim.name, pointer);
	return auth_unseal(job->arena, job->worker->app->setup->keys, place,
		sealed->sealed, out, e);
}

int
apply_secrets_open(
	struct apply_job *job, const struct bytes **out, struct err *e)
{
	struct bytes *values =
		arena_array(job->arena, job->n_secrets + 1, sizeof(*values));

	for (size_t i = 0; i < job->n_secrets; i++) {
		if (open_value(job, job->secrets[i].pointer, &values[i], e) ==
			-1)
			return -1;
	}
	*out = values;
	return 0;
}

/* --- generated ones --------------------------------------------------------
 */

static const char *
new_value(struct arena *arena)
{
	char random[GENERATED_BYTES];

	auth_random(random, sizeof(random));
	return text_hex(arena, (struct bytes){random, sizeof(random)});
}

/* NULL if ${found} has no such key. */
static const char *
kept_value(struct arena *arena, const struct doc_node *found, const char *key)
{
	const struct doc_node *data = doc_get(doc_get(found, "data"), key);
	struct bytes value;
	struct err e;

	if (data == NULL || data->type != DOC_SCALAR ||
		text_base64_decode(arena, data->text, key, &value, &e) != 0 ||
		value.len == 0)
		return NULL;
	return value.data;
}

/* New values would lock the metastore out of data that are there. */
static enum apply_did
check_no_volume(struct apply_job *job, const struct kind_secret_object *object,
	struct err *e)
{
	const struct k8s_request request = {.verb = K8S_GET,
		.path = k8s_path(job->arena,
			"/api/v1/namespaces/{}/persistentvolumeclaims/{}",
			job->claim.namespace, object->volume),
		.is_metadata_only = true};
	struct k8s_answer answer;

	if (apply_kube(job, &request, &answer, e) == -1)
		return APPLY_RETRY;
	if (answer.status == 404)
		return APPLY_DONE;
	if (answer.status != 200) {
		k8s_refused(&request, &answer, e);
		return apply_did_of(e);
	}
	err_set(e, ERR_CONFLICT, "",
		"PersistentVolumeClaim %s is in namespace %s, but not Secret "
		"%s with the password of its data; put the Secret back, or "
		"delete the claim if the data may go",
		object->volume, job->claim.namespace, object->name);
	return APPLY_REFUSED;
}

static enum apply_did
lost_key(const struct apply_job *job, const struct kind_secret_object *object,
	const char *key, struct err *e)
{
	err_set(e, ERR_CONFLICT, "",
		"Secret %s in namespace %s has no %s any more; put it back, or "
		"delete Secret and PersistentVolumeClaim %s if the data may go",
		object->name, job->claim.namespace, key, object->volume);
	return APPLY_REFUSED;
}

enum apply_did
apply_secret_generate(struct apply_job *job,
	const struct kind_secret_object *object, const struct doc_node *found,
	struct err *e)
{
	struct spec_map *map = arena_array(job->arena, 1, sizeof(*map));

	if (found == NULL) {
		enum apply_did did = check_no_volume(job, object, e);

		if (did != APPLY_DONE)
			return did;
	}
	map->pairs =
		arena_array(job->arena, object->count + 1, sizeof(*map->pairs));
	for (size_t i = 0; i < object->count; i++) {
		const char *key = object->keys[i].key;
		const char *value =
			found == NULL ? new_value(job->arena)
				      : kept_value(job->arena, found, key);

		if (value == NULL)
			return lost_key(job, object, key, e);
		map->pairs[map->count++] = (struct spec_map_pair){key, value};
	}
	job->generated = map;
	return APPLY_DONE;
}

static int
generated_value(const struct apply_job *job, const char *name,
	struct bytes *out, struct err *e)
{
	const struct spec_map *map = job->generated;

	for (size_t i = 0; map != NULL && i < map->count; i++) {
		if (strcmp(map->pairs[i].key, name) != 0)
			continue;
		*out = (struct bytes){
			map->pairs[i].value, strlen(map->pairs[i].value)};
		return 0;
	}
	return err_set(e, ERR_INTERNAL, "",
		"no Secret of the kind %s generates %s", job->claim.kind, name);
}

/* --- joined ----------------------------------------------------------------
 */

static int
part_value(struct apply_job *job, const struct kind_part *part,
	struct bytes *out, struct err *e)
{
	switch (part->type) {
	case KIND_PART_SEALED:
		return open_value(job, part->name, out, e);
	case KIND_PART_GENERATED:
		return generated_value(job, part->name, out, e);
	case KIND_PART_TEXT:
		break;
	}
	*out = part->text;
	return 0;
}

static int
join(struct apply_job *job, const struct kind_secret_key *key, struct buf *out,
	struct err *e)
{
	buf_init(out, job->arena);
	for (size_t i = 0; i < key->count; i++) {
		struct bytes value;

		if (part_value(job, &key->parts[i], &value, e) == -1)
			return -1;
		if (key->parts[i].is_xml)
			text_xml_escape(out, value);
		else
			buf_put(out, value.data, value.len);
	}
	return 0;
}

int
apply_secret_data(struct json *j, struct apply_job *job,
	const struct kind_secret_object *object, struct err *e)
{
	json_key(j, "data");
	json_object_open(j);
	for (size_t i = 0; i < object->count; i++) {
		struct buf value;

		if (join(job, &object->keys[i], &value, e) == -1)
			return -1;
		json_member_text(j, object->keys[i].key,
			text_base64_encode(job->arena, buf_bytes(&value)));
	}
	json_object_close(j);
	return 0;
}
