/* SPDX-License-Identifier: Apache-2.0 */
/* One thread that claims components and does one step for each. Private. */
#ifndef APPLY_WORKER_H
#define APPLY_WORKER_H

#include "apply/apply_app.h"

struct apply_worker;

/** Start worker ${number}, with ${is_first} one that only takes components
 * which nothing was done for yet; its thread ends when app->is_over and its
 * step is done. -1 with UNAVAILABLE. */
int apply_worker_start(struct apply_app *app, unsigned number, bool is_first,
	struct apply_worker **out, struct err *e);

/** Wait for the thread's end and free all of it. NULL is legal. */
void apply_worker_join(struct apply_worker *worker);

#endif
