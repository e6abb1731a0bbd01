/* SPDX-License-Identifier: Apache-2.0 */
/* What a kubeconfig says, for the files of this room. */
#ifndef K8S_CONFIG_INTERNAL_H
#define K8S_CONFIG_INTERNAL_H

#include "k8s/k8s.h"

struct k8s_cluster {
	const char *server; /* "https://host:port/prefix", no '/' at the end */
	const char *tls_name; /* expected in the certificate; NULL: the host */
	const char *proxy;    /* URL; NULL: none */
	struct bytes ca;      /* PEM; empty: the system's */
	bool is_insecure;
};

/* Of token_file, token, plugin and name the first that is not NULL is used. */
struct k8s_user {
	const char *token;
	const char *token_file;
	const char *name; /* with password: basic authentication */
	const char *password;
	struct bytes cert; /* PEM; empty: none */
	struct bytes key;
	const char *as; /* impersonation */
	const char *as_uid;
	char *const *as_groups; /* ends with NULL */
	const struct k8s_exec *plugin;
};

struct k8s_login;

struct k8s_config {
	struct arena *arena; /* owns all texts below */
	struct k8s_cluster cluster;
	struct k8s_user user;
	struct k8s_login *login;
	bool is_curl_ready;
};

/** Read ${paths}, with ${is_list} a list of files joined by ':'. */
int k8s_kubeconfig_read(struct k8s_config *config, const char *paths,
	bool is_list, struct err *e);

/** The service account of a pod, mounted on ${folder}; ${host} and ${port} of
 * the API server may be NULL. */
int k8s_pod_config_read(struct k8s_config *config, const char *folder,
	const char *host, const char *port, struct err *e);

#endif
