/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_section.h"

#include <string.h>
#include <strings.h>

/* Standard, but to leave them out would mean to act as somebody else. */
static const struct {
	const char *key;
	const char *problem;
} refused[] = {
	{"auth-provider",
		"is not supported, as in Kubernetes since 1.26: use exec"},
	{"as-user-extra", "is not supported"},
};

/* A header value: nothing in it ends a line. */
static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

static int
check_texts(
	struct arena *arena, const struct k8s_section *section, struct err *e)
{
	static const char *const keys[] = {
		"token", "username", "password", "as", "as-uid"};

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (!is_printable(doc_text(section->node, keys[i], "")))
			return k8s_section_bad(arena, section, keys[i],
				"has characters that no header may have", e);
	}
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (!doc_is_null(doc_get(section->node, refused[i].key)))
			return k8s_section_bad(arena, section, refused[i].key,
				refused[i].problem, e);
	}
	return 0;
}

static int
parse_groups(struct arena *arena, const struct k8s_section *section,
	char *const **out, struct err *e)
{
	const struct doc_node *list = doc_get(section->node, "as-groups");
	char **groups;
	size_t count = doc_is_null(list) ? 0 : list->count;

	if (count > 0 && list->type != DOC_LIST)
		return k8s_section_bad(
			arena, section, "as-groups", "is not a list", e);
	groups = arena_array(arena, count + 1, sizeof(*groups));
	for (size_t i = 0; i < count; i++) {
		const struct doc_node *item = list->items[i];

		if (item->type != DOC_SCALAR || !is_printable(item->text.data))
			return k8s_section_bad(arena, section, "as-groups",
				"is not a list of names", e);
		groups[i] = arena_text(arena, item->text.data);
	}
	*out = groups;
	return 0;
}

static int
parse_certificate(struct arena *arena, const struct k8s_section *section,
	struct k8s_user *out, struct err *e)
{
	if (k8s_section_pem(
		    arena, section, "client-certificate", &out->cert, e) != 0 ||
		k8s_section_pem(arena, section, "client-key", &out->key, e) !=
			0)
		return -1;
	if (out->cert.len > 0 && out->key.len == 0)
		return k8s_section_bad(arena, section, "client-key",
			"is missing beside client-certificate", e);
	if (out->key.len > 0 && out->cert.len == 0)
		return k8s_section_bad(arena, section, "client-certificate",
			"is missing beside client-key", e);
	return 0;
}

static bool
has_secret(const struct k8s_user *user)
{
	return user->token != NULL || user->token_file != NULL ||
	       user->name != NULL || user->plugin != NULL;
}

/* Nobody would see that a token crosses the network in the clear. */
static int
check_transport(struct arena *arena, const struct k8s_section *section,
	const struct k8s_cluster *cluster, const struct k8s_user *user,
	struct err *e)
{
	if (strncasecmp(cluster->server, "https:", 6) == 0 || !has_secret(user))
		return 0;
	return err_set(e, ERR_INVALID,
		arena_format(arena, "%s", section->label),
		"%s: the user has a credential and the server is not https://",
		section->file);
}

int
k8s_user_parse(struct arena *arena, const struct k8s_section *section,
	const struct k8s_cluster *cluster, struct k8s_user *out, struct err *e)
{
	*out = (struct k8s_user){
		.token = k8s_section_text(section, "token"),
		.token_file = k8s_section_file(arena, section, "tokenFile"),
		.name = k8s_section_text(section, "username"),
		.password = doc_text(section->node, "password", ""),
		.as = k8s_section_text(section, "as"),
		.as_uid = k8s_section_text(section, "as-uid"),
	};
	if (check_texts(arena, section, e) != 0 ||
		parse_groups(arena, section, &out->as_groups, e) != 0 ||
		parse_certificate(arena, section, out, e) != 0 ||
		k8s_plugin_parse(arena, section, cluster, &out->plugin, e) != 0)
		return -1;
	if (out->as == NULL &&
		(out->as_uid != NULL || out->as_groups[0] != NULL))
		return k8s_section_bad(arena, section, "as",
			"is missing beside as-uid or as-groups", e);
	return check_transport(arena, section, cluster, out, e);
}
