/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_login.h"
#include "k8s/k8s_file.h"
#include "k8s/k8s_time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A token that ends while a request is under way is of no use. */
#define EXPIRY_MARGIN_MS 10000

static const struct doc_limits plugin_limits = {
	.bytes_max = 1024U * 1024U,
	.depth_max = 16,
	.nodes_max = 1000,
};

/* What a plugin gave, and the right to run it. */
struct k8s_login {
	pthread_mutex_t lock; /* guards all below but run and cookie */
	k8s_exec_run *run;    /* NULL: exec plugins are refused */
	void *cookie;
	struct arena *arena; /* owns kept; NULL: nothing is kept */
	struct k8s_credential kept;
	int64_t expires_ms; /* INT64_MAX: never */
};

struct k8s_login *
k8s_login_new(void)
{
	struct k8s_login *login = calloc(1, sizeof(*login));

	if (login == NULL || pthread_mutex_init(&login->lock, NULL) != 0)
		abort();
	return login;
}

void
k8s_login_free(struct k8s_login *login)
{
	if (login == NULL)
		return;
	arena_free(login->arena);
	pthread_mutex_destroy(&login->lock);
	free(login);
}

void
k8s_login_set_exec(struct k8s_login *login, k8s_exec_run *run, void *cookie)
{
	login->run = run;
	login->cookie = cookie;
}

static void
forget(struct k8s_login *login)
{
	arena_free(login->arena);
	login->arena = NULL;
}

void
k8s_login_forget(const struct k8s_config *config)
{
	pthread_mutex_lock(&config->login->lock);
	forget(config->login);
	pthread_mutex_unlock(&config->login->lock);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What a header may carry: visible ASCII. */
static bool
is_token(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (*c <= ' ' || *c >= 0x7f)
			return false;
	}
	return text[0] != '\0';
}

static const char *
some(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static struct bytes
bytes_of(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

/* ${output} is never quoted: it is the credential. */
static int
read_credential(struct k8s_login *login, struct bytes output,
	const char *command, struct err *e)
{
	const struct doc_node *root, *status;
	const char *expires;
	struct err hidden;

	if (doc_parse_json(
		    login->arena, output, &plugin_limits, &root, &hidden) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"exec plugin %s gave no JSON", command);
	status = doc_get(root, "status");
	login->kept = (struct k8s_credential){
		.token = some(doc_text(status, "token", "")),
		.cert = bytes_of(doc_text(status, "clientCertificateData", "")),
		.key = bytes_of(doc_text(status, "clientKeyData", "")),
	};
	if (login->kept.token != NULL
			? !is_token(login->kept.token)
			: login->kept.cert.len == 0 || login->kept.key.len == 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"exec plugin %s gave no credential", command);
	expires = doc_text(status, "expirationTimestamp", "");
	login->expires_ms = INT64_MAX;
	if (expires[0] != '\0' &&
		k8s_time_parse(expires, &login->expires_ms) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"exec plugin %s gave a bad expirationTimestamp",
			command);
	return 0;
}

static int
run_plugin(
	struct k8s_login *login, const struct k8s_exec *plugin, struct err *e)
{
	struct bytes output;

	if (login->run == NULL)
		return err_set(e, ERR_UNAVAILABLE, "",
			"the kubeconfig wants exec plugin %s, and this "
			"program runs none: use a token or certificate",
			plugin->command);
	forget(login);
	login->arena = arena_new();
	if (login->run(login->cookie, login->arena, plugin, &output, e) == 0 &&
		read_credential(login, output, plugin->command, e) == 0)
		return 0;
	forget(login);
	return -1;
}

static struct bytes
copy_bytes(struct arena *arena, struct bytes from)
{
	return (struct bytes){arena_copy(arena, from.data, from.len), from.len};
}

static int
get_from_plugin(const struct k8s_config *config, struct arena *arena,
	struct k8s_credential *out, struct err *e)
{
	struct k8s_login *login = config->login;
	int rc = 0;

	pthread_mutex_lock(&login->lock);
	if (login->arena == NULL ||
		login->expires_ms - EXPIRY_MARGIN_MS <= now_ms())
		rc = run_plugin(login, config->user.plugin, e);
	if (rc == 0) {
		out->token = arena_text(arena, login->kept.token);
		if (login->kept.cert.len > 0) {
			out->cert = copy_bytes(arena, login->kept.cert);
			out->key = copy_bytes(arena, login->kept.key);
		}
	}
	pthread_mutex_unlock(&login->lock);
	return rc;
}

static int
get_from_file(const char *path, struct arena *arena, struct k8s_credential *out,
	struct err *e)
{
	struct bytes content;
	size_t len;
	char *token;

	if (k8s_file_read(arena, path, "tokenFile", &content, e) != 0)
		return -1;
	token = arena_copy(arena, content.data, content.len);
	len = strlen(token);
	while (len > 0 && strchr(" \r\n\t", token[len - 1]) != NULL)
		token[--len] = '\0';
	if (!is_token(token))
		return err_set(e, ERR_UNAVAILABLE, "tokenFile",
			"%s holds no token", path);
	out->token = token;
	return 0;
}

int
k8s_login_get(const struct k8s_config *config, struct arena *arena,
	struct k8s_credential *out, struct err *e)
{
	const struct k8s_user *user = &config->user;

	*out = (struct k8s_credential){
		.token = user->token,
		.cert = user->cert,
		.key = user->key,
	};
	if (user->token_file != NULL)
		return get_from_file(user->token_file, arena, out, e);
	if (user->token == NULL && user->plugin != NULL)
		return get_from_plugin(config, arena, out, e);
	return 0;
}
