/* SPDX-License-Identifier: Apache-2.0 */
/* What moved in the cluster since the clock last told the database: a burst of
 * a hundred pod events becomes one statement. */
#ifndef APPLY_NUDGES_H
#define APPLY_NUDGES_H

#include "base/base_arena.h"

#include <stddef.h>

struct apply_nudges;

struct apply_nudges *apply_nudges_new(void);
void apply_nudges_free(struct apply_nudges *nudges);

/** Something of ${release} ("": anything) moved in ${namespace}. Thread safe.
 * When more are pending than fit, all of the namespace is nudged; one of a
 * namespace that has none pending is lost then, and looked at by the clock. */
void apply_nudges_add(struct apply_nudges *nudges, const char *namespace,
	const char *release);

struct apply_nudge {
	char namespace[64];
	char release[64];
};

/** Take all, leaving none; in ${arena}. Returns how many. */
size_t apply_nudges_take(struct apply_nudges *nudges, struct arena *arena,
	struct apply_nudge **out);

#endif
