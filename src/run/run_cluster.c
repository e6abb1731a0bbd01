/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_cluster.h"

#include "helm/helm.h"
#include "proc/proc.h"

#include <stdlib.h>
#include <string.h>

#define VERSION_DEADLINE_MS 20000U
#define PLUGIN_DEADLINE_MS 60000U

extern char **environ;

/* --- exec plugins
 * ---------------------------------------------------------------- */

/* Our environment and the plugin's own entries behind it, without ROASTER_*:
 * those are nobody else's. */
static char **
plugin_environ(struct arena *arena, char *const *added)
{
	size_t count = 0, n = 0;
	char **out;

	for (char **p = environ; *p != NULL; p++)
		count++;
	for (char *const *p = added; p != NULL && *p != NULL; p++)
		count++;
	out = arena_array(arena, count + 1, sizeof(*out));
	for (char **p = environ; *p != NULL; p++) {
		if (strncmp(*p, "ROASTER_", 8) != 0)
			out[n++] = *p;
	}
	for (char *const *p = added; p != NULL && *p != NULL; p++)
		out[n++] = *p;
	return out;
}

static int
run_plugin(void *cookie, struct arena *arena, const struct k8s_exec *exec,
	struct bytes *output, struct err *e)
{
	const char *path = exec->command[0] == '/'
				   ? exec->command
				   : run_find(arena, exec->command);
	struct proc_command command = {.path = path,
		.argv = exec->argv,
		.folder = "/",
		.deadline_ms = PLUGIN_DEADLINE_MS};
	struct proc_result result;

	(void)cookie;
	if (path == NULL)
		return err_set(e, ERR_UNAVAILABLE, "",
			"the kubeconfig wants %s, which is not in PATH",
			exec->command);
	command.environ = plugin_environ(arena, exec->env);
	if (proc_run(arena, &command, &result, e) == -1)
		return -1;
	if (result.status != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"%s of the kubeconfig failed with status %d", path,
			result.status);
	*output = result.output;
	return 0;
}

int
run_cluster_open(
	const struct run_shell *shell, struct k8s_config **out, struct err *e)
{
	const char *env_path = getenv("KUBECONFIG");

	if (k8s_config_load(shell->config.kubeconfig,
		    env_path == NULL ? "" : env_path, K8S_POD_FOLDER,
		    getenv("HOME"), out, e) == -1)
		return -1;
	k8s_config_set_exec(*out, run_plugin, NULL);
	return 0;
}

/* --- helm
 * ------------------------------------------------------------------------- */

int
run_helm_find(const struct run_shell *shell, const char **path,
	const char **version, struct err *e)
{
	struct arena *arena = shell->arena;
	char *const variables[] = {(char[]){"HOME=/nonexistent"},
		(char[]){"HELM_NO_PLUGINS=1"}, (char[]){"PATH=/nonexistent"},
		NULL};
	char *argv[] = {(char[]){"helm"}, (char[]){"version"},
		(char[]){"--template={{.Version}}"}, NULL};
	struct proc_command command = {.argv = argv,
		.environ = variables,
		.folder = "/",
		.deadline_ms = VERSION_DEADLINE_MS};
	struct helm_version parsed;
	struct proc_result result;

	*path = shell->config.helm[0] != '\0' ? shell->config.helm
					      : run_find(arena, "helm");
	if (*path == NULL || (*path)[0] != '/')
		return err_set(e, ERR_UNAVAILABLE, "helm",
			"no helm in PATH; install " HELM_FLOOR_4
			" or newer, or set helm to its absolute path");
	command.path = *path;
	if (proc_run(arena, &command, &result, e) == -1)
		return -1;
	*version = arena_copy(arena, result.output.data, result.output.len);
	return helm_version_check(result.output, &parsed, e);
}
