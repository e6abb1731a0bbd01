/* SPDX-License-Identifier: Apache-2.0 */
/* What the pool does while there is no PostgreSQL; the rest: tests/sql. */
#include "db/db_link.h"
#include "db/db_pool.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct seen {
	uint64_t now_ms;
	uint64_t clock_ms, look_up_ms;
	unsigned lost;
	unsigned watched;
	unsigned notified;
	int fd;
};

static void
on_watch(void *cookie, unsigned slot, int fd, unsigned wants)
{
	struct seen *seen = cookie;

	(void)slot;
	(void)wants;
	seen->watched++;
	seen->fd = fd;
}

static void
on_turn(void *cookie, unsigned delay_ms)
{
	(void)cookie;
	(void)delay_ms;
}

static void
on_notified(void *cookie, const char *payload)
{
	(void)payload;
	((struct seen *)cookie)->notified++;
}

static void
on_log(void *cookie, const char *event, unsigned slot, const char *why)
{
	(void)slot;
	assert_string_equal(event, "lost");
	assert_null(strchr(why, '\n'));
	((struct seen *)cookie)->lost++;
}

/* Goes on while a name is looked up, and only then. */
static uint64_t
on_clock(void *cookie)
{
	struct seen *seen = cookie;

	seen->clock_ms += seen->look_up_ms;
	return seen->clock_ms;
}

static struct db_hooks
hooks_of(struct seen *seen)
{
	return (struct db_hooks){
		seen, on_watch, on_turn, on_notified, on_log, on_clock};
}

static struct db_config
config_of(const char *conninfo)
{
	return (struct db_config){.conninfo = conninfo,
		.app_name = "unit",
		.reads = 1,
		.writes = 2,
		.read_depth = 1,
		.write_depth = 1,
		.waiting_max = 1,
		.statement_ms = 1000,
		.connect_ms = 500,
		.patience_ms = 1000,
		.silence_ms = 2000};
}

static void
on_unsent(void *cookie, const struct db_reply *reply)
{
	assert_int_equal(reply->outcome, DB_UNSENT);
	(*(unsigned *)cookie)++;
}

/* Taken, although no connection is there yet. */
static void
assert_waits(struct db_pool *pool, unsigned *ended)
{
	const struct db_call call = {DB_QUERY_ready, NULL};
	const struct db_request request = {.lane = DB_READ,
		.n_calls = 1,
		.calls = &call,
		.done = on_unsent,
		.cookie = ended};
	struct err e;

	assert_non_null(db_submit(pool, &request, &e));
	assert_int_equal(*ended, 0);
}

static void
assert_refused(struct db_pool *pool, enum err_code code)
{
	const struct db_call call = {DB_QUERY_ready, NULL};
	const struct db_request request = {
		.lane = DB_READ, .n_calls = 1, .calls = &call};
	struct err e;

	assert_null(db_submit(pool, &request, &e));
	assert_int_equal(e.code, code);
}

static void
db_pool_tries_again_ever_more_seldom(void **state)
{
	struct seen seen = {0};
	const struct db_config config = config_of("host=/nonexistent");
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool = db_pool_new(&config, &hooks);

	(void)state;
	db_pool_tick(pool, 1000);
	assert_int_equal(seen.lost, 1);
	db_pool_tick(pool, 1099);
	assert_int_equal(seen.lost, 1);
	db_pool_tick(pool, 1100);
	assert_int_equal(seen.lost, 2);
	db_pool_tick(pool, 1399);
	assert_int_equal(seen.lost, 2);
	db_pool_tick(pool, 1400);
	assert_int_equal(seen.lost, 3);
	for (uint64_t now_ms = 100000; now_ms < 140000; now_ms += 100)
		db_pool_tick(pool, now_ms);
	/* At once, then 1500 ms apart: 27 times in 40 s. */
	assert_int_equal(seen.lost, 3 + 27);
	db_pool_on_ready(pool, 0, 140000);
	db_pool_turn(pool, 140000);
	assert_int_equal(seen.notified, 0);
	db_pool_free(pool);
	db_pool_free(NULL);
	db_drop(NULL);
}

static void
db_pool_counts_from_the_end_of_a_look_up(void **state)
{
	struct seen seen = {.look_up_ms = 3000};
	const struct db_config config = config_of("host=/nonexistent");
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool = db_pool_new(&config, &hooks);

	(void)state;
	db_pool_tick(pool, 1000);
	assert_int_equal(seen.lost, 1);
	db_pool_tick(pool, 4099);
	assert_int_equal(seen.lost, 1);
	db_pool_tick(pool, 4100);
	assert_int_equal(seen.lost, 2);
	db_pool_free(pool);
}

static void
db_pool_tries_for_each_request_before_it_gives_it_up(void **state)
{
	struct seen seen = {0};
	const struct db_config config = config_of("host=/nonexistent");
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool = db_pool_new(&config, &hooks);
	unsigned ended = 0;

	(void)state;
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1000);
	assert_int_equal(ended, 1);
	for (uint64_t now_ms = 2000; now_ms < 20000; now_ms += 100)
		db_pool_tick(pool, now_ms);
	/* All just failed; the next time would be in 1500 ms. */
	seen = (struct seen){.now_ms = 20000};
	for (unsigned i = 0; i < 16 && seen.lost == 0; i++)
		db_pool_tick(pool, seen.now_ms += 100);
	assert_int_equal(seen.lost, 1);
	ended = 0;
	assert_waits(pool, &ended);
	db_pool_tick(pool, seen.now_ms + 99);
	assert_int_equal(ended, 0);
	db_pool_tick(pool, seen.now_ms + 100);
	assert_int_equal(ended, 1);
	assert_int_equal(seen.lost, 2);
	db_pool_free(pool);
}

