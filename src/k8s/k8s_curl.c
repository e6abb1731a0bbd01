/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_curl.h"

#include "base/base_text.h"
#include "k8s/k8s_host.h"
#include "k8s/k8s_login.h"

#include <stdlib.h>
#include <string.h>

/* So that dead peers are noticed although nothing is sent, in seconds. */
#define KEEPALIVE_IDLE_S 30L
#define KEEPALIVE_EVERY_S 10L

/* The API server makes the first word of it the field manager. */
static const char user_agent[] = "roaster";

static const char *const body_types[] = {
	[K8S_GET] = "application/json",
	[K8S_CREATE] = "application/json",
	[K8S_APPLY] = "application/apply-patch+yaml",
	[K8S_MERGE] = "application/merge-patch+json",
	[K8S_DELETE] = "application/json",
};

/* Each option matters for safety, so none may fail unseen. */
#define SET(ok, easy, option, value) \
	((ok) = curl_easy_setopt((easy), (option), (value)) == CURLE_OK && (ok))

CURL *
k8s_curl_new(void)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		abort();
	return easy;
}

static void
append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer == NULL)
		abort();
	*list = longer;
}

static void
add_header(struct k8s_exchange *exchange, struct arena *arena, const char *name,
	const char *value)
{
	append(&exchange->headers, arena_format(arena, "%s: %s", name, value));
}

static void
add_authorization(struct k8s_exchange *exchange, struct arena *arena,
	const struct k8s_credential *credential)
{
	const struct k8s_user *user = &exchange->config->user;
	const char *pair, *value;

	if (credential->token != NULL) {
		value = arena_format(arena, "Bearer %s", credential->token);
	} else if (user->name != NULL) {
		pair = arena_format(arena, "%s:%s", user->name, user->password);
		value = arena_format(arena, "Basic %s",
			text_base64_encode(
				arena, (struct bytes){pair, strlen(pair)}));
	} else {
		return;
	}
	add_header(exchange, arena, "Authorization", value);
}

static void
add_impersonation(struct k8s_exchange *exchange, struct arena *arena)
{
	const struct k8s_user *user = &exchange->config->user;

	if (user->as == NULL)
		return;
	add_header(exchange, arena, "Impersonate-User", user->as);
	if (user->as_uid != NULL)
		add_header(exchange, arena, "Impersonate-Uid", user->as_uid);
	for (char *const *group = user->as_groups; *group != NULL; group++)
		add_header(exchange, arena, "Impersonate-Group", *group);
}

/* libcurl wants memory that is not const, and copies it. */
static struct curl_blob
blob(struct arena *arena, struct bytes from)
{
	return (struct curl_blob){
		.data = arena_copy(arena, from.data, from.len),
		.len = from.len,
		.flags = CURL_BLOB_COPY,
	};
}

