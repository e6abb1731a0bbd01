/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_file.h"
#include "k8s/k8s_section.h"

#include <string.h>
#include <unistd.h>

#define FILES_MAX 16U

static const struct doc_limits kubeconfig_limits = {
	.bytes_max = K8S_FILE_MAX,
	.depth_max = DOC_DEPTH_MAX,
	.nodes_max = DOC_NODES_MAX,
};

/* All files of a list, in its order: the first that has an entry wins. */
struct files {
	size_t count;
	struct {
		const char *path;
		const struct doc_node *root;
	} items[FILES_MAX];
};

static int
add_file(struct arena *arena, struct files *files, const char *path,
	struct err *e)
{
	const struct doc_node *root;
	struct bytes content;
	struct err why;

	if (files->count == FILES_MAX)
		return err_set(e, ERR_INVALID, "",
			"more than %u kubeconfig files", FILES_MAX);
	if (k8s_file_read(arena, path, "", &content, e) != 0)
		return -1;
	if (doc_parse_yaml(arena, content, &kubeconfig_limits, &root, &why) !=
		0)
		return err_at(e, why.line, why.column, why.path,
			"%s: line %u: %s", path, why.line, why.message);
	files->items[files->count].path = path;
	files->items[files->count].root = root;
	files->count++;
	return 0;
}

/* Like kubectl: files of a list that do not exist are passed over. */
static int
add_list(struct arena *arena, struct files *files, const char *paths,
	struct err *e)
{
	char *rest = arena_text(arena, paths), *path;

	while ((path = strsep(&rest, ":")) != NULL) {
		if (path[0] == '\0' || access(path, F_OK) != 0)
			continue;
		if (add_file(arena, files, path, e) != 0)
			return -1;
	}
	if (files->count == 0)
		return err_set(e, ERR_UNAVAILABLE, "KUBECONFIG",
			"none of the kubeconfig files %s exists", paths);
	return 0;
}

/* The item of ${list} ("users") whose name is ${name}. */
static const struct doc_node *
find_in(const struct doc_node *list, const char *name)
{
	if (list == NULL || list->type != DOC_LIST)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(doc_text(list->items[i], "name", ""), name) == 0)
			return list->items[i];
	}
	return NULL;
}

/* ${kind}: "user"; its list is "users", and the entry's body is under "user".
 */
static int
find(struct arena *arena, const struct files *files, const char *kind,
	const char *name, struct k8s_section *out, struct err *e)
{
	const char *list = arena_format(arena, "%ss", kind);
	const struct doc_node *entry = NULL;

	for (size_t i = 0; i < files->count && entry == NULL; i++) {
		out->file = files->items[i].path;
		entry = find_in(doc_get(files->items[i].root, list), name);
	}
	out->label = arena_format(arena, "%s[%s]", list, name);
	if (entry == NULL)
		return err_set(e, ERR_INVALID, out->label,
			"%s: there is no %s \"%s\"", files->items[0].path, kind,
			name);
	out->node = doc_get(entry, kind);
	if (out->node == NULL)
		out->node = entry;
	return 0;
}

static int
find_context(struct arena *arena, const struct files *files,
	struct k8s_section *out, struct err *e)
{
	const char *name = "";

	for (size_t i = 0; i < files->count && name[0] == '\0'; i++)
		name = doc_text(files->items[i].root, "current-context", "");
	if (name[0] == '\0')
		return err_set(e, ERR_INVALID, "current-context",
			"%s: current-context is not set", files->items[0].path);
	return find(arena, files, "context", name, out, e);
}

static int
read_context(
	struct k8s_config *config, const struct files *files, struct err *e)
{
	struct arena *arena = config->arena;
	struct k8s_section context, cluster, user;
	const char *name;

	if (find_context(arena, files, &context, e) != 0)
		return -1;
	name = k8s_section_text(&context, "cluster");
	if (name == NULL)
		return k8s_section_bad(
			arena, &context, "cluster", "is missing", e);
	if (find(arena, files, "cluster", name, &cluster, e) != 0 ||
		k8s_cluster_parse(arena, &cluster, &config->cluster, e) != 0)
		return -1;
	name = k8s_section_text(&context, "user");
	if (name == NULL)
		return 0;
	if (find(arena, files, "user", name, &user, e) != 0)
		return -1;
	return k8s_user_parse(arena, &user, &config->cluster, &config->user, e);
}

int
k8s_kubeconfig_read(struct k8s_config *config, const char *paths, bool is_list,
	struct err *e)
{
	struct arena *arena = config->arena;
	struct files files = {.count = 0};
	const char *path = arena_text(arena, paths);
	int rc;

	rc = is_list ? add_list(arena, &files, path, e)
		     : add_file(arena, &files, path, e);
	return rc == 0 ? read_context(config, &files, e) : -1;
}
