/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_HOST_H
#define K8S_HOST_H

#include "base/base_arena.h"

struct k8s_host {
	const char *server;     /* for the URL */
	const char *header;     /* what Host says */
	const char *connect_to; /* as CURLOPT_CONNECT_TO wants it */
};

/**
 * libcurl checks certificates against the host of the URL.  So ${tls_name}
 * becomes that host in ${out}, and the connection is led to the real one of
 * ${server}, which stands in the Host header.  -1 if ${server} is no URL.
 */
int k8s_host_rename(struct arena *arena, const char *server,
	const char *tls_name, struct k8s_host *out);

#endif
