/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of the applier, kept until the clock writes them to the database. */
#ifndef APPLY_COUNTS_H
#define APPLY_COUNTS_H

#include "base/base_arena.h"

#include <stdint.h>

struct apply_counts;

struct apply_counts *apply_counts_new(void);
void apply_counts_free(struct apply_counts *counts);

/** Add ${increment} to metric ${name} with ${labels} ("kind=\"trino\""; as
 * Prometheus writes them). Thread safe. More than 256 distinct ones between
 * two takes are dropped. */
void apply_counts_add(struct apply_counts *counts, const char *name,
	const char *labels, int64_t increment);

struct apply_count {
	const char *name;
	const char *labels;
	int64_t value;
};

/** Take all, leaving none; in ${arena}. Returns how many. */
size_t apply_counts_take(struct apply_counts *counts, struct arena *arena,
	struct apply_count **out);

#endif
