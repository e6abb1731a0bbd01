/* SPDX-License-Identifier: Apache-2.0 */
/* What a SIGHUP changes: settings, certificate and key; all of it or nothing.
 */
#ifndef HANDLERS_RELOAD_H
#define HANDLERS_RELOAD_H

#include "base/base_log.h"
#include "run/run.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of Kore's parent. */
struct handlers_reload {
	const struct run_api *run;
	struct config *config; /* what counts now */
	struct log *log;
	bool is_asked;
	uint64_t again_ms; /* not before that */
};

/**
 * In Kore's parent: read configuration, certificate and key again, at once or,
 * as it costs some, a second after the last time; asking twice is asking once.
 * If they will do, ${r}'s configuration takes what it may, and the workers and
 * the process that has the key are told; else a line in the log says what is
 * wrong and all goes on as it was.
 */
void handlers_reload_ask(struct handlers_reload *r);

/** In a worker, which calls it for the message HANDLERS_RELOAD_MESSAGE: take
 * the ${len} bytes of the parent's ${data}. */
void handlers_reload_take(
	const void *data, size_t len, struct config *current, struct log *log);

#define HANDLERS_RELOAD_MESSAGE 200 /* the first of those Kore leaves to us */

/** -1 with UNAVAILABLE unless what ${config} says about TLS will do. */
int handlers_reload_check(const struct config *config, struct err *e);

#endif
