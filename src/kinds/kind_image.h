/* SPDX-License-Identifier: Apache-2.0 */
/* Images written as one text, "registry:5000/group/name:tag@sha256:...". */
#ifndef KIND_IMAGE_H
#define KIND_IMAGE_H

#include "base/base_arena.h"

#include <stdbool.h>

struct kind_image {
	const char *repository; /* with its registry */
	const char *tag;        /* "" if only a digest is given */
	const char *digest;     /* "sha256:..." or "" */
};

/** Why ${text} is not an image with a tag or a digest; NULL if it is one. For
 * field tables. */
const char *kind_check_whole_image(const char *text);

/** The parts of a text that kind_check_whole_image takes. */
void kind_image_split(
	struct arena *arena, const char *text, struct kind_image *out);

/** Whether ${repository} is ${name}, of whatever registry; any repository of
 * the group if ${name} is one, "group/". */
bool kind_image_is(const char *repository, const char *name);

#endif
