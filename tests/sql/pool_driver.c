/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool in a poll loop, for tests: pool_driver CONNINFO. A line of its input
 * is a command, "put NAME", "pair NAME NAME", "drop NAME" or "get NAME"; each
 * line of its output is an answer, "<command> <first name> <outcome> <detail>",
 * or "log <event> <slot> <why>" or "notified <payload>". The lines of one read
 * go out in one turn of the loop. At the end of the input the pool is freed.
 */
#include "base/base_bytes.h"
#include "base/base_time.h"
#include "db/db_pool.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define INPUT_SIZE 65536

struct driver {
	struct db_pool *pool;
	struct pollfd fds[DB_SLOTS_MAX + 1]; /* the last: standard input */
	uint64_t turn_ms;                    /* 0: nobody asked */
	size_t used;
	char input[INPUT_SIZE];
};

struct job {
	struct arena *arena; /* owns the job and its calls */
	const char *word, *name;
	struct db_call calls[2];
};

static uint64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

static void
on_watch(void *cookie, unsigned slot, int fd, unsigned wants)
{
	struct driver *d = cookie;

	d->fds[slot].fd = fd;
	d->fds[slot].events =
		(short)(((wants & DB_WANTS_READ) != 0 ? POLLIN : 0) |
			((wants & DB_WANTS_WRITE) != 0 ? POLLOUT : 0));
}

static void
on_turn(void *cookie, unsigned delay_ms)
{
	struct driver *d = cookie;

	if (d->turn_ms == 0)
		d->turn_ms = now_ms() + delay_ms;
}

static void
on_notified(void *cookie, const char *payload)
{
	(void)cookie;
	printf("notified %s\n", payload == NULL ? "(listening)" : payload);
}

static uint64_t
on_clock(void *cookie)
{
	(void)cookie;
	return now_ms();
}

static void
on_log(void *cookie, const char *event, unsigned slot, const char *why)
{
	(void)cookie;
	printf("log %s %u %s\n", event, slot, why);
}

static void
on_done(void *cookie, const struct db_reply *reply)
{
	static const char *const outcomes[] = {
		"DONE", "REFUSED", "UNAVAILABLE", "UNKNOWN", "UNSENT"};
	struct job *job = cookie;
	bool has_row = reply->n_results > 0 && db_rows(reply, 0) > 0;

	printf("%s %s %s %s\n", job->word, job->name, outcomes[reply->outcome],
		has_row ? db_column(job->arena, reply, 0, 0, 0)
			: reply->sqlstate);
	arena_free(job->arena);
}

static struct db_value
uuid(struct arena *arena)
{
	char *out = arena_alloc(arena, UUID_TEXT_SIZE);
	unsigned char random[10];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort();
	uuid_v7((int64_t)now_ms(), random, out);
	return db_text(out);
}

static struct db_call
put_call(struct arena *arena, const char *name)
{
	static const char digest[] = "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
				     "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1";
	static const char *const roles[] = {"admin"};
	const struct db_value values[] = {
		db_bytea((struct bytes){digest, 32}),
		db_texts(arena, roles, 1),
		db_text("127.0.0.1"),
		db_text("r1"),
		uuid(arena),
		uuid(arena),
		db_text("trino"),
		db_text("ns"),
		db_text(arena_text(arena, name)),
		db_text(""),
		db_text("{}"),
		db_bytea((struct bytes){name, strlen(name)}),
		db_texts(arena, NULL, 0),
		db_byteas(arena, NULL, 0),
		db_byteas(arena, NULL, 0),
		db_texts(arena, NULL, 0),
		db_texts(arena, NULL, 0),
		db_texts(arena, NULL, 0),
	};

	return db_call_make(arena, DB_QUERY_component_put, values);
}

static struct db_call
get_call(struct arena *arena, const char *name)
{
	const struct db_value values[] = {db_text("trino"), db_text("ns"),
		db_text(arena_text(arena, name))};

	return db_call_make(arena, DB_QUERY_component_get, values);
}

