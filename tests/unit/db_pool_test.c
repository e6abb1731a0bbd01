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

static struct db_hooks
hooks_of(struct seen *seen)
{
	return (struct db_hooks){seen, on_watch, on_turn, on_notified, on_log};
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
		.silence_ms = 2000};
}

static void
on_done(void *cookie, const struct db_reply *reply)
{
	(void)cookie;
	(void)reply;
	fail();
}

static void
on_unavailable(void *cookie, const struct db_reply *reply)
{
	assert_int_equal(reply->outcome, DB_UNAVAILABLE);
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
		.done = on_unavailable,
		.cookie = ended};
	struct err e;

	assert_non_null(db_submit(pool, &request, &e));
	assert_int_equal(*ended, 0);
}

static void
assert_unavailable(struct db_pool *pool)
{
	const struct db_call call = {DB_QUERY_ready, NULL};
	const struct db_request request = {
		.lane = DB_READ, .n_calls = 1, .calls = &call, .done = on_done};
	struct err e;

	assert_null(db_submit(pool, &request, &e));
	assert_int_equal(e.code, ERR_UNAVAILABLE);
}

static void
db_pool_tries_again_ever_more_seldom(void **state)
{
	struct seen seen = {0};
	const struct db_config config = config_of("host=/nonexistent");
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool = db_pool_new(&config, &hooks);

	(void)state;
	assert_unavailable(pool);
	db_pool_tick(pool, 1000);
	assert_int_equal(seen.lost, 4);
	db_pool_tick(pool, 1099);
	assert_int_equal(seen.lost, 4);
	db_pool_tick(pool, 1100);
	assert_int_equal(seen.lost, 8);
	db_pool_tick(pool, 1399);
	assert_int_equal(seen.lost, 8);
	db_pool_tick(pool, 1400);
	assert_int_equal(seen.lost, 12);
	for (uint64_t now_ms = 100000; now_ms < 140000; now_ms += 100)
		db_pool_tick(pool, now_ms);
	/* At once, then 1500 ms apart: 27 times in 40 s. */
	assert_int_equal(seen.lost, 12 + 4 * 27);
	assert_unavailable(pool);
	db_pool_on_ready(pool, 0, 140000);
	db_pool_turn(pool, 140000);
	assert_int_equal(seen.notified, 0);
	db_pool_free(pool);
	db_pool_free(NULL);
	db_drop(NULL);
}

/* A server that accepts and says nothing. */
static int
listen_at(const char *folder, char path[108])
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(path, 108, "%s/.s.PGSQL.5432", folder);
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 16), 0);
	return fd;
}

static void
db_pool_gives_up_a_server_that_does_not_greet(void **state)
{
	char folder[] = "/tmp/db_pool_XXXXXX", path[108];
	struct seen seen = {0};
	struct db_config config;
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool;
	unsigned ended = 0;
	int fd;

	assert_non_null(mkdtemp(folder));
	fd = listen_at(folder, path);
	config = config_of(arena_format(*state, "host=%s", folder));
	pool = db_pool_new(&config, &hooks);
	db_pool_tick(pool, 1000);
	assert_int_equal(seen.lost, 0);
	assert_int_equal(seen.watched, 4);
	assert_true(seen.fd >= 0);
	db_pool_on_ready(pool, 0, 1001);
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1500);
	assert_int_equal(seen.lost, 0);
	assert_int_equal(ended, 0);
	db_pool_tick(pool, 1501);
	assert_int_equal(seen.lost, 4);
	assert_int_equal(ended, 1);
	assert_int_equal(seen.fd, -1);
	assert_unavailable(pool);
	db_pool_free(pool);
	close(fd);
	unlink(path);
	rmdir(folder);
}

static void
db_pool_lets_nobody_wait_long_for_the_first_connection(void **state)
{
	char folder[] = "/tmp/db_pool_XXXXXX", path[108];
	struct seen seen = {0};
	struct db_config config;
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool;
	unsigned ended = 0;
	int fd;

	assert_non_null(mkdtemp(folder));
	fd = listen_at(folder, path);
	config = config_of(arena_format(*state, "host=%s", folder));
	config.connect_ms = 9000;
	pool = db_pool_new(&config, &hooks);
	db_pool_tick(pool, 1000);
	assert_waits(pool, &ended);
	db_pool_tick(pool, 1999);
	assert_int_equal(ended, 0);
	db_pool_tick(pool, 2000);
	assert_int_equal(ended, 1);
	assert_int_equal(seen.lost, 0);
	assert_unavailable(pool);
	db_pool_free(pool);
	close(fd);
	unlink(path);
	rmdir(folder);
}

static void
db_pool_lets_nobody_wait_longer_than_a_statement(void **state)
{
	char folder[] = "/tmp/db_pool_XXXXXX", path[108];
	struct seen seen = {0};
	struct db_config config;
	const struct db_hooks hooks = hooks_of(&seen);
	struct db_pool *pool;
	unsigned ended = 0;
	int fd;

	assert_non_null(mkdtemp(folder));
	fd = listen_at(folder, path);
	config = config_of(arena_format(*state, "host=%s", folder));
	config.connect_ms = 9000;
	config.statement_ms = 300;
	config.waiting_max = 2;
	pool = db_pool_new(&config, &hooks);
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
	assert_int_equal(seen.lost, 0);
	db_pool_free(pool);
	close(fd);
	unlink(path);
	rmdir(folder);
}

static void
db_link_gives_up_a_server_that_does_not_greet(void **state)
{
	char folder[] = "/tmp/db_link_XXXXXX", path[108];
	struct db_link_config config = {.app_name = "unit",
		.lane = DB_APPLY,
		.statement_ms = 1000,
		.connect_ms = 100};
	struct db_link *link;
	struct err e;
	int fd;

	assert_non_null(mkdtemp(folder));
	fd = listen_at(folder, path);
	config.conninfo = arena_format(*state, "host=%s", folder);
	link = db_link_new(&config);
	assert_int_equal(db_link_ensure(link, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(
		e.message, "the database is away: no connection in time");
	db_link_free(link);
	db_link_free(NULL);
	close(fd);
	unlink(path);
	rmdir(folder);
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
		UNIT_TEST(db_pool_gives_up_a_server_that_does_not_greet),
		UNIT_TEST(
			db_pool_lets_nobody_wait_long_for_the_first_connection),
		UNIT_TEST(db_pool_lets_nobody_wait_longer_than_a_statement),
		UNIT_TEST(db_link_gives_up_a_server_that_does_not_greet),
		UNIT_TEST(db_link_says_why_there_is_no_server),
	};

	return cmocka_run_group_tests_name("db_pool", tests, NULL, NULL);
}
