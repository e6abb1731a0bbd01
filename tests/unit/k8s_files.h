/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a test in a folder of its own. */
#ifndef K8S_FILES_H
#define K8S_FILES_H

#include "k8s/k8s_config_internal.h"
#include "unit_file.h"

#include <sys/stat.h>
#include <unistd.h>

#define NO_POD "/nonexistent" /* what runs the tests may be a pod */

struct files {
	struct arena *arena;
	char folder[64];
	const char *paths[64];
	unsigned count;
};

static inline int
files_setup(void **state)
{
	struct files *files = calloc(1, sizeof(*files));

	assert_non_null(files);
	files->arena = arena_new();
	snprintf(files->folder, sizeof(files->folder), "/tmp/k8s_testXXXXXX");
	assert_non_null(mkdtemp(files->folder));
	*state = files;
	return 0;
}

static inline int
files_teardown(void **state)
{
	struct files *files = *state;

	while (files->count > 0)
		remove(files->paths[--files->count]);
	rmdir(files->folder);
	arena_free(files->arena);
	free(files);
	return 0;
}

/* The path of ${name}, which is removed in the end. */
static inline const char *
files_path(struct files *files, const char *name)
{
	const char *path =
		arena_format(files->arena, "%s/%s", files->folder, name);

	assert_true(files->count < COUNT_OF(files->paths));
	files->paths[files->count++] = path;
	return path;
}

static inline const char *
files_put(struct files *files, const char *name, struct bytes content)
{
	const char *path = files_path(files, name);

	unit_file_write(path, content);
	return path;
}

/* A kubeconfig "config" with this cluster and user, in flow style. */
static inline const char *
files_put_config(struct files *files, const char *cluster, const char *user)
{
	return files_put(files, "config",
		unit_bytes(arena_format(files->arena,
			"apiVersion: v1\nkind: Config\ncurrent-context: c\n"
			"contexts:\n- {name: c, context: {cluster: k, user: "
			"u}}\nclusters:\n- {name: k, cluster: {%s}}\nusers:\n"
			"- {name: u, user: {%s}}\n",
			cluster, user)));
}

/* The config read from there; fails the test if it is refused. */
static inline struct k8s_config *
files_load(struct files *files, const char *cluster, const char *user)
{
	const char *path = files_put_config(files, cluster, user);
	struct k8s_config *config;
	struct err e;

	if (k8s_config_load(path, NULL, NO_POD, NULL, &config, &e) != 0)
		fail_msg("%s: %s", e.path, e.message);
	return config;
}

static inline const char *
files_render(struct files *files, const struct k8s_config *config)
{
	struct bytes out;
	struct err e;

	if (k8s_config_render(config, files->arena, &out, &e) != 0)
		fail_msg("%s", e.message);
	return arena_copy(files->arena, out.data, out.len);
}

#define FILES_TEST(f) \
	cmocka_unit_test_setup_teardown(f, files_setup, files_teardown)

#endif
