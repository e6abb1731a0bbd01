/* SPDX-License-Identifier: Apache-2.0 */
/* Room db for tests: db_driver queries | version | roles CONNINFO |
 * migrate CONNINFO | link CONNINFO, which takes commands on its input. */
#include "base/base_bytes.h"
#include "db/db_link.h"
#include "db/db_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
list_queries(void)
{
	for (int i = 0; i < DB_QUERY_COUNT; i++) {
		const struct db_query_row *row = db_query_row((enum db_query)i);

		printf("%s %d %u\n", row->name, (int)row->lane, row->n_values);
	}
	return 0;
}

static int
failed(const struct err *e)
{
	printf("failed %s %s\n", err_word(e->code), e->message);
	return 1;
}

static int
make_roles(const char *conninfo)
{
	struct err e;

	return db_roles(conninfo, &e) == 0 ? 0 : failed(&e);
}

static int
migrate(const char *conninfo)
{
	struct err e;
	unsigned done;
	int rc = db_migrate(conninfo, &done, &e);

	printf("done %u\n", done);
	return rc == 0 ? 0 : failed(&e);
}

static void
claim(struct db_link *link, struct arena *arena)
{
	const struct db_value values[] = {
		db_text("n1"), db_int(arena, 30), db_bool(false)};
	const struct db_call call =
		db_call_make(arena, DB_QUERY_apply_claim, values);
	struct db_reply reply;
	struct db_claim got;
	struct err e;

	if (db_link_run(link, &call, &reply, &e) != 0) {
		(void)failed(&e);
		return;
	}
	if (db_rows(&reply, 0) == 0) {
		printf("nothing\n");
	} else {
		db_claim_got(arena, &reply, 0, 0, &got);
		printf("claimed %s %" PRId64 "\n", got.name, got.fence);
	}
	db_link_clear(link);
}

/* With a state that the component is not in, or a queued operation that it
 * does not have. */
static void
record(struct db_link *link, struct arena *arena, const char *component,
	const char *fence)
{
	static const char *const effects[] = {"take_up"};
	const struct db_value values[] = {db_text(component), db_text(fence),
		db_text("Pending"), db_text("Starting"), db_text(""),
		db_int(arena, 0), db_int(arena, 0), db_null(), db_null(),
		db_texts(arena, effects, COUNT_OF(effects)), db_null(),
		db_null(), db_text("driver")};
	const struct db_call call =
		db_call_make(arena, DB_QUERY_apply_record, values);
	struct db_reply reply;
	struct err e;

	if (db_link_run(link, &call, &reply, &e) != 0)
		(void)failed(&e);
	else
		printf("rows %zu\n", db_rows(&reply, 0));
	db_link_clear(link);
}

static void
wait_for(struct db_link *link, unsigned timeout_ms, int fd)
{
	struct err e;
	int rc = db_link_wait(link, fd, timeout_ms, &e);

	if (rc < 0)
		(void)failed(&e);
	else
		printf("%s\n", rc == 1 ? "notified" : "over");
}

static void
command(struct db_link *link, char *line, int pipe_fd)
{
	struct arena *arena = arena_new();
	char *rest = NULL;
	const char *word = strtok_r(line, " \n", &rest);
	const char *first = strtok_r(NULL, " \n", &rest);
	const char *second = strtok_r(NULL, " \n", &rest);

	if (strcmp(word, "claim") == 0)
		claim(link, arena);
	else if (strcmp(word, "record") == 0)
		record(link, arena, first, second);
	else
		wait_for(link, (unsigned)atoi(first),
			second == NULL ? -1 : pipe_fd);
	arena_free(arena);
}

static int
serve(const char *conninfo)
{
	const struct db_link_config config = {.conninfo = conninfo,
		.app_name = "link_driver",
		.listen = "roaster_wake",
		.lane = DB_APPLY,
		.statement_ms = 1000,
		.connect_ms = 5000};
	struct db_link *link = db_link_new(&config);
	char line[256];
	int ends[2];

	/* "wait MS fd" finds this end readable. */
	if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
		return 1;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		command(link, line, ends[0]);
		(void)fflush(stdout);
	}
	db_link_free(link);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "queries") == 0)
		return list_queries();
	if (strcmp(what, "version") == 0)
		return printf("%d\n", db_schema_version()) < 0;
	if (argc == 3 && strcmp(what, "roles") == 0)
		return make_roles(argv[2]);
	if (argc == 3 && strcmp(what, "migrate") == 0)
		return migrate(argv[2]);
	if (argc == 3 && strcmp(what, "link") == 0)
		return serve(argv[2]);
	return 2;
}
