/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_table.h"

#include <string.h>

static const struct kind *const kinds[] = {
#define X(name) &kind_##name,
	KINDS(X)
#undef X
};

const struct kind *const *
kind_all(size_t *count)
{
	*count = COUNT_OF(kinds);
	return kinds;
}

const struct kind *
kind_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	return NULL;
}

const struct kind *
kind_find_yaml(const char *yaml_kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i]->yaml_kind, yaml_kind) == 0)
			return kinds[i];
	}
	return NULL;
}
