/* SPDX-License-Identifier: Apache-2.0 */
/* A kubeconfig, rendered for helm and read again. */
#include "fuzz.h"

#include "k8s/k8s_login.h"

static struct k8s_config *
read_config(struct arena *arena, struct bytes in)
{
	struct k8s_config *config = arena_alloc(arena, sizeof(*config));
	struct err e;

	config->arena = arena;
	fuzz_file_set(in);
	if (k8s_kubeconfig_read(config, "kubeconfig", false, &e) == 0)
		return config;
	fuzz_error(&e, in);
	return NULL;
}

static bool
render(struct arena *arena, struct k8s_config *config, struct bytes *out)
{
	struct err e;
	int rc;

	config->login = k8s_login_new();
	rc = k8s_config_render(config, arena, out, &e);
	k8s_login_free(config->login);
	if (rc != 0)
		fuzz_error(&e, (struct bytes){NULL, 0});
	return rc == 0;
}

void
fuzz_kubeconfig(struct arena *arena, struct bytes in)
{
	struct k8s_config *config = read_config(arena, in);
	struct bytes out, again;

	if (config == NULL || !render(arena, config, &out))
		return;
	(void)fuzz_json_read(arena, out);
	config = read_config(arena, out);
	fuzz_must(config != NULL, "what is rendered is a kubeconfig");
	fuzz_must(render(arena, config, &again), "that can be used");
	fuzz_equal(again, out, "and says the same");
}
