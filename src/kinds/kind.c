/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind.h"

#include "kinds/kind_check.h"
#include "kinds/kind_table.h"

#include <string.h>

/* JSON escapes make a canonical spec longer than its YAML, at most so. */
#define CANONICAL_BYTES_MAX (8U * DOC_YAML_BYTES_MAX)

/* What intake adds to a document is flat and small. */
#define CANONICAL_NODES_MAX (2U * DOC_NODES_MAX)

static bool
is_scalar(const struct doc_node *node)
{
	return !doc_is_null(node) && node->type == DOC_SCALAR;
}

/* The kind decides what all other keys mean, so a wrong one is the only error
 * that is reported. */
static int
check_yaml_kind(const struct kind *kind, const struct doc_node *document,
	struct err_list *errors)
{
	const struct doc_node *node = doc_get(document, "kind");
	const struct kind *right;

	if (!is_scalar(node) || strcmp(node->text.data, kind->yaml_kind) == 0)
		return 0;
	right = kind_find_yaml(node->text.data);
	if (right != NULL)
		kind_refuse(errors, node, "kind",
			"is %s: post it to /v1/%s/create", right->yaml_kind,
			right->name);
	else
		kind_refuse(errors, node, "kind",
			"is \"%.60s\", but /v1/%s/create takes %s",
			node->text.data, kind->name, kind->yaml_kind);
	return -1;
}

static void
check_yaml_group(const struct kind *kind, const struct doc_node *document,
	struct err_list *errors)
{
	const struct doc_node *node = doc_get(document, "apiVersion");
	size_t len = strlen(kind->yaml_group);

	if (!is_scalar(node))
		return;
	if (strncmp(node->text.data, kind->yaml_group, len) == 0 &&
		node->text.data[len] == '/')
		return;
	kind_refuse(errors, node, "apiVersion",
		"\"%.80s\" is not of the group %s", node->text.data,
		kind->yaml_group);
}

/* Parse and check; ${spec} is zeroed memory of the kind's struct. */
static int
take_document(struct arena *arena, const struct kind *kind,
	const struct doc_node *document, const struct text_form *form,
	void *spec, struct err_list *errors)
{
	unsigned before = errors->total;

	if (check_yaml_kind(kind, document, errors) != 0)
		return -1;
	check_yaml_group(kind, document, errors);
	(void)spec_parse(arena, kind->table, document, "", spec, errors);
	if (kind->take_params != NULL)
		kind->take_params(arena, form, spec, errors);
	kind->check(arena, document, spec, errors);
	return errors->total == before ? 0 : -1;
}

static struct bytes
canonical_text(struct arena *arena, const struct kind *kind, const void *spec)
{
	struct buf out;
	struct json json;

	buf_init(&out, arena);
	json_init(&json, &out);
	spec_print(kind->stored, spec, &json);
	return buf_bytes(&out);
}

/* What has no line, its size for one, is wrong with the field as a whole. */
static void
refuse_text(const struct err *e, struct err_list *errors)
{
	struct err whole;

	(void)err_set(&whole, e->code, "yaml", "%s", e->message);
	err_list_add(errors, e->line == 0 ? &whole : e);
}

int
kind_intake(struct arena *arena, const struct kind *kind, struct bytes yaml,
	const struct text_form *form, struct kind_intake *out,
	struct err_list *errors)
{
	static const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	void *spec = arena_alloc(arena, kind->stored->size);
	struct kind_secret *secrets = NULL;
	const struct doc_node *document;
	struct err e;

	if (doc_parse_yaml(arena, yaml, &limits, &document, &e) != 0) {
		refuse_text(&e, errors);
		return -1;
	}
	if (take_document(arena, kind, document, form, spec, errors) != 0)
		return -1;
	*out = (struct kind_intake){.kind = kind};
	kind->take_secrets(arena, spec, &secrets, &out->n_secrets);
	out->secrets = secrets;
	kind->identity(spec, &out->identity);
	kind->names(arena, spec, &out->names);
	out->canonical = canonical_text(arena, kind, spec);
	return 0;
}

int
kind_load(struct arena *arena, const struct kind *kind, struct bytes canonical,
	void **spec, struct err *e)
{
	static const struct doc_limits limits = {
		CANONICAL_BYTES_MAX, DOC_DEPTH_MAX, CANONICAL_NODES_MAX};
	struct err_list errors = {0};
	const struct doc_node *document;
	const char *path;
	struct err cause;

	if (doc_parse_json(arena, canonical, &limits, &document, &cause) != 0)
		err_list_add(&errors, &cause);
	*spec = arena_alloc(arena, kind->stored->size);
	if (errors.total == 0 && spec_parse(arena, kind->stored, document, "",
					 *spec, &errors) == 0)
		return 0;
	path = errors.items[0].path;
	return err_set(e, ERR_INTERNAL, "",
		"the stored spec is not one of this roasterd: %s%s%s", path,
		path[0] == '\0' ? "" : ": ", errors.items[0].message);
}
