/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of one applier share. Private to room apply. */
#ifndef APPLY_APP_H
#define APPLY_APP_H

#include "apply/apply.h"
#include "apply/apply_claims.h"
#include "apply/apply_counts.h"
#include "apply/apply_nudges.h"
#include "db/db_link.h"

#include <stdatomic.h>

#define APPLY_LEASE_S 30
#define APPLY_BEAT_MS 5000
#define APPLY_STATEMENT_MS 5000
#define APPLY_CONNECT_MS 5000

/* Folders below the state folder, all made by apply_store_open. */
struct apply_store {
	const char *charts;   /* <sha256>.tgz */
	const char *home;     /* helm's HOME and HELM_*_HOME */
	const char *empty;    /* helm's working directory */
	const char *no_cache; /* a regular file: KUBECACHEDIR, cache off */
};

/* Who roasterd is in the cluster; the subject of its RoleBindings. */
struct apply_identity {
	const char *kind;      /* "ServiceAccount" or "User" */
	const char *namespace; /* NULL for a User */
	const char *name;
};

struct apply_app {
	const struct apply_setup *setup;
	atomic_bool is_over; /* set by the clock once over_fd is readable */
	int over_fd;
	struct arena *arena; /* strings of this struct */
	const char *node;    /* claims carry it */
	int lock_fd;         /* held by us and every helm we started */
	int wake_fd;         /* eventfd, semaphore: a token a worker */
	struct apply_store store;
	struct apply_claims *claims;
	struct apply_counts *counts;
	struct apply_nudges *nudges;
	struct k8s_watcher *watcher;
};

/** Monotonic milliseconds. */
int64_t apply_clock_ms(void);

/** Unix time in milliseconds. */
int64_t apply_unix_ms(void);

/** Let every sleeping worker look for work. */
void apply_wake(struct apply_app *app);

/** Make the folders and write the embedded charts. -1 with UNAVAILABLE. */
int apply_store_open(struct arena *arena, const char *state_dir,
	struct apply_store *out, struct err *e);

/**
 * Become a node: take the first free lock of ${state_dir}. The lock is shared
 * with every helm we start, so who gets it knows that the former holder and all
 * its helms are dead.  -1 with UNAVAILABLE.
 */
int apply_node_open(struct arena *arena, const char *state_dir,
	const char **node, int *lock_fd, struct err *e);

/** A link for the applier's statements. */
struct db_link *apply_link_new(const struct apply_app *app, const char *listen);

#endif
