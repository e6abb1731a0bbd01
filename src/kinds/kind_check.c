/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_check.h"

#include "base/base_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define RELEASE_MAX 53U /* Helm: names of objects are built from it */
#define LABEL_MAX 63U
#define TAG_MAX 128U

static bool
is_alnum(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* Whether ${text} has only letters, digits and characters of ${others}. */
static bool
is_made_of(const char *text, size_t len, const char *others)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(text[i]) && strchr(others, text[i]) == NULL)
			return false;
	}
	return true;
}

const char *
kind_check_release(const char *text)
{
	if (text_is_dns_label(text, RELEASE_MAX))
		return NULL;
	return "is no name: take up to 53 lower-case letters, digits and '-', "
	       "with no '-' at the ends";
}

const char *
kind_check_namespace(const char *text)
{
	if (text_is_dns_label(text, LABEL_MAX))
		return NULL;
	return "is no namespace: take up to 63 lower-case letters, digits and "
	       "'-', with no '-' at the ends";
}

const char *
kind_check_target(const char *text)
{
	if (strncmp(text, "kube-", strlen("kube-")) == 0)
		return "is a namespace of Kubernetes itself: take another";
	return kind_check_namespace(text);
}

const char *
kind_check_object(const char *text)
{
	if (text_is_dns_subdomain(text))
		return NULL;
	return "is no name of an object: take lower-case letters, digits, '-' "
	       "and '.', with letters or digits at the ends";
}

/* One part of an image's path, or its registry. */
static bool
is_image_part(const char *part, size_t len, bool is_registry)
{
	if (len == 0 || !is_alnum(part[0]) || !is_alnum(part[len - 1]))
		return false;
	if (is_registry)
		return is_made_of(part, len, ".-:");
	for (size_t i = 0; i < len; i++) {
		if (isupper((unsigned char)part[i]))
			return false;
	}
	return is_made_of(part, len, "._-");
}

const char *
kind_check_image(const char *text)
{
	const char *last = strrchr(text, '/');
	const char *name = last == NULL ? text : last + 1;
	const char *part = text;

	if (strchr(name, '@') != NULL || strchr(name, ':') != NULL)
		return "holds a tag or digest: put the tag into image.tag";
	for (;;) {
		size_t len = strcspn(part, "/");
		bool is_last = part[len] == '\0';

		if (!is_image_part(part, len, part == text && !is_last))
			return "is no image repository: write it like "
			       "trinodb/trino or registry:5000/trinodb/trino";
		if (is_last)
			return NULL;
		part += len + 1;
	}
}

const char *
kind_check_tag(const char *text)
{
	size_t len = strlen(text);

	if (len <= TAG_MAX && is_made_of(text, len, "_.-") &&
		(is_alnum(text[0]) || text[0] == '_'))
		return NULL;
	return "is no tag: take up to 128 letters, digits, '_', '.' and '-'";
}

const char *
kind_check_file_name(const char *text)
{
	if (strchr(text, '/') != NULL || strcmp(text, ".") == 0 ||
		strcmp(text, "..") == 0)
		return "is no file name: the folder belongs into path";
	if (!is_made_of(text, strlen(text), "._-"))
		return "is no file name: take letters, digits, '.', '_' and "
		       "'-'";
	return NULL;
}

static bool
is_dots(const char *part, size_t len)
{
	return len <= 2 && strncmp(part, "..", len) == 0;
}

/* An empty part is one of no dots: "//" or a '/' at the end. */
static bool
is_shortest(const char *path)
{
	while (*path == '/') {
		size_t len = strcspn(path + 1, "/");

		if (is_dots(path + 1, len))
			return false;
		path += 1 + len;
	}
	return true;
}

const char *
kind_check_folder(const char *text)
{
	if (text[0] != '/')
		return "is no absolute folder: it must start with '/'";
	if (!is_shortest(text))
		return "is no plain folder: leave out '.', '..', '//' and a "
		       "'/' at the end";
	/* Kubernetes takes no ':' in a mount path */
	for (; *text != '\0'; text++) {
		if (iscntrl((unsigned char)*text) || *text == ':')
			return "is no folder: it holds ':' or a control "
			       "character";
	}
	return NULL;
}

