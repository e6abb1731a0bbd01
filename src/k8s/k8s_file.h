/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_FILE_H
#define K8S_FILE_H

#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#define K8S_FILE_MAX (1024U * 1024U)

/**
 * The whole of the file ${path}, NUL-terminated, in ${arena}.  -1 with ${key}
 * as path: UNAVAILABLE with errno if it cannot be read, INVALID if it is
 * longer than K8S_FILE_MAX.
 */
int k8s_file_read(struct arena *arena, const char *path, const char *key,
	struct bytes *out, struct err *e);

/** ${path} as seen from the folder of ${file}; an absolute one as it is. */
const char *k8s_file_beside(
	struct arena *arena, const char *file, const char *path);

#endif
