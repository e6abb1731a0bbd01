/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_counts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 256U

struct row {
	char name[64];
	char labels[160];
	int64_t value;
};

struct apply_counts {
	pthread_mutex_t lock;
	size_t count;
	struct row rows[ROWS_MAX];
};

struct apply_counts *
apply_counts_new(void)
{
	struct apply_counts *counts = calloc(1, sizeof(*counts));

	if (counts == NULL || pthread_mutex_init(&counts->lock, NULL) != 0)
		abort();
	return counts;
}

void
apply_counts_free(struct apply_counts *counts)
{
	if (counts == NULL)
		return;
	pthread_mutex_destroy(&counts->lock);
	free(counts);
}

/* The row of a metric, a new one if there is room; NULL if there is not. */
static struct row *
find(struct apply_counts *counts, const char *name, const char *labels)
{
	struct row *row = counts->rows;

	for (; row < counts->rows + counts->count; row++) {
		if (strcmp(row->name, name) == 0 &&
			strcmp(row->labels, labels) == 0)
			return row;
	}
	if (counts->count == ROWS_MAX)
		return NULL;
	counts->count++;
	snprintf(row->name, sizeof(row->name), "%s", name);
	snprintf(row->labels, sizeof(row->labels), "%s", labels);
	row->value = 0;
	return row;
}

void
apply_counts_add(struct apply_counts *counts, const char *name,
	const char *labels, int64_t increment)
{
	struct row *row;

	pthread_mutex_lock(&counts->lock);
	row = find(counts, name, labels);
	if (row != NULL)
		row->value += increment;
	pthread_mutex_unlock(&counts->lock);
}

size_t
apply_counts_take(struct apply_counts *counts, struct arena *arena,
	struct apply_count **out)
{
	size_t count;

	pthread_mutex_lock(&counts->lock);
	count = counts->count;
	*out = arena_array(arena, count + 1, sizeof(**out));
	for (size_t i = 0; i < count; i++) {
		(*out)[i].name = arena_text(arena, counts->rows[i].name);
		(*out)[i].labels = arena_text(arena, counts->rows[i].labels);
		(*out)[i].value = counts->rows[i].value;
	}
	counts->count = 0;
	pthread_mutex_unlock(&counts->lock);
	return count;
}
