/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"
#include "k8s/k8s_curl.h"
#include "k8s/k8s_login.h"
#include "k8s/k8s_path.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 10000U
#define HTTP_UNAUTHORIZED 401

static const char any_json[] = "application/json, */*;q=0.1";
static const char metadata_list[] =
	"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
	"application/json";
static const char metadata_object[] =
	"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
	"application/json";

struct k8s_client {
	const struct k8s_config *config;
	CURL *easy;
	unsigned sockets; /* opened so far */
	unsigned kept;    /* that many when it was told to stay; 0: it roams */
	bool is_astray;   /* the request at hand would have left by another */
};

/* One answer while it comes in. */
struct intake {
	struct buf content;
	bool is_too_long;
};

struct k8s_client *
k8s_client_new(const struct k8s_config *config)
{
	struct k8s_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		abort();
	client->config = config;
	client->easy = k8s_curl_new();
	return client;
}

void
k8s_client_free(struct k8s_client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->easy);
	free(client);
}

void
k8s_client_stay(struct k8s_client *client, bool is_staying)
{
	client->kept = is_staying ? client->sockets : 0;
}

static int
on_socket(void *cookie, curl_socket_t fd, curlsocktype purpose)
{
	struct k8s_client *client = cookie;

	(void)fd;
	(void)purpose;
	client->sockets++;
	return CURL_SOCKOPT_OK;
}

/* The connection stands, nothing was sent yet. */
static int
before_request(
	void *cookie, char *server, char *self, int server_port, int self_port)
{
	struct k8s_client *client = cookie;

	(void)server;
	(void)self;
	(void)server_port;
	(void)self_port;
	client->is_astray =
		client->kept != 0 && client->kept != client->sockets;
	return client->is_astray ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static size_t
take(char *data, size_t size, size_t count, void *cookie)
{
	struct intake *intake = cookie;
	const size_t len = size * count;

	if (len > K8S_ANSWER_MAX - intake->content.len) {
		intake->is_too_long = true;
		return 0; /* ends the exchange */
	}
	buf_put(&intake->content, data, len);
	return len;
}

static const char *
accept_of(const struct k8s_request *request)
{
	if (!request->is_metadata_only)
		return any_json;
	return request->verb == K8S_GET && k8s_path_is_list(request->path)
		       ? metadata_list
		       : metadata_object;
}

/* Server-side apply needs a manager, and is always forced. */
static const char *
query_of(struct arena *arena, const struct k8s_request *request)
{
	static const char apply[] = "fieldManager=roaster&force=true";

	if (request->verb != K8S_APPLY)
		return request->query;
	if (request->query == NULL)
		return apply;
	return arena_format(arena, "%s&%s", apply, request->query);
}

static int
perform(struct k8s_client *client, const struct k8s_exchange *exchange,
	struct intake *intake, struct err *e)
{
	CURL *easy = client->easy;
	CURLcode code;

	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, intake);
	(void)curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
	(void)curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, client);
	(void)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	(void)curl_easy_setopt(easy, CURLOPT_PREREQDATA, client);
	client->is_astray = false;
	code = curl_easy_perform(easy);
	if (client->is_astray)
		return 1;
	if (intake->is_too_long)
		return err_set(e, ERR_UNAVAILABLE, "",
			"%s %s: the answer is longer than %u bytes",
			k8s_verb_method(exchange->request->verb),
			exchange->request->path, K8S_ANSWER_MAX);
	return code == CURLE_OK ? 0 : k8s_curl_failed(exchange, code, e);
}

int
k8s_send(struct k8s_client *client, struct arena *arena,
	const struct k8s_request *request, struct k8s_answer *out,
	struct err *e)
{
	struct arena *scratch = arena_new();
	struct k8s_request asked = *request;
	struct k8s_exchange exchange = {
		.config = client->config,
		.request = &asked,
		.accept = accept_of(request),
	};
	struct intake intake = {.is_too_long = false};
	struct k8s_reply reply;
	int rc = -1;

	buf_init(&intake.content, scratch);
	asked.query = query_of(scratch, request);
	if (asked.timeout_ms == 0)
		asked.timeout_ms = TIMEOUT_MS;
	if (k8s_curl_begin(client->easy, &exchange, scratch, e) == 0)
		rc = perform(client, &exchange, &intake, e);
	if (rc == 0) {
		reply = k8s_curl_reply(
			client->easy, buf_bytes(&intake.content));
		rc = k8s_answer_read(arena, &reply, out, e);
		if (reply.status == HTTP_UNAUTHORIZED)
			k8s_login_forget(client->config);
	}
	curl_easy_reset(client->easy);
	k8s_curl_end(&exchange);
	arena_free(scratch);
	return rc;
}
