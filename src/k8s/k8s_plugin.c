/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "k8s/k8s_file.h"
#include "k8s/k8s_section.h"

#include <string.h>

static const char beta[] = "client.authentication.k8s.io/v1beta1";
static const char stable[] = "client.authentication.k8s.io/v1";

/* "NAME={…}" as client-go hands it to plugins. */
static char *
exec_info(struct arena *arena, const struct k8s_section *exec,
	const struct k8s_cluster *cluster)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	buf_text(&out, "KUBERNETES_EXEC_INFO=");
	json_init(&j, &out);
	json_object_open(&j);
	json_member_text(
		&j, "apiVersion", k8s_section_text(exec, "apiVersion"));
	json_member_text(&j, "kind", "ExecCredential");
	json_key(&j, "spec");
	json_object_open(&j);
	json_member_bool(&j, "interactive", false);
	if (k8s_section_is_true(exec, "provideClusterInfo")) {
		json_key(&j, "cluster");
		k8s_cluster_write(arena, cluster, &j);
	}
	json_object_close(&j);
	json_object_close(&j);
	return arena_text(arena, buf_string(&out));
}

/* The items of a list under ${key}, none if it is absent or null. */
static int
list_at(struct arena *arena, const struct k8s_section *exec, const char *key,
	const struct doc_node **out, struct err *e)
{
	static const struct doc_node empty = {.type = DOC_LIST};
	const struct doc_node *list = doc_get(exec->node, key);

	*out = doc_is_null(list) ? &empty : list;
	if ((*out)->type != DOC_LIST)
		return k8s_section_bad(arena, exec, key, "is not a list", e);
	return 0;
}

static int
parse_args(struct arena *arena, const struct k8s_section *exec,
	struct k8s_exec *out, struct err *e)
{
	const struct doc_node *args;
	char **argv;

	if (list_at(arena, exec, "args", &args, e) != 0)
		return -1;
	argv = arena_array(arena, args->count + 2, sizeof(*argv));
	argv[0] = arena_text(arena, out->command);
	for (size_t i = 0; i < args->count; i++) {
		if (args->items[i]->type != DOC_SCALAR)
			return k8s_section_bad(arena, exec, "args",
				"is not a list of texts", e);
		argv[i + 1] = arena_text(arena, args->items[i]->text.data);
	}
	out->argv = argv;
	return 0;
}

static int
parse_env(struct arena *arena, const struct k8s_section *exec,
	const struct k8s_cluster *cluster, struct k8s_exec *out, struct err *e)
{
	const struct doc_node *list;
	char **env;

	if (list_at(arena, exec, "env", &list, e) != 0)
		return -1;
	env = arena_array(arena, list->count + 2, sizeof(*env));
	for (size_t i = 0; i < list->count; i++) {
		const char *name = doc_text(list->items[i], "name", "");

		if (name[0] == '\0' || strchr(name, '=') != NULL)
			return k8s_section_bad(arena, exec, "env",
				"is not a list of name and value", e);
		env[i] = arena_format(arena, "%s=%s", name,
			doc_text(list->items[i], "value", ""));
	}
	env[list->count] = exec_info(arena, exec, cluster);
	out->env = env;
	return 0;
}

static int
check_exec(struct arena *arena, const struct k8s_section *exec, struct err *e)
{
	const char *version = doc_text(exec->node, "apiVersion", "");
	const char *mode = doc_text(exec->node, "interactiveMode", "");

	if (k8s_section_text(exec, "command") == NULL)
		return k8s_section_bad(arena, exec, "command", "is missing", e);
	if (strcmp(version, stable) != 0 && strcmp(version, beta) != 0)
		return k8s_section_bad(arena, exec, "apiVersion",
			"is neither client.authentication.k8s.io/v1 nor "
			"v1beta1",
			e);
	if (strcmp(mode, "Always") == 0)
		return k8s_section_bad(arena, exec, "interactiveMode",
			"is Always, and nobody sits at this program", e);
	return 0;
}

int
k8s_plugin_parse(struct arena *arena, const struct k8s_section *section,
	const struct k8s_cluster *cluster, const struct k8s_exec **out,
	struct err *e)
{
	const struct k8s_section exec = {
		.file = section->file,
		.label = arena_format(arena, "%s.exec", section->label),
		.node = doc_get(section->node, "exec"),
	};
	struct k8s_exec *plugin;

	*out = NULL;
	if (doc_is_null(exec.node))
		return 0;
	if (check_exec(arena, &exec, e) != 0)
		return -1;
	plugin = arena_alloc(arena, sizeof(*plugin));
	plugin->command = k8s_section_text(&exec, "command");
	if (strchr(plugin->command, '/') != NULL)
		plugin->command =
			k8s_file_beside(arena, section->file, plugin->command);
	if (parse_args(arena, &exec, plugin, e) != 0 ||
		parse_env(arena, &exec, cluster, plugin, e) != 0)
		return -1;
	*out = plugin;
	return 0;
}
