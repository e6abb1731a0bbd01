/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_claims.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct held {
	int64_t fence; /* 0: none */
	int64_t confirmed_ms;
};

struct apply_claims {
	pthread_mutex_t lock;
	struct held held[APPLY_WORKERS_MAX];
};

struct apply_claims *
apply_claims_new(void)
{
	struct apply_claims *claims = calloc(1, sizeof(*claims));

	if (claims == NULL || pthread_mutex_init(&claims->lock, NULL) != 0)
		abort();
	return claims;
}

void
apply_claims_free(struct apply_claims *claims)
{
	if (claims == NULL)
		return;
	pthread_mutex_destroy(&claims->lock);
	free(claims);
}

static void
set(struct apply_claims *claims, unsigned worker, struct held held)
{
	assert(worker < APPLY_WORKERS_MAX);
	pthread_mutex_lock(&claims->lock);
	claims->held[worker] = held;
	pthread_mutex_unlock(&claims->lock);
}

void
apply_claims_add(struct apply_claims *claims, unsigned worker, int64_t fence,
	int64_t now_ms)
{
	set(claims, worker, (struct held){fence, now_ms});
}

void
apply_claims_drop(struct apply_claims *claims, unsigned worker)
{
	set(claims, worker, (struct held){0, 0});
}

size_t
apply_claims_list(struct apply_claims *claims, int64_t *out)
{
	size_t count = 0;

	pthread_mutex_lock(&claims->lock);
	for (unsigned i = 0; i < APPLY_WORKERS_MAX; i++) {
		if (claims->held[i].fence != 0)
			out[count++] = claims->held[i].fence;
	}
	pthread_mutex_unlock(&claims->lock);
	return count;
}

static void
confirm_one(struct apply_claims *claims, int64_t fence, int64_t now_ms)
{
	for (unsigned i = 0; i < APPLY_WORKERS_MAX; i++) {
		if (claims->held[i].fence == fence)
			claims->held[i].confirmed_ms = now_ms;
	}
}

void
apply_claims_confirm(struct apply_claims *claims, const int64_t *fences,
	size_t count, int64_t now_ms)
{
	pthread_mutex_lock(&claims->lock);
	for (size_t i = 0; i < count; i++)
		confirm_one(claims, fences[i], now_ms);
	pthread_mutex_unlock(&claims->lock);
}

int64_t
apply_claims_age(struct apply_claims *claims, unsigned worker, int64_t now_ms)
{
	struct held held;

	assert(worker < APPLY_WORKERS_MAX);
	pthread_mutex_lock(&claims->lock);
	held = claims->held[worker];
	pthread_mutex_unlock(&claims->lock);
	return held.fence == 0 ? 0 : now_ms - held.confirmed_ms;
}

int
apply_claims_check(struct apply_claims *claims, unsigned worker, int64_t now_ms,
	struct err *e)
{
	int64_t age_ms = apply_claims_age(claims, worker, now_ms);

	if (age_ms < APPLY_KILL_MS)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "",
		"the claim was not confirmed for %lld s, somebody else may "
		"have the component",
		(long long)(age_ms / 1000));
}
