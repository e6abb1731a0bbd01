/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct doc_node *
get_part(const struct doc_node *node, const char *key, size_t len)
{
	if (node == NULL || node->type != DOC_MAP)
		return NULL;
	for (size_t i = 0; i < node->count; i++) {
		const char *candidate = node->pairs[i].key;

		if (strncmp(candidate, key, len) == 0 && candidate[len] == '\0')
			return node->pairs[i].value;
	}
	return NULL;
}

const struct doc_node *
doc_get(const struct doc_node *node, const char *key)
{
	return get_part(node, key, strlen(key));
}

const struct doc_node *
doc_at(const struct doc_node *node, const char *path)
{
	size_t len = strcspn(path, ".");

	while (path[len] == '.') {
		node = get_part(node, path, len);
		path += len + 1;
		len = strcspn(path, ".");
	}
	return get_part(node, path, len);
}

const char *
doc_text(const struct doc_node *node, const char *path, const char *otherwise)
{
	node = doc_at(node, path);
	if (doc_is_null(node) || node->type != DOC_SCALAR)
		return otherwise;
	return node->text.data;
}

long long
doc_int(const struct doc_node *node, const char *path, long long otherwise)
{
	const char *text = doc_text(node, path, "");
	size_t sign = *text == '-';
	long long value;

	if (text[sign] == '\0' ||
		text[sign + strspn(text + sign, "0123456789")] != '\0')
		return otherwise;
	errno = 0;
	value = strtoll(text, NULL, 10);
	return errno == 0 ? value : otherwise;
}

bool
doc_is_null(const struct doc_node *node)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (node == NULL)
		return true;
	if (node->type != DOC_SCALAR || !node->is_plain)
		return false;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(node->text.data, words[i]) == 0)
			return true;
	return false;
}

void
doc_place(const struct doc_node *node, unsigned *line, unsigned *column)
{
	if (node->indent == 0 || *line == 0) {
		*line = node->line;
		*column = node->column;
		return;
	}
	/* An empty line need not be indented, nor is the one behind the end. */
	*column = doc_line(node->text, *line).len == 0 ? 1
						       : *column + node->indent;
	*line += node->line;
}
