/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that are held until their component moves: an index by component,
 * woken by NOTIFY, asked again now and then in case one got lost. Kore-free.
 */
#ifndef HANDLERS_WAIT_H
#define HANDLERS_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define HANDLERS_WAIT_BUCKETS 256U

enum handlers_wait_end { HANDLERS_WAIT_WOKEN, HANDLERS_WAIT_OVER };

/* Zeroed before its first use. */
struct handlers_waiter {
	LIST_ENTRY(handlers_waiter) link;
	bool is_held;
	const char *component; /* borrowed while held */
	uint64_t over_ms, ask_ms;
	uint64_t seen; /* moves of the bucket when it was woken last */
};

LIST_HEAD(handlers_waiters, handlers_waiter);

struct handlers_wait {
	unsigned count, max;
	/* The waiter is no longer held; it may be held again from here. */
	void (*ended)(struct handlers_waiter *w, enum handlers_wait_end why);
	struct handlers_waiters buckets[HANDLERS_WAIT_BUCKETS];
	uint64_t moves[HANDLERS_WAIT_BUCKETS];
};

/** An empty index of at most ${max} waiters. */
void handlers_wait_init(struct handlers_wait *wait, unsigned max,
	void (*ended)(
		struct handlers_waiter *waiter, enum handlers_wait_end why));

/** Hold ${w} until ${component} moves or it is ${over_ms}; times are
 * monotonic. -1 if ${wait} is full. */
int handlers_wait_hold(struct handlers_wait *wait, struct handlers_waiter *w,
	const char *component, uint64_t over_ms, uint64_t now_ms);

/** Forget ${w}, held or not, without a word. */
void handlers_wait_drop(struct handlers_wait *wait, struct handlers_waiter *w);

/** ${component} moved; NULL: any may have. */
void handlers_wait_notify(struct handlers_wait *wait, const char *component);

/** Call every 100 ms or so: deadlines, and who is to ask again. */
void handlers_wait_tick(struct handlers_wait *wait, uint64_t now_ms);

/** End all waits; nothing is held any more. */
void handlers_wait_close(struct handlers_wait *wait);

#endif
