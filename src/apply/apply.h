/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The applier: claim -> ask the state table -> do one action -> record. The
 * only code that causes effects in Kubernetes.
 */
#ifndef APPLY_H
#define APPLY_H

#include "auth/auth.h"
#include "base/base_log.h"
#include "config/config.h"
#include "k8s/k8s.h"

/* Everything outlives apply_run. */
struct apply_setup {
	const struct config *config;
	const char *conninfo;
	const char *
		state_dir; /* absolute, 0700: chart store, helm's home, locks */
	const char *helm;  /* absolute path, version checked */
	struct k8s_config *cluster;
	const struct auth_keys *keys; /* AUTH_KEYS_OPEN */
	const struct log *log;
	const char *version;
};

/**
 * Work until ${over_fd} becomes readable (it is not read), then give back
 * claims and return 0. At the end helm installs and upgrades get SIGTERM,
 * rollbacks and uninstalls may finish.  -1: it could not begin (lock, folders,
 * threads).
 */
int apply_run(const struct apply_setup *setup, int over_fd, struct err *e);

#endif
