/* SPDX-License-Identifier: Apache-2.0 */
/* The fields beside the document. */
#include "kinds/kind_form.h"
#include "kinds/kind_spark_internal.h"

#include <ctype.h>
#include <string.h>

#define NFS_CLASS "nfs_storage_class"
#define NFS_SIZE "nfs_storage_size"
#define ACCESS_KEY "s3_access_key"
#define SECRET_KEY "s3_secret_key"
#define PVC_SIZE "pvc_size"
#define KEY_MIN 3U /* of stores that let their users choose */
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
	const struct bytes *sent = kind_form_find(form, name);

	if (sent == NULL)
		return;
	*out = without_line_break(*sent);
	if (out->len == 0)
		kind_form_refuse(
			errors, name, "is empty: leave it out or send the key");
	else if (out->len < KEY_MIN || out->len > KEY_MAX)
		kind_form_refuse(errors, name,
			out->len < KEY_MIN ? "is shorter than any S3 key"
					   : "is longer than any S3 key");
	else if (!is_key(*out))
		kind_form_refuse(errors, name,
			"holds a blank, a line break or what is no ASCII: send "
			"the base64 of the key alone (printf %s KEY | base64)");
}

void
spark_take_params(struct arena *arena, const struct text_form *form, void *spec,
	struct err_list *errors)
{
	struct spark_form *out = &((struct spark_document *)spec)->form;
	bool has_access = kind_form_find(form, ACCESS_KEY) != NULL;
	bool has_secret = kind_form_find(form, SECRET_KEY) != NULL;

	(void)arena;
	out->storage_class = kind_form_class(form, NFS_CLASS, errors);
	out->pvc_size = kind_form_size(form, PVC_SIZE, errors);
	(void)kind_form_size(form, NFS_SIZE, errors);
	take_key(form, ACCESS_KEY, &out->access_key, errors);
	take_key(form, SECRET_KEY, &out->secret_key, errors);
	out->has_keys = has_access || has_secret;
	if (has_access && !has_secret)
		kind_form_refuse(errors, SECRET_KEY,
			"is missing: s3_access_key needs it beside it");
	if (has_secret && !has_access)
		kind_form_refuse(errors, ACCESS_KEY,
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
