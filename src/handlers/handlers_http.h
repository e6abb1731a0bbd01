/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of Kore as a task of room api: carries out what the task wants
 * until it has its response. The client may vanish at any time; what is then
 * under way for it is dropped, or ends with nobody listening.
 */
#ifndef HANDLERS_HTTP_H
#define HANDLERS_HTTP_H

#include "api/api.h"
#include "handlers/handlers_password.h"
#include "handlers/handlers_wait.h"

#include <kore/kore.h>

#include <kore/http.h> /* needs the other */

/* Of one worker; what its requests need. */
struct handlers_http {
	const struct api_context *api;
	struct db_pool *pool;               /* borrowed */
	struct handlers_wait *wait;         /* borrowed */
	struct handlers_password *password; /* borrowed */
};

/** Begin ${http}, or send the response that it now has; Kore's handler of all
 * routes. ${h} outlives all requests. */
int handlers_http_dispatch(struct handlers_http *h, struct http_request *http);

/** Drop what is under way for ${http}, wipe what was sent, free all. Kore's
 * on_free of all routes. */
void handlers_http_free(struct http_request *http);

/* The ended functions of handlers_wait and handlers_password. */
void handlers_http_on_wait(
	struct handlers_waiter *waiter, enum handlers_wait_end why);
void handlers_http_on_password(void *owner);

#endif
