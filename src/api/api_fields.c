/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_fields.h"

#include "api/api_headers.h"
#include "doc/doc.h"

#include <string.h>

/* What a body adds is checked against the route's fields, or let through. */
struct reading {
	struct api_task *task;
	struct text_form *fields;
	struct err_list *errors;
};

static void
refuse(struct reading *r, enum err_code code, const char *path,
	const char *message)
{
	struct err e;

	(void)err_set(&e, code, path, "%s", message);
	err_list_add(r->errors, &e);
}

/* Name number ${i} of what the route knows, NULL at the end. */
static const char *
known_name(const struct api_task *task, size_t i)
{
	const struct api_field *fields = task->route->fields;
	const struct kind *kind = task->progress->target.kind;
	size_t n = 0;

	while (n < API_FIELDS_MAX && fields[n].name != NULL)
		n++;
	if (i < n)
		return fields[i].name;
	if ((task->route->flags & API_INTAKE) == 0 || i - n >= kind->n_params)
		return NULL;
	return kind->params[i - n].name;
}

static size_t
known_count(const struct api_task *task)
{
	size_t n = 0;

	while (known_name(task, n) != NULL)
		n++;
	return n;
}

static bool
is_known(const struct api_task *task, const char *name)
{
	const char *known;

	for (size_t i = 0; (known = known_name(task, i)) != NULL; i++)
		if (strcmp(known, name) == 0)
			return true;
	return false;
}

static void
refuse_unknown(struct reading *r, const char *name)
{
	const char *names[TEXT_FORM_PAIRS_MAX];
	const char *near;
	struct err e;
	size_t n = 0;

	while (n < COUNT_OF(names) &&
		(names[n] = known_name(r->task, n)) != NULL)
		n++;
	near = text_nearest(name, names, n);
	(void)err_set(&e, ERR_INVALID, name,
		near == NULL ? "there is no such field here%s"
			     : "there is no such field here; did you mean %s?",
		near == NULL ? "" : near);
	err_list_add(r->errors, &e);
}

/* A field that is known: there is room for each of them once. */
static void
add(struct reading *r, const struct text_pair *pair)
{
	struct text_form *fields = r->fields;

	for (size_t i = 0; i < fields->count; i++) {
		if (strcmp(fields->pairs[i].name, pair->name) == 0) {
			refuse(r, ERR_INVALID, pair->name,
				"the field is sent twice");
			return;
		}
	}
	fields->pairs[fields->count++] = *pair;
}

/* Query string or form: scripts send v1 what it never knew. */
static void
add_form(struct reading *r, struct bytes text)
{
	struct text_form form;
	struct err e;

	if (text_form_parse(r->task->request.arena, text, &form, &e) != 0) {
		err_list_add(r->errors, &e);
		return;
	}
	for (size_t i = 0; i < form.count; i++) {
		const struct text_pair *pair = &form.pairs[i];

		if (is_known(r->task, pair->name))
			add(r, pair);
		else if ((r->task->route->flags & API_V1) == 0)
			refuse_unknown(r, pair->name);
	}
}

/* null is what was not sent. */
static void
add_member(struct reading *r, const struct doc_pair *member)
{
	struct text_pair pair = {member->key, {NULL, 0}};

	if (!is_known(r->task, member->key)) {
		refuse_unknown(r, member->key);
	} else if (member->value->type != DOC_SCALAR) {
		refuse(r, ERR_INVALID, member->key,
			"must be a string, a number, true or false");
	} else if (!doc_is_null(member->value)) {
		pair.value = member->value->text;
		add(r, &pair);
	}
}

static void
add_json(struct reading *r, struct bytes text)
{
	static const struct doc_limits limits = {
		API_BODY_MAX, 8, 4 * TEXT_FORM_PAIRS_MAX};
	const struct doc_node *root;
	struct err e;

	r->task->progress->is_json = true;
	if (doc_parse_json(r->task->request.arena, text, &limits, &root, &e) !=
		0) {
		err_list_add(r->errors, &e);
		return;
	}
	if (root->type != DOC_MAP) {
		refuse(r, ERR_INVALID, "",
			"the body must be one JSON object of fields");
		return;
	}
	for (size_t i = 0; i < root->count; i++)
		add_member(r, &root->pairs[i]);
}

static void
add_body(struct reading *r)
{
	const struct api_request *request = &r->task->request;

	if (request->body.len == 0)
		return;
	switch (api_media_read(request->content_type)) {
	case API_MEDIA_FORM:
		add_form(r, request->body);
		break;
	case API_MEDIA_JSON:
		add_json(r, request->body);
		break;
	case API_MEDIA_OTHER:
		refuse(r, ERR_MEDIA_TYPE, "",
			"send application/x-www-form-urlencoded or "
			"application/json, and say so in Content-Type");
		break;
	}
}

static void
check_required(struct reading *r)
{
	const struct api_field *fields = r->task->route->fields;

	for (size_t i = 0; i < API_FIELDS_MAX; i++) {
		if (fields[i].is_required &&
			api_field(r->task, fields[i].name) == NULL)
			refuse(r, ERR_INVALID, fields[i].name,
				"the field is missing");
	}
}

int
api_fields_read(struct api_task *task, struct err_list *errors)
{
	struct text_form *fields = &task->progress->fields;
	struct reading r = {task, fields, errors};

	if ((task->route->flags & API_FREE) != 0)
		return 0;
	fields->pairs = arena_array(
		task->request.arena, known_count(task), sizeof(*fields->pairs));
	add_form(&r, task->request.query);
	add_body(&r);
	if (errors->total == 0)
		check_required(&r);
	return errors->total == 0 ? 0 : -1;
}
