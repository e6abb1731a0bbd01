/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_wait.h"

#include "base/base_text.h"

#include <string.h>

#define ASK_AGAIN_MS 2000U

static unsigned
bucket_of(const char *component)
{
	const struct bytes name = {component, strlen(component)};

	return (unsigned)(text_fnv1a(name) % HANDLERS_WAIT_BUCKETS);
}

void
handlers_wait_init(struct handlers_wait *wait, unsigned max,
	void (*ended)(
		struct handlers_waiter *waiter, enum handlers_wait_end why))
{
	*wait = (struct handlers_wait){.max = max, .ended = ended};
	for (unsigned i = 0; i < HANDLERS_WAIT_BUCKETS; i++) {
		LIST_INIT(&wait->buckets[i]);
		wait->moves[i] = 1; /* 0 is "never woken" */
	}
}

int
handlers_wait_hold(struct handlers_wait *wait, struct handlers_waiter *w,
	const char *component, uint64_t over_ms, uint64_t now_ms)
{
	const unsigned i = bucket_of(component);

	if (wait->count >= wait->max)
		return -1;
	wait->count++;
	w->is_held = true;
	w->component = component;
	w->over_ms = over_ms;
	w->ask_ms = now_ms + ASK_AGAIN_MS;
	/* It moved again since this one began to ask: the answer is stale. */
	if (w->seen != 0 && w->seen != wait->moves[i])
		w->ask_ms = now_ms;
	LIST_INSERT_HEAD(&wait->buckets[i], w, link);
	return 0;
}

void
handlers_wait_drop(struct handlers_wait *wait, struct handlers_waiter *w)
{
	if (!w->is_held)
		return;
	LIST_REMOVE(w, link);
	w->is_held = false;
	wait->count--;
}

static void
end(struct handlers_wait *wait, struct handlers_waiter *w,
	enum handlers_wait_end why)
{
	handlers_wait_drop(wait, w);
	w->seen = wait->moves[bucket_of(w->component)];
	wait->ended(w, why);
}

/* Those of ${component} (NULL: all) in bucket ${i}. One that is held again
 * goes to the head, where this does not come by any more. */
static void
wake_bucket(struct handlers_wait *wait, unsigned i, const char *component)
{
	struct handlers_waiter *next;

	wait->moves[i]++;
	for (struct handlers_waiter *w = LIST_FIRST(&wait->buckets[i]);
		w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (component == NULL || strcmp(component, w->component) == 0)
			end(wait, w, HANDLERS_WAIT_WOKEN);
	}
}

void
handlers_wait_notify(struct handlers_wait *wait, const char *component)
{
	if (component != NULL) {
		wake_bucket(wait, bucket_of(component), component);
		return;
	}
	for (unsigned i = 0; i < HANDLERS_WAIT_BUCKETS; i++)
		wake_bucket(wait, i, NULL);
}

static void
tick_bucket(struct handlers_wait *wait, unsigned i, uint64_t now_ms)
{
	struct handlers_waiter *next;

	for (struct handlers_waiter *w = LIST_FIRST(&wait->buckets[i]);
		w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (now_ms >= w->over_ms)
			end(wait, w, HANDLERS_WAIT_OVER);
		else if (now_ms >= w->ask_ms)
			end(wait, w, HANDLERS_WAIT_WOKEN);
	}
}

void
handlers_wait_tick(struct handlers_wait *wait, uint64_t now_ms)
{
	for (unsigned i = 0; wait->count > 0 && i < HANDLERS_WAIT_BUCKETS; i++)
		tick_bucket(wait, i, now_ms);
}

void
handlers_wait_close(struct handlers_wait *wait)
{
	wait->max = 0;
	handlers_wait_tick(wait, UINT64_MAX);
}
