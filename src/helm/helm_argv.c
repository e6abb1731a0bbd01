/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include "base/base_text.h"

#include <assert.h>
#include <string.h>

#define ARGV_MAX 16U
#define RELEASE_MAX 53U /* Helm: names of objects are built from it */
#define LABEL_MAX 63U

struct argv {
	struct arena *arena;
	char **items;
	size_t count;
};

static void
argv_put(struct argv *argv, const char *text)
{
	assert(argv->count < ARGV_MAX - 1);
	argv->items[argv->count++] = arena_text(argv->arena, text);
}

static void
argv_option(struct argv *argv, const char *name, const char *value)
{
	argv_put(argv, arena_format(argv->arena, "--%s=%s", name, value));
}

/* Whether ${text} may stand in --labels: no comma, no '=', no blank. */
static bool
is_label_value(const char *text)
{
	return text_is_dns_label(text, LABEL_MAX);
}

static void
put_labels(struct argv *argv, const struct helm_stamp *stamp)
{
	assert(is_label_value(stamp->operation));
	assert(is_label_value(stamp->fence));
	assert(is_label_value(stamp->digest));
	argv_option(argv, "labels",
		arena_format(argv->arena,
			HELM_LABEL_OPERATION "=%s," HELM_LABEL_FENCE
					     "=%s," HELM_LABEL_DIGEST "=%s",
			stamp->operation, stamp->fence, stamp->digest));
}

static void
put_command(struct argv *argv, enum helm_verb verb)
{
	static const char *const commands[] = {
		[HELM_INSTALL] = "install",
		[HELM_UPGRADE] = "upgrade",
		[HELM_ROLLBACK] = "rollback",
		[HELM_UNINSTALL] = "uninstall",
	};

	argv_put(argv, commands[verb]);
	if (verb == HELM_UPGRADE)
		argv_put(argv, "--install");
}

/* What install and upgrade take, and upgrade alone. */
static void
put_apply(struct argv *argv, const struct helm_run *run)
{
	assert(run->chart_path[0] == '/');
	argv_option(argv, "values", "-");
	if (run->verb == HELM_UPGRADE) {
		argv_put(argv, "--reset-values");
		argv_option(argv, "history-max", "10");
	}
	argv_put(argv, "--hide-notes");
	put_labels(argv, &run->stamp);
}

char **
helm_argv(struct arena *arena, const struct helm_run *run)
{
	struct argv argv = {arena, NULL, 0};
	bool is_apply = run->verb == HELM_INSTALL || run->verb == HELM_UPGRADE;

	assert(text_is_dns_label(run->namespace, LABEL_MAX));
	assert(text_is_dns_label(run->release, RELEASE_MAX));
	argv.items = arena_array(arena, ARGV_MAX, sizeof(*argv.items));
	argv_put(&argv, run->helm);
	put_command(&argv, run->verb);
	argv_option(&argv, "namespace", run->namespace);
	argv_option(
		&argv, "timeout", arena_format(arena, "%us", run->timeout_s));
	if (is_apply)
		put_apply(&argv, run);
	if (run->verb == HELM_UNINSTALL)
		argv_put(&argv, "--ignore-not-found");
	argv_put(&argv, "--");
	argv_put(&argv, run->release);
	if (is_apply)
		argv_put(&argv, run->chart_path);
	if (run->verb == HELM_ROLLBACK)
		argv_put(&argv, arena_format(arena, "%u", run->revision));
	return argv.items;
}

/* Names whose value is a path below the private folder. */
static const struct helm_folder {
	const char *name;
	const char *below;
} folders[] = {
	{"HOME", ""},
	{"HELM_CACHE_HOME", "/cache"},
	{"HELM_CONFIG_HOME", "/config"},
	{"HELM_DATA_HOME", "/data"},
	{"HELM_REPOSITORY_CACHE", "/cache/repository"},
	{"HELM_REPOSITORY_CONFIG", "/config/repositories.yaml"},
	{"HELM_REGISTRY_CONFIG", "/config/registry.json"},
	{"HELM_CONTENT_CACHE", "/cache/content"},
};

/* One processor and no collector below 256 MiB: a helm lives for some 50 ms,
 * most of it start-up. No PATH: helm has nothing to run. */
static const char *const constants[] = {
	"HELM_DRIVER=secret",
	"HELM_NO_PLUGINS=1",
	"GOGC=off",
	"GOMEMLIMIT=256MiB",
	"GOMAXPROCS=1",
	"PATH=/nonexistent",
	"NO_COLOR=1",
};

char **
helm_environ(struct arena *arena, const char *home, const char *no_cache,
	int kubeconfig_fd)
{
	size_t size = COUNT_OF(folders) + COUNT_OF(constants) + 3;
	char **environ_ = arena_array(arena, size, sizeof(*environ_));
	size_t n = 0;

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		environ_[n++] = arena_format(arena, "%s=%s%s", folders[i].name,
			home, folders[i].below);
	for (size_t i = 0; i < COUNT_OF(constants); i++)
		environ_[n++] = arena_text(arena, constants[i]);
	environ_[n++] = arena_format(arena, "KUBECACHEDIR=%s", no_cache);
	environ_[n++] = arena_format(
		arena, "KUBECONFIG=/proc/self/fd/%d", kubeconfig_fd);
	return environ_;
}
