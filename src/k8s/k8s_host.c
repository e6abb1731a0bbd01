/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_host.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* A copy of one part of ${url} in ${arena}, NULL if it has none. */
static char *
part(struct arena *arena, CURLU *url, CURLUPart what)
{
	char *text = NULL, *copy;

	if (curl_url_get(url, what, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return NULL;
	copy = arena_text(arena, text);
	curl_free(text);
	return copy;
}

int
k8s_host_rename(struct arena *arena, const char *server, const char *tls_name,
	struct k8s_host *out)
{
	CURLU *url = curl_url();
	const char *host, *port;
	int rc = -1;

	if (url == NULL)
		abort();
	if (curl_url_set(url, CURLUPART_URL, server, 0) != CURLUE_OK)
		goto out;
	host = part(arena, url, CURLUPART_HOST);
	port = part(arena, url, CURLUPART_PORT);
	if (curl_url_set(url, CURLUPART_HOST, tls_name, 0) != CURLUE_OK)
		goto out;
	out->server = part(arena, url, CURLUPART_URL);
	out->header = arena_format(arena, "%s:%s", host, port);
	out->connect_to = arena_format(arena, "::%s:%s", host, port);
	rc = 0;
out:
	curl_url_cleanup(url);
	return rc;
}
