/* SPDX-License-Identifier: Apache-2.0 */
/* The fields beside the document. */
#include "kinds/kind_check.h"
#include "kinds/kind_spark_internal.h"

#include <ctype.h>
#include <string.h>

#define NFS_CLASS "nfs_storage_class"
#define NFS_SIZE "nfs_storage_size"
#define ACCESS_KEY "s3_access_key"
#define SECRET_KEY "s3_secret_key"
#define PVC_SIZE "pvc_size"
#define KEY_MAX 1024U

const struct kind_param spark_params[SPARK_PARAMS] = {
	{NFS_CLASS, false, false,
		"Storage class of the claims that are made; none: the "
		"cluster's default."},
	{NFS_SIZE, false, false,
		"Whole Gi, 1 to 65536. Not used: no NFS server is installed, "
		"since scratch space needs none."},
	{ACCESS_KEY, true, true,
		"S3 access key, only together with the secret key. One line "
		"break at its end is taken off."},
	{SECRET_KEY, true, true, "S3 secret key, likewise."},
	{PVC_SIZE, false, false,
		"Whole Gi, 1 to 65536, of each claim that is made; none: "
		"SparkLocalDir volumes are the node's disk."},
};

/* The field ${name}; NULL if it was not sent. */
static const struct bytes *
field(const struct text_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->pairs[i].name, name) == 0)
			return &form->pairs[i].value;
	}
	return NULL;
}

static void
refuse(struct err_list *errors, const char *name, const char *why)
{
	struct err e;

	(void)err_set(&e, ERR_INVALID, name, "%s", why);
	err_list_add(errors, &e);
}

/* 0 if it was not sent or is wrong. */
static uint64_t
take_size(
	const struct text_form *form, const char *name, struct err_list *errors)
{
	const struct bytes *sent = field(form, name);
	uint64_t size = 0;
	struct err e;

	if (sent == NULL)
		return 0;
	if (text_to_uint(sent->data, SPARK_SIZE_MAX, &size) == 0 && size > 0)
		return size;
	(void)err_set(&e, ERR_INVALID, name,
		"\"%.40s\" is not a whole number of Gi (1..%u)", sent->data,
		SPARK_SIZE_MAX);
	err_list_add(errors, &e);
	return 0;
}

static const char *
take_class(const struct text_form *form, struct err_list *errors)
{
	const struct bytes *sent = field(form, NFS_CLASS);
	const char *why = sent == NULL ? NULL : kind_check_object(sent->data);
	struct err e;

	if (sent == NULL)
		return NULL;
	if (why == NULL)
		return sent->data;
	(void)err_set(
		&e, ERR_INVALID, NFS_CLASS, "\"%.40s\" %s", sent->data, why);
	err_list_add(errors, &e);
	return NULL;
}

/* `echo KEY | base64` is what people do: one line break is not the key's. */
static struct bytes
without_line_break(struct bytes key)
{
	if (key.len > 0 && key.data[key.len - 1] == '\n')
		key.len--;
	if (key.len > 0 && key.data[key.len - 1] == '\r')
		key.len--;
	return key;
}

static bool
is_key(struct bytes key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (isgraph((unsigned char)key.data[i]) == 0)
			return false;
	}
	return true;
}

static void
take_key(const struct text_form *form, const char *name, struct bytes *out,
	struct err_list *errors)
{
	const struct bytes *sent = field(form, name);

	if (sent == NULL)
		return;
	*out = without_line_break(*sent);
	if (out->len == 0)
		refuse(errors, name, "is empty: leave it out or send the key");
	else if (out->len > KEY_MAX)
		refuse(errors, name, "is longer than any S3 key");
	else if (!is_key(*out))
		refuse(errors, name,
			"holds a blank, a line break or what is no ASCII: send "
			"the base64 of the key alone (printf %s KEY | base64)");
}

void
spark_take_params(struct arena *arena, const struct text_form *form, void *spec,
	struct err_list *errors)
{
	struct spark_form *out = &((struct spark_document *)spec)->form;
	bool has_access = field(form, ACCESS_KEY) != NULL;
	bool has_secret = field(form, SECRET_KEY) != NULL;

	(void)arena;
	out->storage_class = take_class(form, errors);
	out->pvc_size = take_size(form, PVC_SIZE, errors);
	(void)take_size(form, NFS_SIZE, errors);
	take_key(form, ACCESS_KEY, &out->access_key, errors);
	take_key(form, SECRET_KEY, &out->secret_key, errors);
	out->has_keys = has_access || has_secret;
	if (has_access && !has_secret)
		refuse(errors, SECRET_KEY,
			"is missing: s3_access_key needs it beside it");
	if (has_secret && !has_access)
		refuse(errors, ACCESS_KEY,
			"is missing: s3_secret_key needs it beside it");
}

const char *
spark_secret_name(struct arena *arena, const char *name)
{
	return arena_format(arena, "%s-s3", name);
}

void
spark_take_secrets(struct arena *arena, void *spec, struct kind_secret **out,
	size_t *count)
{
	struct spark_document *document = spec;
	struct spark_form *form = &document->form;

	/* kubectl keeps whole documents there, with all that was secret */
	document->metadata.annotations.count = 0;
	*count = 0;
	if (!form->has_keys)
		return;
	*count = 2;
	*out = arena_array(arena, *count, sizeof(**out));
	(*out)[0] = (struct kind_secret){SPARK_ACCESS_KEY, form->access_key};
	(*out)[1] = (struct kind_secret){SPARK_SECRET_KEY, form->secret_key};
	form->access_key = (struct bytes){0};
	form->secret_key = (struct bytes){0};
}