static void
db_pool_that_ends_gives_up_who_waits(void **state)
{
	struct seen seen = {0};
	struct db_config config = config_of("host=/nonexistent");
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool = db_pool_new(&config, &hooks);
	unsigned ended = 0;

	(void)state;
	assert_waits(pool, &ended);
	assert_refused(pool, ERR_UNAVAILABLE);
	db_pool_free(pool);
	assert_int_equal(ended, 1);
}

/* A fixture: a server that accepts and says nothing. */
struct silent {
	char folder[32];
	char path[108];
	int fd;
	char conninfo[64];
	struct db_config config; /* of a pool that knows this server */
	struct seen seen;        /* by that pool */
};

static int
silent_setup(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct silent *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/db_pool_XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->path, sizeof(s->path), "%s/.s.PGSQL.5432", s->folder);
	(void)snprintf(s->conninfo, sizeof(s->conninfo), "host=%s", s->folder);
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", s->path);
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(s->fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 16), 0);
	s->config = config_of(s->conninfo);
	*state = s;
	return 0;
}

static int
silent_teardown(void **state)
{
	struct silent *s = *state;

	close(s->fd);
	unlink(s->path);
	rmdir(s->folder);
	free(s);
	return 0;
}

static struct db_pool *
silent_pool(struct silent *s)
{
	const struct db_hooks hooks = hooks_of(&s->seen);

	return db_pool_new(&s->config, &hooks);
}

#define SILENT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, silent_setup, silent_teardown)

static void
db_pool_gives_up_a_server_that_does_not_greet(void **state)
{
	struct silent *silent = *state;
	struct db_pool *pool = silent_pool(silent);
	unsigned ended = 0;

	db_pool_tick(pool, 1000);
	assert_int_equal(silent->seen.lost, 0);
	assert_int_equal(silent->seen.watched, 1);
	assert_true(silent->seen.fd >= 0);
	db_pool_on_ready(pool, 0, 1001);
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1500);
	assert_int_equal(silent->seen.lost, 0);
	assert_int_equal(ended, 0);
	db_pool_tick(pool, 1501);
	assert_int_equal(silent->seen.lost, 1);
	assert_int_equal(silent->seen.fd, -1);
	/* It came when that had begun. */
	assert_int_equal(ended, 0);
	db_pool_tick(pool, 1601);
	assert_int_equal(silent->seen.lost, 1);
	db_pool_tick(pool, 2002);
	assert_int_equal(ended, 1);
	db_pool_free(pool);
}

static void
db_pool_lets_nobody_wait_beyond_his_patience(void **state)
{
	struct silent *silent = *state;
	struct db_pool *pool;
	unsigned ended = 0;

	silent->config.connect_ms = 9000;
	silent->config.patience_ms = 300;
	silent->config.waiting_max = 2;
	pool = silent_pool(silent);
	db_pool_tick(pool, 1000);
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1100);
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1300);
	assert_int_equal(ended, 0);
	db_pool_tick(pool, 1301);
	assert_int_equal(ended, 1);
	db_pool_tick(pool, 1400);
	assert_int_equal(ended, 1);
	db_pool_tick(pool, 1401);
	assert_int_equal(ended, 2);
	assert_int_equal(silent->seen.lost, 0);
	db_pool_free(pool);
}

static void
db_link_gives_up_a_server_that_does_not_greet(void **state)
{
	const struct silent *silent = *state;
	const struct db_link_config config = {.conninfo = silent->conninfo,
		.app_name = "unit",
		.lane = DB_APPLY,
		.statement_ms = 1000,
		.connect_ms = 100};
	struct db_link *link = db_link_new(&config);
	struct err e;

	assert_int_equal(db_link_ensure(link, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(
		e.message, "the database is away: no connection in time");
	db_link_free(link);
	db_link_free(NULL);
}

static void
db_link_says_why_there_is_no_server(void **state)
{
	const struct db_link_config config = {.conninfo = "host=/nonexistent",
		.app_name = "unit",
		.lane = DB_APPLY,
		.statement_ms = 1000,
		.connect_ms = 100};
	const struct db_call call = {DB_QUERY_apply_namespaces, NULL};
	struct db_link *link = db_link_new(&config);
	struct db_reply reply;
	unsigned done = 9;
	struct err e;

	(void)state;
	assert_int_equal(db_link_run(link, &call, &reply, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.message, "/nonexistent"));
	assert_int_equal(db_link_wait(link, -1, 1000, &e), -1);
	db_link_free(link);
	assert_int_equal(db_migrate("host=/nonexistent", &done, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_int_equal(done, 0);
	assert_int_equal(db_roles("host=/nonexistent", &e), -1);
	assert_in_range(db_schema_version(), 4, 9999);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(db_pool_tries_again_ever_more_seldom),
		UNIT_TEST(db_pool_counts_from_the_end_of_a_look_up),
		UNIT_TEST(db_pool_tries_for_each_request_before_it_gives_it_up),
		UNIT_TEST(db_pool_that_ends_gives_up_who_waits),
		SILENT_TEST(db_pool_gives_up_a_server_that_does_not_greet),
		SILENT_TEST(db_pool_lets_nobody_wait_beyond_his_patience),
		SILENT_TEST(db_link_gives_up_a_server_that_does_not_greet),
		UNIT_TEST(db_link_says_why_there_is_no_server),
	};

	return cmocka_run_group_tests_name("db_pool", tests, NULL, NULL);
}
