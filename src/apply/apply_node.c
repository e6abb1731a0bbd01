/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_app.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define NODES_MAX 16U
/* A helm that was killed with its applier is gone within milliseconds. */
#define FIRST_LOCK_TRIES 20U
#define FIRST_LOCK_PAUSE_MS 100

static int64_t
now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
apply_clock_ms(void)
{
	return now_ms(CLOCK_MONOTONIC);
}

int64_t
apply_unix_ms(void)
{
	return now_ms(CLOCK_REALTIME);
}

void
apply_wake(struct apply_app *app)
{
	(void)eventfd_write(app->wake_fd, app->setup->config->apply_threads);
}

struct db_link *
apply_link_new(const struct apply_app *app, const char *listen)
{
	const struct db_link_config config = {.conninfo = app->setup->conninfo,
		.app_name = "roaster-apply",
		.listen = listen,
		.lane = DB_APPLY,
		.statement_ms = APPLY_STATEMENT_MS,
		.connect_ms = APPLY_CONNECT_MS};

	return db_link_new(&config);
}

/* 1: locked, 0: somebody has it, -1: error. */
static int
try_lock(int fd, unsigned tries)
{
	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK)
			return -1;
		if (--tries == 0)
			return 0;
		(void)poll(NULL, 0, FIRST_LOCK_PAUSE_MS);
	}
	return 1;
}

static int
open_lock(struct arena *arena, const char *state_dir, unsigned number,
	int *lock_fd, struct err *e)
{
	char *path = arena_format(arena, "%s/apply-%u.lock", state_dir, number);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int rc;

	if (fd == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot open %s: %s",
			path, strerror(errno));
	rc = try_lock(fd, number == 0 ? FIRST_LOCK_TRIES : 1);
	if (rc == 1) {
		*lock_fd = fd;
		return 1;
	}
	if (rc == -1)
		err_set(e, ERR_UNAVAILABLE, "", "cannot lock %s: %s", path,
			strerror(errno));
	close(fd);
	return rc;
}

int
apply_node_open(struct arena *arena, const char *state_dir, const char **node,
	int *lock_fd, struct err *e)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "gethostname: %s",
			strerror(errno));
	for (unsigned i = 0; i < NODES_MAX; i++) {
		int rc = open_lock(arena, state_dir, i, lock_fd, e);

		if (rc == -1)
			return -1;
		if (rc == 0)
			continue;
		*node = arena_format(arena, "%s:%s:%u", host, state_dir, i);
		return 0;
	}
	return err_set(e, ERR_UNAVAILABLE, "",
		"%u appliers use %s already; give this one a state_dir of its "
		"own",
		NODES_MAX, state_dir);
}
