/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_file.h"

#include <string.h>

#define BLANKS " \t\f"
#define LINE_ENDS "\r\n"

static struct bytes
trim(struct bytes in)
{
	while (in.len > 0 && strchr(BLANKS, in.data[0]) != NULL) {
		in.data++;
		in.len--;
	}
	while (in.len > 0 && strchr(BLANKS, in.data[in.len - 1]) != NULL)
		in.len--;
	return in;
}

/* Whether ${line} sets ${key}; ${value} is what it sets it to. */
static bool
sets(struct bytes line, const char *key, struct bytes *value)
{
	size_t len = strlen(key);

	line = trim(line);
	if (line.len < len || memcmp(line.data, key, len) != 0)
		return false;
	if (line.len > len && strchr(BLANKS "=:", line.data[len]) == NULL)
		return false;
	line = trim((struct bytes){line.data + len, line.len - len});
	if (line.len > 0 && strchr("=:", line.data[0]) != NULL)
		line = trim((struct bytes){line.data + 1, line.len - 1});
	*value = line;
	return true;
}

bool
kind_property_find(const char *text, const char *key, struct kind_property *out)
{
	bool is_found = false;

	for (unsigned line = 1; *text != '\0'; line++) {
		size_t len = strcspn(text, LINE_ENDS);
		bool is_crlf = text[len] == '\r' && text[len + 1] == '\n';

		if (sets((struct bytes){text, len}, key, &out->value)) {
			out->line = line;
			is_found = true;
		}
		text += len + (is_crlf ? 2 : text[len] == '\0' ? 0 : 1);
	}
	return is_found;
}
