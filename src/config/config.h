/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of roasterd: one table that is parser, environment names and
 * docs/configuration.md. Pure: the shell reads files and environment.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "base/base_arena.h"
#include "base/base_buf.h"
#include "base/base_err.h"

#include <stdbool.h>

/* clang-format off */
/* key, type, default, min, max, meaning. Types: TEXT (char *), UINT (unsigned),
 * BOOL (yes|no). The environment name is ROASTER_ and the key in capitals. */
#define CONFIG_KEYS(X)                                                                                   \
	X(state_dir,          TEXT, "",          0, 0, "Folder for everything roasterd keeps: embedded database, keys, chart store. Default: /var/lib/roaster for root, else $XDG_STATE_HOME/roaster or ~/.local/state/roaster") \
	X(bind,               TEXT, "127.0.0.1", 0, 0, "Address the API listens on. Any but a loopback address needs insecure_http, and a proxy with TLS in front") \
	X(port,               UINT, "8089",      1, 65535, "TCP port of the API") \
	X(insecure_http,      BOOL, "no",        0, 0, "Serve plain HTTP on an address that is not loopback") \
	X(workers,            UINT, "2",         1, 64, "API worker processes") \
	X(database_url,       TEXT, "",          0, 0, "libpq connection string or URI of an external PostgreSQL; empty: a private one below state_dir") \
	X(postgres_bin,       TEXT, "",          0, 0, "Folder with initdb and postgres for the embedded database; empty: looked for") \
	X(run_as,             TEXT, "nobody",    0, 0, "Account of the embedded PostgreSQL when roasterd is started by root (initdb refuses root)") \
	X(kubeconfig,         TEXT, "",          0, 0, "Kubeconfig file; empty: $KUBECONFIG, in-cluster service account, ~/.kube/config, in this order") \
	X(helm,               TEXT, "",          0, 0, "Absolute path of helm (4.1.4 or 3.20.2 and newer); empty: looked for in PATH") \
	X(apply_threads,      UINT, "2",         1, 64, "Worker threads of the applier: helm processes at once") \
	X(start_timeout,      UINT, "900",       10, 86400, "Seconds a component may take to become ready before it is an Error") \
	X(helm_timeout,       UINT, "300",       10, 7200, "Seconds one helm process may take") \
	X(observe_interval,   UINT, "30",        1, 3600, "Seconds between looks at a component when its watch is silent") \
	X(token_ttl,          UINT, "36000",     60, 31536000, "Seconds a login's token is valid") \
	X(login_failures,     UINT, "5",         1, 1000, "Wrong passwords within login_window before an account is locked") \
	X(login_window,       UINT, "900",       1, 86400, "Seconds that wrong passwords count") \
	X(waiters_max,        UINT, "256",       0, 100000, "Requests with wait= that one API worker holds at once") \
	X(log_level,          TEXT, "info",      0, 0, "debug, info, warn or error")
/* clang-format on */

#define CONFIG_C_TEXT const char *
#define CONFIG_C_UINT unsigned
#define CONFIG_C_BOOL bool

struct config {
#define X(key, type, otherwise, min, max, help) CONFIG_C_##type key;
	CONFIG_KEYS(X)
#undef X
};

/**
 * Defaults, then the file's ${text} ("key = value" lines, '#' comments; NULL:
 * no file; ${file} names it in errors), then ${environ} (as of environ(7):
 * ROASTER_<KEY>=value; other names are ignored).  Strings of ${out} are in
 * ${arena}.  -1 with INVALID that names file and line, or the variable:
 * unknown key (with "did you mean"), key twice, value not of the type, out of
 * range, or a combination that is unsafe (bind and insecure_http).
 */
int config_load(struct arena *arena, const char *file, const char *text,
	char *const *environ, struct config *out, struct err *e);

/** docs/configuration.md: every key with type, default, range, environment
 * name and meaning. */
void config_markdown(struct buf *out);

#endif
