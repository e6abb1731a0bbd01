/* SPDX-License-Identifier: Apache-2.0 */
/* k8s/k8s_file.h without files: a fuzzer must not open what an input names. */
#include "fuzz.h"

#include "k8s/k8s_file.h"

#include <string.h>

static struct bytes app;

void
fuzz_file_set(struct bytes content)
{
	app = content;
}

/* Any file beside the kubeconfig holds its own path. */
int
k8s_file_read(struct arena *arena, const char *path, const char *key,
	struct bytes *out, struct err *e)
{
	struct bytes content = fuzz_bytes(path);

	if (strcmp(path, "kubeconfig") == 0)
		content = app;
	if (content.len > K8S_FILE_MAX)
		return err_set(e, ERR_INVALID, key, "%.20s is too long", path);
	out->data = arena_copy(arena, content.data, content.len);
	out->len = content.len;
	return 0;
}

const char *
k8s_file_beside(struct arena *arena, const char *file, const char *path)
{
	(void)arena;
	(void)file;
	return path;
}
