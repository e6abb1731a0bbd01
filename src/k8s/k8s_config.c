/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "base/base_text.h"
#include "k8s/k8s_file.h"
#include "k8s/k8s_login.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct k8s_config *
config_new(void)
{
	struct k8s_config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		abort();
	config->arena = arena_new();
	config->login = k8s_login_new();
	return config;
}

void
k8s_config_free(struct k8s_config *config)
{
	if (config == NULL)
		return;
	k8s_login_free(config->login);
	arena_free(config->arena);
	if (config->is_curl_ready)
		curl_global_cleanup();
	free(config);
}

/* An IPv6 address stands in brackets in a URL. */
static const char *
pod_server(struct arena *arena, const char *host, const char *port)
{
	if (host == NULL || host[0] == '\0')
		return "https://kubernetes.default.svc";
	if (port == NULL || port[0] == '\0')
		port = "443";
	return arena_format(arena,
		strchr(host, ':') == NULL ? "https://%s:%s" : "https://[%s]:%s",
		host, port);
}

int
k8s_pod_config_read(struct k8s_config *config, const char *folder,
	const char *host, const char *port, struct err *e)
{
	struct arena *arena = config->arena;

	config->user.token_file = arena_format(arena, "%s/token", folder);
	config->cluster.server = pod_server(arena, host, port);
	return k8s_file_read(arena, arena_format(arena, "%s/ca.crt", folder),
		"certificate-authority", &config->cluster.ca, e);
}

static bool
is_there(struct arena *arena, const char *folder, const char *file)
{
	return access(arena_format(arena, "%s/%s", folder, file), F_OK) == 0;
}

static int
fill(struct k8s_config *config, const char *path, const char *env_path,
	const char *pod, const char *home, struct err *e)
{
	static const char at_home[] = ".kube/config";
	struct arena *arena = config->arena;

	if (path[0] != '\0')
		return k8s_kubeconfig_read(config, path, false, e);
	if (env_path != NULL && env_path[0] != '\0')
		return k8s_kubeconfig_read(config, env_path, true, e);
	if (is_there(arena, pod, "token"))
		return k8s_pod_config_read(config, pod,
			getenv("KUBERNETES_SERVICE_HOST"),
			getenv("KUBERNETES_SERVICE_PORT"), e);
	if (home != NULL && is_there(arena, home, at_home))
		return k8s_kubeconfig_read(config,
			arena_format(arena, "%s/%s", home, at_home), false, e);
	return err_set(e, ERR_UNAVAILABLE, "",
		"no Kubernetes configured: no kubeconfig is named, this is no "
		"pod with a service account, and there is no ~/%s",
		at_home);
}

int
k8s_config_load(const char *path, const char *env_path, const char *pod,
	const char *home, struct k8s_config **out, struct err *e)
{
	struct k8s_config *config = config_new();

	*out = NULL;
	if (fill(config, path, env_path, pod, home, e) != 0) {
		k8s_config_free(config);
		return -1;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
	config->is_curl_ready = true;
	*out = config;
	return 0;
}

void
k8s_config_set_exec(struct k8s_config *config, k8s_exec_run *run, void *cookie)
{
	k8s_login_set_exec(config->login, run, cookie);
}

const char *
k8s_config_server(const struct k8s_config *config)
{
	return config->cluster.server;
}
