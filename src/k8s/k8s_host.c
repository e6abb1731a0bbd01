/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_host.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* libcurl ends a URL that has no path with '/', and a path will follow. */
static const char *
without_last_slash(char *url)
{
	const size_t len = strlen(url);

	if (len > 0 && url[len - 1] == '/')
		url[len - 1] = '\0';
	return url;
}

/* A copy of one part of ${url} in ${arena}, NULL if it has none. */
static char *
part(struct arena *arena, CURLU *url, CURLUPart what, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(url, what, &text, flags) != CURLUE_OK)
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
	char *renamed;
	int rc = -1;

	if (url == NULL)
		abort();
	if (curl_url_set(url, CURLUPART_URL, server, 0) != CURLUE_OK)
		goto out;
	host = part(arena, url, CURLUPART_HOST, 0);
	port = part(arena, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	if (curl_url_set(url, CURLUPART_HOST, tls_name, 0) != CURLUE_OK)
		goto out;
	renamed = part(arena, url, CURLUPART_URL, 0);
	if (host == NULL || port == NULL || renamed == NULL)
		goto out;
	out->server = without_last_slash(renamed);
	out->header = arena_format(arena, "%s:%s", host, port);
	out->connect_to = arena_format(arena, "::%s:%s", host, port);
	rc = 0;
out:
	curl_url_cleanup(url);
	return rc;
}