static struct job *
job_new(const char *word, const char *name, const char *other)
{
	struct arena *arena = arena_new();
	struct job *job = arena_alloc(arena, sizeof(*job));

	job->arena = arena;
	job->word = arena_text(arena, word);
	job->name = arena_text(arena, name);
	if (strcmp(word, "get") == 0)
		job->calls[0] = get_call(arena, name);
	else
		job->calls[0] = put_call(arena, name);
	if (other != NULL)
		job->calls[1] = put_call(arena, other);
	return job;
}

static void
command(struct driver *d, char *line)
{
	char *rest = NULL;
	const char *word = strtok_r(line, " ", &rest);
	const char *name = strtok_r(NULL, " ", &rest);
	const char *other = strtok_r(NULL, " ", &rest);
	struct job *job = job_new(word, name, other);
	bool is_read = strcmp(word, "get") == 0;
	struct err e;
	const struct db_request request = {.lane = is_read ? DB_READ : DB_WRITE,
		.n_calls = other == NULL ? 1 : 2,
		.calls = job->calls,
		.is_wake = !is_read,
		.done = on_done,
		.cookie = job};
	struct db_ticket *ticket = db_submit(d->pool, &request, &e);

	if (ticket == NULL)
		printf("%s %s UNSENT %s\n", word, name, err_word(e.code));
	if (strcmp(word, "drop") == 0)
		db_drop(ticket);
	if (ticket == NULL || strcmp(word, "drop") == 0)
		arena_free(job->arena);
}

/* False at the end of the input. */
static bool
take_input(struct driver *d)
{
	ssize_t got = read(
		STDIN_FILENO, d->input + d->used, INPUT_SIZE - 1 - d->used);
	char *at = d->input, *end;

	if (got <= 0)
		return false;
	d->used += (size_t)got;
	d->input[d->used] = '\0';
	while ((end = strchr(at, '\n')) != NULL) {
		*end = '\0';
		command(d, at);
		at = end + 1;
	}
	d->used = strlen(at);
	memmove(d->input, at, d->used);
	return true;
}

static int
rest_of(uint64_t at_ms)
{
	uint64_t now = now_ms();

	return at_ms > now ? (int)(at_ms - now) : 0;
}

static void
serve_turn(struct driver *d)
{
	if (d->turn_ms == 0 || rest_of(d->turn_ms) > 0)
		return;
	d->turn_ms = 0;
	db_pool_turn(d->pool, now_ms());
}

static bool
serve(struct driver *d, uint64_t *tick_ms)
{
	int timeout_ms = rest_of(*tick_ms);

	if (d->turn_ms != 0 && rest_of(d->turn_ms) < timeout_ms)
		timeout_ms = rest_of(d->turn_ms);
	(void)fflush(stdout);
	if (poll(d->fds, DB_SLOTS_MAX + 1, timeout_ms) < 0)
		return false;
	for (unsigned i = 0; i < DB_SLOTS_MAX; i++)
		if (d->fds[i].fd >= 0 && d->fds[i].revents != 0)
			db_pool_on_ready(d->pool, i, now_ms());
	serve_turn(d);
	if (rest_of(*tick_ms) == 0) {
		db_pool_tick(d->pool, now_ms());
		*tick_ms = now_ms() + TICK_MS;
	}
	return d->fds[DB_SLOTS_MAX].revents == 0 || take_input(d);
}

int
main(int argc, char **argv)
{
	static struct driver d;
	const struct db_config config = {.conninfo = argc > 1 ? argv[1] : "",
		.app_name = "pool_driver",
		.listen = "roaster_wake",
		.reads = 1,
		.writes = 3,
		.read_depth = 4,
		.write_depth = 2,
		.waiting_max = 64,
		.statement_ms = 2000,
		.connect_ms = 5000,
		.patience_ms = 30000,
		.wake_gap_ms = 5,
		.silence_ms = 3000};
	const struct db_hooks hooks = {
		&d, on_watch, on_turn, on_notified, on_log, on_clock};
	uint64_t tick_ms = 0;

	for (unsigned i = 0; i < DB_SLOTS_MAX; i++)
		d.fds[i].fd = -1;
	d.fds[DB_SLOTS_MAX] =
		(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	d.pool = db_pool_new(&config, &hooks);
	while (serve(&d, &tick_ms))
		;
	db_pool_free(d.pool);
	return 0;
}
