/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_trino.h"

#include "kinds/kind_check.h"
#include "kinds/kind_file.h"
#include "kinds/kind_pod.h"

#include <string.h>

/* A role of the posted document. */
struct role {
	struct arena *arena;
	struct err_list *errors;
	const struct doc_node *node; /* NULL if absent */
	const char *path;            /* "spec.worker" */
};

static const char *
path_of(const struct role *role, const char *key)
{
	return arena_format(role->arena, "%s.%s", role->path, key);
}

static const struct doc_node *
member(const struct role *role, const char *path)
{
	return doc_at(role->node, path);
}

/* The text of ${node}'s ${key}; NULL if there is none. */
static const struct doc_node *
text_at(const struct doc_node *node, const char *key)
{
	const struct doc_node *text = doc_get(node, key);

	return doc_is_null(text) || text->type != DOC_SCALAR ? NULL : text;
}

/* The role's list of files; NULL if the table has refused it. */
static const struct doc_node *
files_of(const struct role *role)
{
	const struct doc_node *files = member(role, "configs");

	return files == NULL || files->type != DOC_LIST ||
			       files->count > TRINO_FILES_MAX
		       ? NULL
		       : files;
}

static bool
is_same_text(const struct doc_node *left, const struct doc_node *right)
{
	return left != NULL && right != NULL &&
	       strcmp(left->text.data, right->text.data) == 0;
}

static void
check_file_twice(
	const struct role *role, const struct doc_node *files, size_t index)
{
	const struct doc_node *name = text_at(files->items[index], "name");
	const struct doc_node *path = text_at(files->items[index], "path");

	for (size_t i = 0; i < index; i++) {
		const struct doc_node *other = text_at(files->items[i], "name");

		if (!is_same_text(name, other) ||
			!is_same_text(path, text_at(files->items[i], "path")))
			continue;
		kind_refuse(role->errors, name,
			arena_format(role->arena, "%s.configs[%zu].name",
				role->path, index),
			"the same file is in line %u already", other->line);
		return;
	}
}

/* The node with the content of the first file of that name, where ${path}
 * becomes its path; NULL if there is none. */
static const struct doc_node *
find_content(const struct role *role, const char *name, const char **path)
{
	const struct doc_node *files = files_of(role);

	for (size_t i = 0; files != NULL && i < files->count; i++) {
		const struct doc_node *found = text_at(files->items[i], "name");

		if (found == NULL || strcmp(found->text.data, name) != 0)
			continue;
		*path = arena_format(
			role->arena, "%s.configs[%zu].value", role->path, i);
		return text_at(files->items[i], "value");
	}
	return NULL;
}

static void
refuse_property(const struct role *role, const struct doc_node *content,
	const char *path, const char *key, const char *cause)
{
	struct kind_property found;

	(void)kind_property_find(content->text.data, key, &found);
	kind_refuse(role->errors, content, path,
		"%s is \"%.*s\" in line %u of the file; %s", key,
		(int)(found.value.len > 40 ? 40 : found.value.len),
		found.value.data, found.line, cause);
}

static void
check_port(const struct role *role)
{
	const char *path;
	const struct doc_node *content =
		find_content(role, TRINO_CONFIG_FILE, &path);

	if (content != NULL && trino_port(role->arena, content->text.data) == 0)
		refuse_property(role, content, path, TRINO_PORT_KEY,
			"a port is 1..65535");
}

static void
check_data_dir(const struct role *role)
{
	const char *path;
	const struct doc_node *content =
		find_content(role, TRINO_NODE_FILE, &path);

	if (content != NULL && kind_check_folder(trino_data_dir(role->arena,
				       content->text.data)) != NULL)
		refuse_property(role, content, path, TRINO_DATA_DIR_KEY,
			"it must be an absolute folder, not \"/\", in its "
			"shortest spelling");
}

static void
check_files(const struct role *role)
{
	const struct doc_node *files = files_of(role);

	for (size_t i = 0; files != NULL && i < files->count; i++)
		check_file_twice(role, files, i);
	check_port(role);
	check_data_dir(role);
}

static void
check_role(const struct role *role)
{
	kind_check_pod(role->arena, role->node, role->path, role->errors);
	check_files(role);
}

static void
check_autoscaler(const struct role *worker)
{
	long long min = doc_int(worker->node, "autoscaler.minReplicas", 0);
	long long max = doc_int(worker->node, "autoscaler.maxReplicas", min);

	if (max < min)
		kind_refuse(worker->errors,
			member(worker, "autoscaler.maxReplicas"),
			path_of(worker, "autoscaler.maxReplicas"),
			"%lld is below minReplicas (%lld)", max, min);
}

void
trino_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors)
{
	const struct role coordinator = {arena, errors,
		doc_at(document, "spec.coordinator"), "spec.coordinator"};
	const struct role worker = {
		arena, errors, doc_at(document, "spec.worker"), "spec.worker"};

	(void)spec;
	kind_check_labels(
		doc_at(document, "metadata.labels"), "metadata.labels", errors);
	(void)kind_check_type(doc_at(document, "spec.securityContext"), DOC_MAP,
		"spec.securityContext", errors);
	check_role(&coordinator);
	check_role(&worker);
	check_autoscaler(&worker);
}
