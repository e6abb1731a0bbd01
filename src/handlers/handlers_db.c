/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_db.h"

#include "handlers/handlers_clock.h"

#include <string.h>
#include <sys/epoll.h>

#define TICK_MS 100U

static void
on_event(void *arg, int is_hangup)
{
	struct handlers_db_watcher *w = arg;

	/* libpq finds out about hang-ups itself, after reading the rest. */
	(void)is_hangup;
	w->event.flags = 0;
	db_pool_on_ready(w->owner->pool, w->slot, kore_time_ms());
}

static void
on_watch(void *cookie, unsigned slot, int fd, unsigned wants)
{
	struct handlers_db *h = cookie;
	unsigned events = EPOLLRDHUP;

	if (fd == -1)
		return; /* close() took it out of the epoll set */
	if ((wants & DB_WANTS_READ) != 0)
		events |= EPOLLIN;
	if ((wants & DB_WANTS_WRITE) != 0)
		events |= EPOLLOUT;
	kore_platform_event_schedule(fd, (int)events, 0, &h->watchers[slot]);
}

static void
on_turn_timer(void *arg, u_int64_t now_ms)
{
	struct handlers_db *h = arg;

	h->is_turn_set = false;
	db_pool_turn(h->pool, now_ms);
}

static void
on_turn(void *cookie, unsigned delay_ms)
{
	struct handlers_db *h = cookie;

	if (h->is_turn_set)
		return;
	h->is_turn_set = true;
	kore_timer_add(on_turn_timer, delay_ms, h, KORE_TIMER_ONESHOT);
}

static void
on_tick(void *arg, u_int64_t now_ms)
{
	struct handlers_db *h = arg;

	db_pool_tick(h->pool, now_ms);
}

static void
on_notified(void *cookie, const char *payload)
{
	struct handlers_db *h = cookie;

	h->notified(h->cookie, payload);
}

/* A connection that is lost tries again and again: once is news. */
static void
on_log(void *cookie, const char *event, unsigned slot, const char *why)
{
	struct handlers_db *h = cookie;
	struct handlers_db_watcher *w = &h->watchers[slot];
	const bool is_ready = strcmp(event, "ready") == 0;
	enum log_level level = LOG_LEVEL_INFO;

	if (!is_ready)
		level = w->is_lost || h->is_stopping ? LOG_LEVEL_DEBUG
						     : LOG_LEVEL_WARN;
	w->is_lost = !is_ready;
	LOG_EVENT(h->log, level, "db_moved", LOG_TEXT("to", event),
		LOG_INT("slot", slot), LOG_INT("pid", kore_pid),
		LOG_TEXT("why", why));
}

static uint64_t
on_clock(void *cookie)
{
	(void)cookie;
	return handlers_clock_us() / 1000;
}

void
handlers_db_start(struct handlers_db *h, const struct db_config *config)
{
	const struct db_hooks hooks = {
		.cookie = h,
		.watch = on_watch,
		.turn = on_turn,
		.notified = on_notified,
		.log = on_log,
		.clock_ms = on_clock,
	};

	for (unsigned i = 0; i < DB_SLOTS_MAX; i++) {
		h->watchers[i].event.handle = on_event;
		h->watchers[i].owner = h;
		h->watchers[i].slot = i;
	}
	h->pool = db_pool_new(config, &hooks);
	/* Not before the worker is ready: to look up a name may take longer
	 * than the parent waits for that. */
	kore_timer_add(on_tick, 0, h, KORE_TIMER_ONESHOT);
	kore_timer_add(on_tick, TICK_MS, h, 0);
}

void
handlers_db_stop(struct handlers_db *h)
{
	h->is_stopping = true;
	db_pool_free(h->pool);
	h->pool = NULL;
}
