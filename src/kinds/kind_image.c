/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_image.h"

#include "kinds/kind_check.h"

#include <string.h>

#define SHA256_PREFIX "sha256:"
#define SHA256_DIGITS 64U

void
kind_image_split(struct arena *arena, const char *text, struct kind_image *out)
{
	const char *at = strchr(text, '@');
	size_t len = at == NULL ? strlen(text) : (size_t)(at - text);
	char *image = arena_copy(arena, text, len);
	char *folder = strrchr(image, '/');
	char *colon = strchr(folder == NULL ? image : folder, ':');

	if (colon != NULL)
		*colon = '\0';
	*out = (struct kind_image){
		.repository = image,
		.tag = colon == NULL ? "" : colon + 1,
		.digest = at == NULL ? "" : at + 1,
	};
}

static bool
is_digest(const char *text)
{
	const char *hex = text + strlen(SHA256_PREFIX);

	return strncmp(text, SHA256_PREFIX, strlen(SHA256_PREFIX)) == 0 &&
	       strlen(hex) == SHA256_DIGITS &&
	       strspn(hex, "0123456789abcdef") == SHA256_DIGITS;
}

const char *
kind_check_whole_image(const char *text)
{
	struct arena *arena = arena_new();
	struct kind_image image;
	const char *why;

	kind_image_split(arena, text, &image);
	why = kind_check_image(image.repository);
	if (why == NULL && image.tag[0] != '\0')
		why = kind_check_tag(image.tag);
	else if (why == NULL && image.digest[0] == '\0')
		why = "has no tag: write it like group/name:1.2.3";
	if (why == NULL && image.digest[0] != '\0' && !is_digest(image.digest))
		why = "has a digest that is not sha256: and 64 hex digits";
	arena_free(arena);
	return why;
}

bool
kind_image_is(const char *repository, const char *name)
{
	const char *found = strstr(repository, name);
	size_t len = strlen(name);

	if (found == NULL || (found != repository && found[-1] != '/'))
		return false;
	return name[len - 1] == '/' || found[len] == '\0';
}
