/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_section.h"
#include "base/base_text.h"
#include "k8s/k8s_file.h"

#include <string.h>

const char *
k8s_section_text(const struct k8s_section *section, const char *key)
{
	const char *text = doc_text(section->node, key, "");

	return text[0] == '\0' ? NULL : text;
}

bool
k8s_section_is_true(const struct k8s_section *section, const char *key)
{
	return strcmp(doc_text(section->node, key, ""), "true") == 0;
}

static const char *
place(struct arena *arena, const struct k8s_section *section, const char *key)
{
	return arena_format(arena, "%s.%s", section->label, key);
}

int
k8s_section_bad(struct arena *arena, const struct k8s_section *section,
	const char *key, const char *problem, struct err *e)
{
	const struct doc_node *node = doc_get(section->node, key);

	if (node == NULL)
		node = section->node;
	return err_at(e, node->line, node->column, place(arena, section, key),
		"%s: %s %s", section->file, key, problem);
}

const char *
k8s_section_file(
	struct arena *arena, const struct k8s_section *section, const char *key)
{
	const char *path = k8s_section_text(section, key);

	return path == NULL ? NULL
			    : k8s_file_beside(arena, section->file, path);
}

int
k8s_section_pem(struct arena *arena, const struct k8s_section *section,
	const char *key, struct bytes *out, struct err *e)
{
	const char *data_key = arena_format(arena, "%s-data", key);
	const char *data = k8s_section_text(section, data_key);
	const char *file = k8s_section_file(arena, section, key);
	struct err why;

	*out = (struct bytes){NULL, 0};
	if (data == NULL && file == NULL)
		return 0;
	if (data == NULL)
		return k8s_file_read(
			arena, file, place(arena, section, key), out, e);
	if (text_base64_decode(arena, (struct bytes){data, strlen(data)},
		    data_key, out, &why) != 0)
		return k8s_section_bad(
			arena, section, data_key, "is not base64", e);
	return 0;
}
