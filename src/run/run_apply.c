/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_apply.h"

#include "apply/apply.h"
#include "run/run_cluster.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Blocked before any thread is made, so that all inherit it: the descriptor is
 * the only way these signals arrive. */
static int
open_end(int *fd, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0) {
		sigdelset(&set, SIGHUP);
		*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
		if (*fd != -1)
			return 0;
	}
	return err_set(e, ERR_UNAVAILABLE, "", "cannot take signals: %s",
		strerror(errno));
}

static int
open_setup(struct run_shell *shell, struct apply_setup *setup,
	struct auth_keys **keys, struct err *e)
{
	const char *version = "";

	*setup = (struct apply_setup){.config = &shell->config,
		.conninfo = shell->paths.apply,
		.state_dir = shell->paths.state,
		.log = &shell->log,
		.version = run_version()};
	if (run_helm_find(shell, &setup->helm, &version, e) == -1 ||
		run_cluster_open(shell, &setup->cluster, e) == -1 ||
		auth_keys_load(shell->paths.keys, AUTH_KEYS_OPEN, keys, e) ==
			-1)
		return -1;
	setup->keys = *keys;
	LOG_EVENT(&shell->log, LOG_LEVEL_INFO, "apply_started",
		LOG_TEXT("helm", setup->helm), LOG_TEXT("version", version),
		LOG_TEXT("cluster", k8s_config_server(setup->cluster)));
	return 0;
}

int
run_apply(struct run_shell *shell)
{
	struct auth_keys *keys = NULL;
	struct apply_setup setup = {0};
	int over_fd = -1;
	struct err e;
	int rc = -1;

	if (open_end(&over_fd, &e) == 0 &&
		open_setup(shell, &setup, &keys, &e) == 0)
		rc = apply_run(&setup, over_fd, &e);
	if (rc == -1)
		LOG_EVENT(&shell->log, LOG_LEVEL_ERROR, "apply_failed",
			LOG_TEXT("why", e.message));
	k8s_config_free(setup.cluster);
	auth_keys_free(keys);
	if (over_fd != -1)
		close(over_fd);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
