/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of components: of one kind as v1 shows it, and pages of v2. */
#include "api/api_answer.h"
#include "api/api_cursor.h"
#include "api/api_fields.h"
#include "api/api_routes.h"
#include "db/db_row.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#define PAGE_DEFAULT 50U
#define PAGE_MAX 500U

struct page {
	const char *kind, *namespace;
	uint64_t limit;
};

/* By what they filter: a plan is made once for a statement, and has to be good
 * for all its values. */
static enum db_query
query_of(const struct page *page)
{
	if (page->kind == NULL && page->namespace == NULL)
		return DB_QUERY_component_list;
	if (page->namespace == NULL)
		return DB_QUERY_component_list_kind;
	return page->kind == NULL ? DB_QUERY_component_list_namespace
				  : DB_QUERY_component_list_both;
}

static void
call_list(struct api_task *task, const struct page *page,
	const struct api_cursor *after, uint64_t rows)
{
	struct db_value values[6];
	unsigned n = 0;

	if (page->kind != NULL)
		values[n++] = db_text(page->kind);
	if (page->namespace != NULL)
		values[n++] = db_text(page->namespace);
	values[n++] = db_text(after->kind);
	values[n++] = db_text(after->namespace);
	values[n++] = db_text(after->name);
	values[n++] = db_int(task->request.arena, (int64_t)rows);
	assert(n == db_query_row(query_of(page))->n_values);
	api_call(task, query_of(page), values);
}

static void
write_state(const struct db_component *c, struct json *j)
{
	json_member_text(j, "id", c->id);
	json_member_text(j, "state", c->state);
	json_member_text(j, "message", c->message);
	json_member_int(j, "ready", c->ready);
	json_member_int(j, "wanted", c->wanted);
	json_member_int(j, "generation", c->generation);
}

/* --- v1 --------------------------------------------------------------------
 */

int
api_list_plan(struct api_task *task, struct err *e)
{
	const struct page page = {.kind = task->progress->target.kind->name};
	const struct api_cursor start = API_CURSOR_START;

	(void)e;
	call_list(task, &page, &start, INT_MAX);
	return 0;
}

/* As upstream: "namespace" is where the YAML said it belongs. */
static void
write_v1(const struct kind *kind, const struct db_component *c, struct json *j)
{
	json_object_open(j);
	json_member_text(j, "components", kind->v1_component);
	json_member_text(j, "kind", kind->yaml_kind);
	json_member_text(j, "name", c->name);
	json_member_text(j, "namespace",
		c->posted_namespace[0] == '\0' ? c->namespace
					       : c->posted_namespace);
	json_member_text(j, "target_namespace", c->namespace);
	write_state(c, j);
	json_object_close(j);
}

enum api_want
api_list_answer(struct api_task *task, const struct db_reply *reply)
{
	struct db_component component;
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	json_array_open(j);
	for (size_t i = 0; i < db_rows(reply, 1); i++) {
		db_component_listed(reply, 1, i, &component);
		write_v1(task->progress->target.kind, &component, j);
	}
	json_array_close(j);
	return api_json_send(task, 200, &body);
}

/* --- v2 --------------------------------------------------------------------
 */

static int
read_kind(const struct api_task *task, struct page *page, struct err *e)
{
	const char *text = api_field_text(task, "kind");
	const struct kind *kind = task->progress->target.kind;

	if (text != NULL)
		kind = kind_find(text);
	if (text != NULL && kind == NULL)
		return err_set(e, ERR_INVALID, "kind", "there is no such kind");
	page->kind = kind == NULL ? NULL : kind->name;
	return 0;
}

static int
read_page(const struct api_task *task, struct page *page, struct err *e)
{
	const char *namespace = api_field_text(task, "namespace");
	const char *limit = api_field_text(task, "limit");

	if (read_kind(task, page, e) != 0)
		return -1;
	page->namespace = namespace == NULL ? task->progress->target.namespace
					    : namespace;
	if (namespace != NULL && !text_is_dns_label(namespace, 63))
		return err_set(e, ERR_INVALID, "namespace",
			"is not the name of a namespace");
	page->limit = PAGE_DEFAULT;
	if (limit != NULL &&
		(text_to_uint(limit, PAGE_MAX, &page->limit) != 0 ||
			page->limit == 0))
		return err_set(e, ERR_INVALID, "limit",
			"must be a number from 1 to %u", PAGE_MAX);
	return 0;
}

/* One more than the page, to know whether there is another. */
int
api_page_plan(struct api_task *task, struct err *e)
{
	struct arena *arena = task->request.arena;
	struct page *page = arena_alloc(arena, sizeof(*page));
	const char *text = api_field_text(task, "cursor");
	struct api_cursor after = API_CURSOR_START;

	if (read_page(task, page, e) != 0)
		return -1;
	if (text != NULL && api_cursor_read(arena, text, &after) != 0)
		return err_set(e, ERR_INVALID, "cursor",
			"is not one that a list gave; begin without it");
	task->progress->own = page;
	call_list(task, page, &after, page->limit + 1);
	return 0;
}

static void
write_item(const struct db_component *c, struct json *j)
{
	json_object_open(j);
	json_member_text(j, "kind", c->kind);
	json_member_text(j, "namespace", c->namespace);
	json_member_text(j, "name", c->name);
	json_member_text(j, "posted_namespace", c->posted_namespace);
	write_state(c, j);
	json_object_close(j);
}

/* All parts are names, a number and base64url: nothing is to be escaped. */
static void
add_link(struct api_task *task, const char *next)
{
	const struct page *page = task->progress->own;
	struct buf link;

	buf_init(&link, task->request.arena);
	buf_text(&link, "</v2/components?");
	if (page->kind != NULL)
		buf_format(&link, "kind=%s&", page->kind);
	if (page->namespace != NULL)
		buf_format(&link, "namespace=%s&", page->namespace);
	buf_format(&link, "limit=%u&cursor=%s>; rel=\"next\"",
		(unsigned)page->limit, next);
	api_header(task, "link", buf_string(&link));
}

enum api_want
api_page_answer(struct api_task *task, const struct db_reply *reply)
{
	const struct page *page = task->progress->own;
	size_t rows = db_rows(reply, 1), shown = rows;
	struct db_component component = {.id = NULL};
	const char *next = NULL;
	struct api_json body;
	struct json *j = api_json_open(task, &body);

	if (rows > page->limit)
		shown = page->limit;
	json_object_open(j);
	json_key(j, "items");
	json_array_open(j);
	for (size_t i = 0; i < shown; i++) {
		db_component_listed(reply, 1, i, &component);
		write_item(&component, j);
	}
	json_array_close(j);
	if (shown < rows) {
		next = api_cursor_write(task->request.arena, &component);
		add_link(task, next);
	}
	json_member_text(j, "next", next);
	json_object_close(j);
	return api_json_send(task, 200, &body);
}
