/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_check.h"
#include "kinds/kind_form.h"
#include "kinds/kind_hive_values.h"

#include <string.h>

/* Slashes at the end do not count. */
#define REPO "https://cloudcheflabs.github.io/hive-metastore-helm-repo"

static bool
is_given(const struct text_form *form, const char *name)
{
	const struct bytes *sent = kind_form_find(form, name);

	return sent != NULL && sent->len > 0;
}

static void
refuse_alone(struct err_list *errors, const char *missing, const char *given)
{
	struct err e;

	(void)err_set(&e, ERR_INVALID, missing,
		"is missing, but %s is given: send both for a MySQL server "
		"that comes with the metastore, or none",
		given);
	err_list_add(errors, &e);
}

void
hive_take_params(struct arena *arena, const struct text_form *form, void *spec,
	struct err_list *errors)
{
	struct hive_document *document = spec;
	struct hive_database *database = &document->database;
	bool has_class = is_given(form, HIVE_PARAM_CLASS);
	bool has_size = is_given(form, HIVE_PARAM_SIZE);

	(void)arena;
	if (has_class)
		database->storage_class =
			kind_form_class(form, HIVE_PARAM_CLASS, errors);
	if (has_size)
		database->size_gi =
			kind_form_size(form, HIVE_PARAM_SIZE, errors);
	if (has_class && !has_size)
		refuse_alone(errors, HIVE_PARAM_SIZE, HIVE_PARAM_CLASS);
	if (has_size && !has_class)
		refuse_alone(errors, HIVE_PARAM_CLASS, HIVE_PARAM_SIZE);
	document->has_database = has_class || has_size;
}

/* The text at ${path}; NULL if there is none. */
static const struct doc_node *
text_at(const struct doc_node *document, const char *path)
{
	const struct doc_node *text = doc_at(document, path);

	return doc_is_null(text) || text->type != DOC_SCALAR ? NULL : text;
}

/* The URL is not shown: it may hold a password. */
static void
check_repo(const struct doc_node *document, struct err_list *errors)
{
	const struct doc_node *repo = text_at(document, "spec.repo");
	size_t len = strlen(REPO);

	if (repo == NULL || strcmp(repo->text.data, REPO) == 0)
		return;
	if (strncmp(repo->text.data, REPO, len) == 0 &&
		strcmp(repo->text.data + len, "/") == 0)
		return;
	kind_refuse(errors, repo, "spec.repo",
		"roaster brings its own chart and fetches none: leave repo "
		"out");
}

static void
check_release(const struct doc_node *document, bool has_database,
	struct err_list *errors)
{
	const struct doc_node *name = text_at(document, "spec.name");

	if (has_database && name != NULL &&
		strcmp(name->text.data, HIVE_DATABASE_RELEASE) == 0)
		kind_refuse(errors, name, "spec.name",
			"is the release of the MySQL server that comes with "
			"the metastore: take another name");
}

/* The text below as many lines as are above it in the document: messages name
 * lines, too. Of another style than literal it is one line there. */
static struct bytes
text_in_place(struct arena *arena, const struct doc_node *text)
{
	struct buf out;

	if (text->indent == 0)
		return text->text;
	buf_init(&out, arena);
	for (unsigned i = 0; i < text->line; i++)
		buf_put(&out, "\n", 1);
	buf_put(&out, text->text.data, text->text.len);
	return buf_bytes(&out);
}

/* What is wrong inside the text, at its place in the document. */
static void
move_errors(const struct doc_node *text, struct err_list *inner,
	struct err_list *errors)
{
	for (unsigned i = 0; i < inner->count; i++) {
		struct err *e = &inner->items[i];

		if (text->indent > 0 && e->line > 0)
			e->line -= text->line;
		doc_place(text, &e->line, &e->column);
		err_list_add(errors, e);
	}
	errors->total += inner->total - inner->count;
}

static void
check_values(struct arena *arena, const struct doc_node *document,
	bool has_database, struct err_list *errors)
{
	const struct doc_node *text = text_at(document, "spec.values");
	struct err_list inner = {0};
	struct hive_checking checking = {arena, &inner, NULL,
		text_at(document, "spec.namespace"), has_database};
	struct err e;

	if (text == NULL)
		return;
	if (hive_values_parse(arena, text_in_place(arena, text),
		    &checking.values, &e) == 0) {
		hive_values_check(&checking);
	} else {
		(void)err_at(&e, e.line, e.column, "spec.values", "%s",
			arena_text(arena, e.message));
		err_list_add(&inner, &e);
	}
	move_errors(text, &inner, errors);
}

void
hive_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors)
{
	/* of the form, so it can be trusted */
	bool has_database = ((const struct hive_document *)spec)->has_database;

	kind_check_labels(
		doc_at(document, "metadata.labels"), "metadata.labels", errors);
	check_repo(document, errors);
	check_release(document, has_database, errors);
	check_values(arena, document, has_database, errors);
}
