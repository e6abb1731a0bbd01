/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "base/base_text.h"
#include "k8s/k8s_login.h"
#include "k8s/k8s_section.h"

#include <string.h>

/* The one name of cluster, user and context in what is rendered. */
static const char name[] = "roaster";

static void
write_pem(
	struct arena *arena, struct json *j, const char *key, struct bytes pem)
{
	if (pem.len > 0)
		json_member_text(j, key, text_base64_encode(arena, pem));
}

static void
write_as(const struct k8s_user *user, struct json *j)
{
	if (user->as == NULL)
		return;
	json_member_text(j, "as", user->as);
	if (user->as_uid != NULL)
		json_member_text(j, "as-uid", user->as_uid);
	json_key(j, "as-groups");
	json_array_open(j);
	for (char *const *group = user->as_groups; *group != NULL; group++)
		json_text(j, *group);
	json_array_close(j);
}

static void
write_user(struct arena *arena, const struct k8s_user *user,
	const struct k8s_credential *credential, struct json *j)
{
	json_object_open(j);
	write_pem(arena, j, "client-certificate-data", credential->cert);
	write_pem(arena, j, "client-key-data", credential->key);
	if (credential->token != NULL) {
		json_member_text(j, "token", credential->token);
	} else if (user->name != NULL) {
		json_member_text(j, "username", user->name);
		json_member_text(j, "password", user->password);
	}
	write_as(user, j);
	json_object_close(j);
}

/* "KINDs":[{"name":…,"KIND": */
static void
open_entry(struct arena *arena, struct json *j, const char *kind)
{
	json_key(j, arena_format(arena, "%ss", kind));
	json_array_open(j);
	json_object_open(j);
	json_member_text(j, "name", name);
	json_key(j, kind);
}

static void
close_entry(struct json *j)
{
	json_object_close(j);
	json_array_close(j);
}

static void
write_context(struct json *j)
{
	json_object_open(j);
	json_member_text(j, "cluster", name);
	json_member_text(j, "user", name);
	json_object_close(j);
}

int
k8s_config_render(const struct k8s_config *config, struct arena *arena,
	struct bytes *out, struct err *e)
{
	struct k8s_credential credential;
	struct buf text;
	struct json j;

	if (k8s_login_get(config, arena, &credential, e) != 0)
		return -1;
	buf_init(&text, arena);
	json_init(&j, &text);
	json_object_open(&j);
	json_member_text(&j, "apiVersion", "v1");
	json_member_text(&j, "kind", "Config");
	json_member_text(&j, "current-context", name);
	open_entry(arena, &j, "cluster");
	k8s_cluster_write(arena, &config->cluster, &j);
	close_entry(&j);
	open_entry(arena, &j, "user");
	write_user(arena, &config->user, &credential, &j);
	close_entry(&j);
	open_entry(arena, &j, "context");
	write_context(&j);
	close_entry(&j);
	json_object_close(&j);
	*out = buf_bytes(&text);
	return 0;
}