/* Whom we trust: libcurl's own defaults must not be trusted beside the CA. */
static bool
set_trust(CURL *easy, const struct k8s_cluster *cluster, struct arena *arena)
{
	struct curl_blob ca = blob(arena, cluster->ca);
	const long verify = cluster->is_insecure ? 0L : 1L;
	bool ok = true;

	SET(ok, easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(ok, easy, CURLOPT_SSL_VERIFYPEER, verify);
	SET(ok, easy, CURLOPT_SSL_VERIFYHOST, 2L * verify);
	if (cluster->ca.len == 0)
		return ok;
	SET(ok, easy, CURLOPT_CAINFO, NULL);
	SET(ok, easy, CURLOPT_CAPATH, NULL);
	SET(ok, easy, CURLOPT_CAINFO_BLOB, &ca);
	return ok;
}

static bool
set_identity(CURL *easy, const struct k8s_credential *credential,
	struct arena *arena)
{
	struct curl_blob cert = blob(arena, credential->cert);
	struct curl_blob key = blob(arena, credential->key);
	bool ok = true;

	if (credential->cert.len == 0)
		return true;
	SET(ok, easy, CURLOPT_SSLCERTTYPE, "PEM");
	SET(ok, easy, CURLOPT_SSLCERT_BLOB, &cert);
	SET(ok, easy, CURLOPT_SSLKEYTYPE, "PEM");
	SET(ok, easy, CURLOPT_SSLKEY_BLOB, &key);
	return ok;
}

/* Where to; a server in disguise is told by k8s_host_rename. */
static bool
set_address(CURL *easy, struct k8s_exchange *exchange, struct arena *arena)
{
	const struct k8s_cluster *cluster = &exchange->config->cluster;
	const struct k8s_request *request = exchange->request;
	struct k8s_host host = {.server = cluster->server};
	bool ok = true;

	if (cluster->tls_name != NULL) {
		if (k8s_host_rename(arena, cluster->server, cluster->tls_name,
			    &host) != 0)
			return false;
		add_header(exchange, arena, "Host", host.header);
		append(&exchange->connect_to, host.connect_to);
		SET(ok, easy, CURLOPT_CONNECT_TO, exchange->connect_to);
	}
	SET(ok, easy, CURLOPT_URL,
		arena_format(arena, "%s%s%s%s", host.server, request->path,
			request->query == NULL ? "" : "?",
			request->query == NULL ? "" : request->query));
	return ok;
}

static bool
set_transport(CURL *easy, struct k8s_exchange *exchange)
{
	const struct k8s_cluster *cluster = &exchange->config->cluster;
	const unsigned timeout_ms = exchange->request->timeout_ms;
	bool ok = true;

	SET(ok, easy, CURLOPT_ERRORBUFFER, exchange->problem);
	SET(ok, easy, CURLOPT_NOSIGNAL, 1L);
	SET(ok, easy, CURLOPT_PROTOCOLS_STR, "https,http");
	SET(ok, easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(ok, easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(ok, easy, CURLOPT_PATH_AS_IS, 1L);
	SET(ok, easy, CURLOPT_CONNECTTIMEOUT_MS, K8S_CONNECT_TIMEOUT_MS);
	SET(ok, easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	SET(ok, easy, CURLOPT_TCP_KEEPALIVE, 1L);
	SET(ok, easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	SET(ok, easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_EVERY_S);
	SET(ok, easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	/* "": not the environment's either. */
	SET(ok, easy, CURLOPT_PROXY,
		cluster->proxy == NULL ? "" : cluster->proxy);
	SET(ok, easy, CURLOPT_NOPROXY, "");
	return ok;
}

/* libcurl's own words for a method also say whether there is a body. */
static bool
set_method(CURL *easy, struct k8s_exchange *exchange, struct arena *arena)
{
	const struct k8s_request *request = exchange->request;
	const struct bytes body = request->body;
	bool ok = true;

	add_header(exchange, arena, "Accept", exchange->accept);
	SET(ok, easy, CURLOPT_HTTPGET, 1L);
	if (request->verb != K8S_GET &&
		(body.len > 0 || request->verb != K8S_DELETE)) {
		add_header(exchange, arena, "Content-Type",
			body_types[request->verb]);
		/* No round trip of its own for the leave to send a body. */
		append(&exchange->headers, "Expect:");
		SET(ok, easy, CURLOPT_POST, 1L);
		SET(ok, easy, CURLOPT_POSTFIELDSIZE_LARGE,
			(curl_off_t)body.len);
		SET(ok, easy, CURLOPT_POSTFIELDS,
			body.len == 0 ? "" : body.data);
	}
	if (request->verb != K8S_GET)
		SET(ok, easy, CURLOPT_CUSTOMREQUEST,
			k8s_verb_method(request->verb));
	return ok;
}

int
k8s_curl_begin(CURL *easy, struct k8s_exchange *exchange, struct arena *arena,
	struct err *e)
{
	const struct k8s_cluster *cluster = &exchange->config->cluster;
	struct k8s_credential credential;
	bool ok;

	if (k8s_login_get(exchange->config, arena, &credential, e) != 0)
		return -1;
	curl_easy_reset(easy); /* keeps the connection */
	add_authorization(exchange, arena, &credential);
	add_impersonation(exchange, arena);
	ok = set_transport(easy, exchange) && set_trust(easy, cluster, arena) &&
	     set_identity(easy, &credential, arena) &&
	     set_address(easy, exchange, arena) &&
	     set_method(easy, exchange, arena);
	SET(ok, easy, CURLOPT_HTTPHEADER, exchange->headers);
	SET(ok, easy, CURLOPT_USERAGENT, user_agent);
	if (!ok)
		return err_set(e, ERR_UNAVAILABLE, "",
			"libcurl cannot do what the kubeconfig of %s wants",
			cluster->server);
	return 0;
}

void
k8s_curl_end(struct k8s_exchange *exchange)
{
	for (struct curl_slist *at = exchange->headers; at != NULL;
		at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(exchange->headers);
	curl_slist_free_all(exchange->connect_to);
	exchange->headers = NULL;
	exchange->connect_to = NULL;
}

int
k8s_curl_failed(
	const struct k8s_exchange *exchange, CURLcode code, struct err *e)
{
	const char *problem = exchange->problem[0] == '\0'
				      ? curl_easy_strerror(code)
				      : exchange->problem;

	return err_set(e, ERR_UNAVAILABLE, "", "%s: %s (%s %s)",
		exchange->config->cluster.server, problem,
		k8s_verb_method(exchange->request->verb),
		exchange->request->path);
}

struct k8s_reply
k8s_curl_reply(CURL *easy, struct bytes content)
{
	struct k8s_reply reply = {.content = content};
	curl_off_t retry_after = 0;
	long status = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
	(void)curl_easy_getinfo(
		easy, CURLINFO_CONTENT_TYPE, &reply.content_type);
	reply.status = (int)status;
	reply.retry_after_s = (long)retry_after;
	return reply;
}
