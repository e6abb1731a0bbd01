/* SPDX-License-Identifier: Apache-2.0 */
/* The database pool in Kore's event loop. */
#ifndef HANDLERS_DB_H
#define HANDLERS_DB_H

#include "base/base_log.h"
#include "db/db_pool.h"

#include <kore/kore.h>

struct handlers_db_watcher {
	struct kore_event event; /* first: Kore casts to it */
	struct handlers_db *owner;
	unsigned slot;
	bool is_lost; /* and that was logged */
};

struct handlers_db {
	struct db_pool *pool;
	const struct log *log;
	void *cookie;
	void (*notified)(void *cookie, const char *payload);
	bool is_turn_set, is_stopping;
	struct handlers_db_watcher watchers[DB_SLOTS_MAX];
};

/**
 * Make the pool and put it into the loop of this worker. ${h} is zeroed but
 * for log, cookie and notified (see struct db_hooks), and at a fixed address.
 */
void handlers_db_start(struct handlers_db *h, const struct db_config *config);

/** Close all connections, end what is in flight. */
void handlers_db_stop(struct handlers_db *h);

#endif
