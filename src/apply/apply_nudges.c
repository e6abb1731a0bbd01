/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_nudges.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PENDING_MAX 128U

struct apply_nudges {
	pthread_mutex_t lock;
	size_t count;
	struct apply_nudge pending[PENDING_MAX];
};

struct apply_nudges *
apply_nudges_new(void)
{
	struct apply_nudges *nudges = calloc(1, sizeof(*nudges));

	if (nudges == NULL || pthread_mutex_init(&nudges->lock, NULL) != 0)
		abort();
	return nudges;
}

void
apply_nudges_free(struct apply_nudges *nudges)
{
	if (nudges == NULL)
		return;
	pthread_mutex_destroy(&nudges->lock);
	free(nudges);
}

static bool
is_pending(const struct apply_nudges *nudges, const char *namespace,
	const char *release)
{
	for (size_t i = 0; i < nudges->count; i++) {
		const struct apply_nudge *n = &nudges->pending[i];

		if (strcmp(n->namespace, namespace) == 0 &&
			(n->release[0] == '\0' ||
				strcmp(n->release, release) == 0))
			return true;
	}
	return false;
}

/* No room: one of the same namespace comes to mean all there. */
static void
widen(struct apply_nudges *nudges, const char *namespace)
{
	for (size_t i = 0; i < nudges->count; i++) {
		if (strcmp(nudges->pending[i].namespace, namespace) == 0) {
			nudges->pending[i].release[0] = '\0';
			return;
		}
	}
}

static void
append(struct apply_nudges *nudges, const char *namespace, const char *release)
{
	struct apply_nudge *n = &nudges->pending[nudges->count++];

	snprintf(n->namespace, sizeof(n->namespace), "%s", namespace);
	snprintf(n->release, sizeof(n->release), "%s", release);
}

void
apply_nudges_add(
	struct apply_nudges *nudges, const char *namespace, const char *release)
{
	pthread_mutex_lock(&nudges->lock);
	if (!is_pending(nudges, namespace, release)) {
		if (nudges->count == PENDING_MAX)
			widen(nudges, namespace);
		else
			append(nudges, namespace, release);
	}
	pthread_mutex_unlock(&nudges->lock);
}

size_t
apply_nudges_take(struct apply_nudges *nudges, struct arena *arena,
	struct apply_nudge **out)
{
	size_t count;

	pthread_mutex_lock(&nudges->lock);
	count = nudges->count;
	*out = arena_array(arena, count + 1, sizeof(**out));
	memcpy(*out, nudges->pending, count * sizeof(**out));
	nudges->count = 0;
	pthread_mutex_unlock(&nudges->lock);
	return count;
}
