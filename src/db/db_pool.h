/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL behind fd / wants / on_ready / submit: no thread, no blocking
 * call, no event loop of its own. One pool a process.
 */
#ifndef DB_POOL_H
#define DB_POOL_H

#include "base/base_err.h"
#include "db/db_query.h"

struct db_pool;
struct db_ticket;

#define DB_CALLS_MAX 4
#define DB_SLOTS_MAX 16

enum db_wants { DB_WANTS_READ = 1, DB_WANTS_WRITE = 2 };

struct db_config {
	const char
		*conninfo; /* to look up a name in it blocks: one at a time */
	const char *app_name;
	const char *listen;  /* channel to LISTEN to */
	unsigned reads;      /* connections, 1.. */
	unsigned writes;     /* connections, 2..4 is sensible */
	unsigned read_depth; /* requests in flight on one connection */
	unsigned write_depth;
	unsigned waiting_max;  /* requests a lane holds besides, each for
				* statement_ms at most */
	unsigned statement_ms; /* statement_timeout; lock_timeout is half */
	unsigned connect_ms;   /* until prepared, then try again */
	unsigned patience_ms;  /* a request waits so long, while its lane has
				* no connection */
	unsigned wake_gap_ms;  /* two NOTIFYs are at least so far apart */
	unsigned silence_ms;   /* in flight and no answer: lost; > statement_ms.
				* A read counts by itself, writes together. */
};

struct db_hooks {
	void *cookie;
	/* Watch ${fd} (level-triggered) for ${wants} and call
	 * db_pool_on_ready(${slot}); add or modify, as the number may belong
	 * to a new socket. ${fd} == -1: closed, already out of the loop. */
	void (*watch)(void *cookie, unsigned slot, int fd, unsigned wants);
	/* Call db_pool_turn in ${delay_ms}, never from inside this call;
	 * one call answers all that were asked for meanwhile. */
	void (*turn)(void *cookie, unsigned delay_ms);
	/* NOTIFY arrived; NULL: listening (again), any may have been missed. */
	void (*notified)(void *cookie, const char *payload);
	/* Connection ${slot} moved: "ready", "lost", …; ${why} one line. */
	void (*log)(void *cookie, const char *event, unsigned slot,
		const char *why);
	/* Milliseconds, of which only differences count: how long a look-up
	 * of a name has blocked. */
	uint64_t (*clock_ms)(void *cookie);
};

struct db_request {
	enum db_lane lane;
	unsigned n_calls;            /* 1..DB_CALLS_MAX: one transaction */
	const struct db_call *calls; /* borrowed until done or dropped */
	bool is_wake; /* NOTIFY after the commit, in a transaction of its own */
	void (*done)(void *cookie, const struct db_reply *reply);
	void *cookie;
};

/**
 * Make a pool; its connections are opened by the first db_pool_tick. Strings
 * of ${config} and ${hooks} must outlive it.
 */
struct db_pool *db_pool_new(
	const struct db_config *config, const struct db_hooks *hooks);

/** End all tickets, close all connections, free ${pool}. NULL is legal. */
void db_pool_free(struct db_pool *pool);

/**
 * Queue ${request} and send it as soon as a connection has room. While there is
 * none it waits for one: it is given up (DB_UNSENT) when trying to connect,
 * begun after it came, has failed, or its patience is over. So nobody who asks
 * a server that is back is refused, however long it was away.
 *
 * done is called exactly once, never from inside db_submit, and never before
 * PostgreSQL confirmed the commit (ReadyForQuery); the reply dies when it
 * returns. It may call db_submit and db_drop.  Return NULL with TOO_MANY if the
 * queue is full (UNAVAILABLE if that is for want of a connection), else a
 * ticket that is valid until done is called or it is dropped.
 */
struct db_ticket *db_submit(
	struct db_pool *pool, const struct db_request *request, struct err *e);

/** Nobody waits for ${ticket} any more: done will not be called. If it was
 * sent it still runs, and still wakes. NULL is legal. */
void db_drop(struct db_ticket *ticket);

/** The fd of ${slot} is ready, or hung up; a spurious call is harmless. */
void db_pool_on_ready(struct db_pool *pool, unsigned slot, uint64_t now_ms);

/** What hooks.turn asked for. */
void db_pool_turn(struct db_pool *pool, uint64_t now_ms);

/** Call every 100 ms or so: reconnects, deadlines. ${now_ms}: monotonic. */
void db_pool_tick(struct db_pool *pool, uint64_t now_ms);

#endif
