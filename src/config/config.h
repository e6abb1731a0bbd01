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
#include "base/base_log.h"

#include <stdbool.h>

/* clang-format off */
/* key, type, change, default, min, max, meaning. Types: TEXT (char *), UINT
 * (unsigned), BOOL (yes|no), LEVEL (of the log). A change counts at a RELOAD, in
 * the API, or at the next START. The environment name is ROASTER_ and the key in
 * capitals. */
#define CONFIG_KEYS(X)                                                                                   \
	X(state_dir,          TEXT,  START,  "",          0, 0, "Folder for everything roasterd keeps: embedded database, keys, chart store. Default: /var/lib/roaster for root, else $XDG_STATE_HOME/roaster or ~/.local/state/roaster") \
	X(bind,               TEXT,  START,  "127.0.0.1", 0, 0, "Address the API listens on. Any but a loopback address needs tls_certificate and tls_key; or insecure_http, and a proxy with TLS in front") \
	X(port,               UINT,  START,  "8089",      1, 65535, "TCP port of the API") \
	X(insecure_http,      BOOL,  START,  "no",        0, 0, "Serve plain HTTP on an address that is not loopback") \
	X(tls_certificate,    TEXT,  START,  "",          0, 0, "PEM file of the certificate to serve HTTPS with, and of those that signed it. Empty: plain HTTP. A reload reads it again") \
	X(tls_key,            TEXT,  START,  "",          0, 0, "PEM file of the certificate's key, RSA or EC, without a password, readable by the account of roasterd alone. A reload reads it again") \
	X(workers,            UINT,  START,  "2",         1, 64, "API worker processes") \
	X(database_url,       TEXT,  START,  "",          0, 0, "libpq connection string or URI of an external PostgreSQL; empty: a private one below state_dir") \
	X(postgres_bin,       TEXT,  START,  "",          0, 0, "Folder with initdb and postgres for the embedded database; empty: looked for") \
	X(run_as,             TEXT,  START,  "nobody",    0, 0, "Account of the embedded PostgreSQL when roasterd is started by root (initdb refuses root)") \
	X(kubeconfig,         TEXT,  START,  "",          0, 0, "Kubeconfig file; empty: $KUBECONFIG, in-cluster service account, ~/.kube/config, in this order") \
	X(helm,               TEXT,  START,  "",          0, 0, "Absolute path of helm (4.1.4 or 3.20.2 and newer); empty: looked for in PATH") \
	X(apply_threads,      UINT,  START,  "2",         1, 64, "Worker threads of the applier: helm processes at once") \
	X(start_timeout,      UINT,  START,  "900",       10, 86400, "Seconds a component may take to become ready before it is an Error; time without an answer of the cluster does not count") \
	X(helm_timeout,       UINT,  START,  "300",       10, 7200, "Seconds one helm process may take") \
	X(observe_interval,   UINT,  START,  "30",        1, 3600, "Seconds between looks at a component when its watch is silent") \
	X(token_ttl,          UINT,  RELOAD, "36000",     60, 31536000, "Seconds a login's token is valid") \
	X(login_failures,     UINT,  RELOAD, "5",         1, 1000, "Wrong passwords within login_window before an account is locked") \
	X(login_window,       UINT,  RELOAD, "900",       1, 86400, "Seconds that wrong passwords count") \
	X(rate_limit,         UINT,  RELOAD, "0",         0, 100000, "Requests a second that one API worker takes from one address (of IPv6: from one /64), probes aside; the others are 429. 0: any number, which is right behind a proxy, whose clients share its address") \
	X(waiters_max,        UINT,  START,  "256",       0, 100000, "Requests with wait= that one API worker holds at once") \
	X(log_level,          LEVEL, RELOAD, "info",      0, 0, "debug, info, warn or error")
/* clang-format on */

#define CONFIG_C_TEXT const char *
#define CONFIG_C_UINT unsigned
#define CONFIG_C_BOOL bool
#define CONFIG_C_LEVEL enum log_level

struct config {
#define X(key, type, change, otherwise, min, max, help) CONFIG_C_##type key;
	CONFIG_KEYS(X)
#undef X
};

/**
 * Defaults, then the file's ${text} ("key = value" lines, '#' comments; NULL:
 * no file; ${file} names it in errors), then ${environ} (as of environ(7):
 * ROASTER_<KEY>=value; other names are ignored).  Strings of ${out} are in
 * ${arena}.  -1 with INVALID that names file and line, or the variable:
 * unknown key (with "did you mean"), key twice, value not of the type, out of
 * range, or a combination that is unsafe (bind and insecure_http) or half of
 * one (tls_certificate and tls_key).
 */
int config_load(struct arena *arena, const char *file, const char *text,
	char *const *environ, struct config *out, struct err *e);

/** Whether ${config} has a certificate, and so serves HTTPS only. */
bool config_has_tls(const struct config *config);

/**
 * Take from ${wanted} into ${current} what a reload may change; none of it is
 * text, so that it may come from another process.
 */
void config_adopt(struct config *current, const struct config *wanted);

/** The keys of ${wanted} that differ from ${current} and count at the next
 * start only, "bind, port"; "" if there are none. */
const char *config_postponed(struct arena *arena, const struct config *current,
	const struct config *wanted);

/** docs/configuration.md: every key with type, default, range, environment
 * name and meaning. */
void config_markdown(struct buf *out);

#endif
