/* SPDX-License-Identifier: Apache-2.0 */
/* Leases, nudges, watches and counters in step with the database. Private. */
#ifndef APPLY_CLOCK_H
#define APPLY_CLOCK_H

#include "apply/apply_app.h"

/** Tick until over_fd is readable, then set is_over and wake all: nudges are
 * told at once, the rest every APPLY_BEAT_MS. */
void apply_clock_run(struct apply_app *app);

#endif
