/* SPDX-License-Identifier: Apache-2.0 */
#include "doc/doc_internal.h"

#include "base/base_json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
doc_real_text(double value, char out[DOC_REAL_SIZE])
{
	for (int digits = 15; digits <= 17; digits++) {
		/* The sum turns -0 into 0. */
		(void)snprintf(out, DOC_REAL_SIZE, "%.*g", digits, value + 0.0);
		if (strtod(out, NULL) == value)
			return;
	}
}

static size_t
digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* The end of ".5" or "e+5", a mark and at least one digit; ${text} itself if
 * it does not start with a mark; NULL if digits are missing. */
static const char *
skip_part(const char *text, const char *marks, const char *signs)
{
	size_t len;

	if (*text == '\0' || strchr(marks, *text) == NULL)
		return text;
	text++;
	if (*text != '\0' && strchr(signs, *text) != NULL)
		text++;
	len = digits_at(text);
	return len == 0 ? NULL : text + len;
}

/* RFC 8259, section 6. */
static bool
is_number(const char *text)
{
	size_t len;

	text += *text == '-';
	len = digits_at(text);
	if (len == 0 || (len > 1 && *text == '0'))
		return false;
	text = skip_part(text + len, ".", "");
	if (text != NULL)
		text = skip_part(text, "eE", "+-");
	return text != NULL && *text == '\0';
}

/* One form for one value, whatever was written: 1.50 and 15e-1 are 1.5. */
static void
write_number(const char *text, struct json *out)
{
	char real[DOC_REAL_SIZE];
	long long whole;
	double value;

	errno = 0;
	whole = strtoll(text, NULL, 10);
	if (errno == 0 && strpbrk(text, ".eE") == NULL) {
		json_int(out, whole);
		return;
	}
	value = strtod(text, NULL);
	if (!isfinite(value)) {
		json_text(out, text);
		return;
	}
	doc_real_text(value, real);
	json_raw(out, real);
}

static void
write_scalar(const struct doc_node *node, struct json *out)
{
	const char *text = node->text.data;

	if (doc_is_null(node))
		json_null(out);
	else if (!node->is_plain)
		json_bytes(out, node->text);
	else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		json_raw(out, text);
	else if (is_number(text))
		write_number(text, out);
	else
		json_bytes(out, node->text);
}

static int
compare_pairs(const void *a, const void *b)
{
	const struct doc_pair *left = *(const struct doc_pair *const *)a;
	const struct doc_pair *right = *(const struct doc_pair *const *)b;

	return strcmp(left->key, right->key);
}

static void
write_map(const struct doc_node *node, struct json *out)
{
	const struct doc_pair **sorted =
		arena_array(out->out->arena, node->count, sizeof(*sorted));

	for (size_t i = 0; i < node->count; i++)
		sorted[i] = &node->pairs[i];
	qsort(sorted, node->count, sizeof(*sorted), compare_pairs);
	json_object_open(out);
	for (size_t i = 0; i < node->count; i++) {
		json_key(out, sorted[i]->key);
		doc_write_json(sorted[i]->value, out);
	}
	json_object_close(out);
}

void
doc_write_json(const struct doc_node *node, struct json *out)
{
	switch (node->type) {
	case DOC_SCALAR:
		write_scalar(node, out);
		break;
	case DOC_MAP:
		write_map(node, out);
		break;
	case DOC_LIST:
		json_array_open(out);
		for (size_t i = 0; i < node->count; i++)
			doc_write_json(node->items[i], out);
		json_array_close(out);
		break;
	}
}
