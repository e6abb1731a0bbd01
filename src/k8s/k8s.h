/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Kubernetes API over libcurl: the only room that knows it. Answers are
 * doc trees. A failed read is an error, never "absent".
 */
#ifndef K8S_H
#define K8S_H

#include "base/base_log.h"
#include "doc/doc.h"

#include <stdatomic.h>

/* Where the cluster is and who we are; thread safe, shared by all clients. */
struct k8s_config;

/* Where every pod finds its service account (Kubernetes, "Service Accounts").
 */
#define K8S_POD_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

/**
 * Read kubeconfig ${path}, or with "" $KUBECONFIG's value in ${env_path} (a
 * list joined by ':', the first that has an entry wins), the service account
 * in ${pod}, ~/.kube/config below ${home} (NULL: none), in this order.
 * Supports server, certificate-authority(-data), client certificate and key
 * (files or data), token, tokenFile, username and password, tls-server-name,
 * insecure-skip-tls-verify, proxy-url, as, as-uid, as-groups, exec.  Only the
 * config's CA is trusted, the system's if it names none. -1: INVALID or
 * UNAVAILABLE, naming file and key.  Token files are read at each use (bound
 * tokens rotate), certificates once.
 */
int k8s_config_load(const char *path, const char *env_path, const char *pod,
	const char *home, struct k8s_config **out, struct err *e);
void k8s_config_free(struct k8s_config *config);

/* An exec plugin of a kubeconfig that wants to be run, without a shell. */
struct k8s_exec {
	const char *command; /* absolute, or without '/': to be found in PATH */
	char *const *argv;   /* ends with NULL, begins with command */
	char *const *env;    /* "NAME=value" to add to the environment; NULL */
};

/** Run ${exec} and give its standard output in ${arena}; -1 with UNAVAILABLE
 * if it could not be run or failed. */
typedef int k8s_exec_run(void *cookie, struct arena *arena,
	const struct k8s_exec *exec, struct bytes *output, struct err *e);

/** Have exec plugins run by ${run}, one at a time; without, a user that needs
 * one is refused. What a plugin gave is kept until it expires or a 401.  To be
 * called before ${config} is shared. */
void k8s_config_set_exec(
	struct k8s_config *config, k8s_exec_run *run, void *cookie);

/** "https://127.0.0.1:6443": for logs and check. */
const char *k8s_config_server(const struct k8s_config *config);

/** A kubeconfig (JSON) with a plain token or certificate data for helm; in
 * ${arena}. -1 if the token cannot be had now. */
int k8s_config_render(const struct k8s_config *config, struct arena *arena,
	struct bytes *out, struct err *e);

/* One keep-alive connection; not for two threads at once. */
struct k8s_client;

struct k8s_client *k8s_client_new(const struct k8s_config *config);
void k8s_client_free(struct k8s_client *client);

/** Whether ${client} stays on the connection it has: nothing is sent over a
 * new one then, as that may lead to another server. */
void k8s_client_stay(struct k8s_client *client, bool is_staying);

enum k8s_verb { K8S_GET, K8S_CREATE, K8S_APPLY, K8S_MERGE, K8S_DELETE };

struct k8s_request {
	enum k8s_verb verb;
	const char *path; /* "/api/v1/namespaces/x", made by k8s_path */
	const char
		*query; /* "labelSelector=…" escaped by k8s_path; NULL: none */
	struct bytes body; /* JSON of CREATE, APPLY (server-side, field manager
			    * "roaster", forced), MERGE, DELETE (options) */
	bool is_metadata_only; /* PartialObjectMetadata(List) */
	unsigned timeout_ms;   /* 0: 10 s */
};

struct k8s_answer {
	int status;                  /* HTTP, 100..599 */
	const struct doc_node *body; /* NULL if it was not JSON */
	struct bytes text;           /* what was not JSON: a pod's log */
	const char *message;         /* of a Status, else "" */
	const char *reason;          /* "NotFound", "Forbidden", … else "" */
	unsigned retry_after_s;
};

/**
 * One exchange; 0 for any HTTP answer that came whole, 404 and 409 too. -1
 * with UNAVAILABLE: no connection, timeout, TLS, cut or oversized (64 MiB)
 * answer. 1: it stays, but the connection is gone; nothing was sent over a new
 * one. ${out} is in ${arena}.
 */
int k8s_send(struct k8s_client *client, struct arena *arena,
	const struct k8s_request *request, struct k8s_answer *out,
	struct err *e);

/** "/api/v1/namespaces/{}/secrets/{}" with each {} replaced by the
 * percent-escaped next argument; as many texts as there are {}. None may be
 * NULL, "", "." or "..": another object would be meant (asserted). */
char *k8s_path(struct arena *arena, const char *format, ...);

/** err of an answer that is not 2xx: UNAVAILABLE for 5xx, 429, 401 and
 * timeouts, FORBIDDEN, NOT_FOUND, CONFLICT, INVALID (422, 400) by status; the
 * message says what was asked and what the API server said, but for a Secret
 * that it would not take only the reason: it may quote values. Returns -1. */
int k8s_refused(const struct k8s_request *request,
	const struct k8s_answer *answer, struct err *e);

/* --- watching ----------------------------------------------------------------
 */

/* Many watches in one thread; each says only that something moved. */
struct k8s_watcher;

struct k8s_watch_hooks {
	void *cookie;
	/* An object of the watch opened with ${tag} moved; ${instance}: its
	 * app.kubernetes.io/instance label or "". In the watcher's thread. */
	void (*moved)(void *cookie, const char *tag, const char *instance);
	/* The watch is (again) open, anything may have been missed, or it was
	 * lost (${e} says why, else NULL). */
	void (*linked)(void *cookie, const char *tag, const struct err *e);
};

struct k8s_watcher *k8s_watcher_new(
	const struct k8s_config *config, const struct k8s_watch_hooks *hooks);

/** To be called when run has returned and nobody adds or removes any more. */
void k8s_watcher_free(struct k8s_watcher *watcher);

/** Want a watch on ${path} ("/apis/apps/v1/namespaces/x/deployments") with
 * ${query} (NULL: none); called again with the same tag and path it changes
 * nothing. Only metadata is asked for. Thread safe. */
void k8s_watcher_add(struct k8s_watcher *watcher, const char *tag,
	const char *path, const char *query);

/** End all watches with ${tag}. Thread safe. */
void k8s_watcher_remove(struct k8s_watcher *watcher, const char *tag);

/** End all watches whose tag is none of the ${count} ${tags}. Thread safe. */
void k8s_watcher_keep(
	struct k8s_watcher *watcher, const char *const *tags, size_t count);

/**
 * Run until ${is_over} becomes true (looked at every 200 ms at most): open,
 * read, open again after ends, 410 and errors with back-off (1 s doubling to
 * 30 s with jitter; never more than one request a second per watch).
 */
void k8s_watcher_run(struct k8s_watcher *watcher, const atomic_bool *is_over);

#endif
