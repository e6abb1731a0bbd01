/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_LOGIN_H
#define K8S_LOGIN_H

#include "k8s/k8s_config_internal.h"

/* Who we are in one request. */
struct k8s_credential {
	const char *token; /* NULL: none */
	struct bytes cert;
	struct bytes key;
};

struct k8s_login *k8s_login_new(void);
void k8s_login_free(struct k8s_login *login);
void k8s_login_set_exec(
	struct k8s_login *login, k8s_exec_run *run, void *cookie);

/** Who we are now, in ${arena}. -1 with UNAVAILABLE. */
int k8s_login_get(const struct k8s_config *config, struct arena *arena,
	struct k8s_credential *out, struct err *e);

/** The API server refused the credential: forget what a plugin gave. */
void k8s_login_forget(const struct k8s_config *config);

#endif
