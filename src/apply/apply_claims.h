/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims this process holds, one a worker, and when each was last
 * confirmed. A helm whose claim is not confirmed any more has to end.
 */
#ifndef APPLY_CLAIMS_H
#define APPLY_CLAIMS_H

#include "base/base_err.h"

#include <stddef.h>
#include <stdint.h>

/* Those configured (64 at most), and the one for first looks. */
#define APPLY_WORKERS_MAX 65U

/* Without a confirmed heartbeat helm gets SIGTERM and then SIGKILL: before the
 * lease (30 s) and its grace end, so that two helms never meet. */
#define APPLY_TERMINATE_MS 15000
#define APPLY_KILL_MS 20000

struct apply_claims;

struct apply_claims *apply_claims_new(void);
void apply_claims_free(struct apply_claims *claims);

/** Worker ${worker} holds ${fence}, asked for at ${now_ms} (monotonic). */
void apply_claims_add(struct apply_claims *claims, unsigned worker,
	int64_t fence, int64_t now_ms);
void apply_claims_drop(struct apply_claims *claims, unsigned worker);

/** All fences held; ${out} has room for APPLY_WORKERS_MAX. Returns how many. */
size_t apply_claims_list(struct apply_claims *claims, int64_t *out);

/** The database confirmed ${fences} when asked at ${now_ms}. */
void apply_claims_confirm(struct apply_claims *claims, const int64_t *fences,
	size_t count, int64_t now_ms);

/** That nobody else can have what the worker claimed: it was confirmed not long
 * ago, or nothing is claimed. -1 with UNAVAILABLE: do nothing more for it. A
 * process may stand still for long between any two lines. */
int apply_claims_check(struct apply_claims *claims, unsigned worker,
	int64_t now_ms, struct err *e);

/** Milliseconds since the worker's claim was confirmed; 0 without a claim. */
int64_t apply_claims_age(
	struct apply_claims *claims, unsigned worker, int64_t now_ms);

#endif