const char *
kind_check_java_class(const char *text)
{
	if ((isalpha((unsigned char)text[0]) != 0 || text[0] == '_' ||
		    text[0] == '$') &&
		is_made_of(text, strlen(text), "._$"))
		return NULL;
	return "is no class: write it like com.example.Server, in letters, "
	       "digits, '.', '_' and '$'";
}

void
kind_refuse(struct err_list *errors, const struct doc_node *node,
	const char *path, const char *format, ...)
{
	char message[sizeof(errors->items[0].message)];
	va_list args;
	struct err e;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	(void)err_at(&e, node->line, node->column, path, "%s", message);
	err_list_add(errors, &e);
}

bool
kind_check_type(const struct doc_node *node, enum doc_type type,
	const char *path, struct err_list *errors)
{
	static const char *const names[] = {
		[DOC_SCALAR] = "text",
		[DOC_MAP] = "a mapping (key: value)",
		[DOC_LIST] = "a list (- item)",
	};

	if (doc_is_null(node))
		return false;
	if (node->type == type)
		return true;
	kind_refuse(errors, node, path, "this is %s, but %s is needed",
		names[node->type], names[type]);
	return false;
}

/* The name part of a label's key, and a label's value if it is not empty. */
static bool
is_label_name(const char *text)
{
	size_t len = strlen(text);

	return len >= 1 && len <= LABEL_MAX && is_made_of(text, len, "._-") &&
	       is_alnum(text[0]) && is_alnum(text[len - 1]);
}

/* "name" or "prefix/name", the prefix being a DNS subdomain. */
static bool
is_label_key(const char *key)
{
	const char *slash = strchr(key, '/');
	char prefix[254];

	if (slash == NULL)
		return is_label_name(key);
	(void)snprintf(prefix, sizeof(prefix), "%.*s", (int)(slash - key), key);
	return slash - key < (ptrdiff_t)sizeof(prefix) &&
	       text_is_dns_subdomain(prefix) && is_label_name(slash + 1);
}

static bool
is_map(const struct doc_node *node)
{
	return node != NULL && node->type == DOC_MAP;
}

void
kind_check_names(
	const struct doc_node *map, const char *path, struct err_list *errors)
{
	for (size_t i = 0; is_map(map) && i < map->count; i++) {
		if (!is_label_key(map->pairs[i].key))
			kind_refuse(errors, map->pairs[i].key_at, path,
				"key \"%.60s\" is not like name or "
				"domain/name",
				map->pairs[i].key);
	}
}

/* Whether ${node} is a text; nulls and other types are the table's business. */
static bool
is_text(const struct doc_node *node)
{
	return !doc_is_null(node) && node->type == DOC_SCALAR;
}

void
kind_check_labels(
	const struct doc_node *map, const char *path, struct err_list *errors)
{
	if (!is_map(map))
		return;
	kind_check_names(map, path, errors);
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_node *value = map->pairs[i].value;

		if (is_text(value) && value->text.len > 0 &&
			!is_label_name(value->text.data))
			kind_refuse(errors, value, path,
				"\"%.60s\" is no label: take up to 63 letters, "
				"digits, '-', '_' and '.'",
				value->text.data);
	}
}

void
kind_check_quantities(
	const struct doc_node *map, const char *path, struct err_list *errors)
{
	if (!is_map(map))
		return;
	kind_check_names(map, path, errors);
	for (size_t i = 0; i < map->count; i++) {
		const struct doc_node *value = map->pairs[i].value;

		if (is_text(value) && !text_is_quantity(value->text.data))
			kind_refuse(errors, value, path,
				"\"%.40s\" is not an amount: write it like "
				"500m, 2, 1.5 or 8Gi",
				value->text.data);
	}
}
