/* SPDX-License-Identifier: Apache-2.0 */
/* What one-off requests and watches ask of libcurl in the same way. */
#ifndef K8S_CURL_H
#define K8S_CURL_H

#include "k8s/k8s_answer.h"

#include <curl/curl.h>

#define K8S_CONNECT_TIMEOUT_MS 5000L

/* One exchange, for the lifetime of which an easy handle borrows all of it. */
struct k8s_exchange {
	const struct k8s_config *config;
	const struct k8s_request *request;
	const char *accept; /* media types */
	struct curl_slist *headers;
	struct curl_slist *connect_to;
	char problem[CURL_ERROR_SIZE];
};

/** A handle; aborts when out of memory. */
CURL *k8s_curl_new(void);

/**
 * Set all of ${easy} but what takes the answer: address, method, body, who we
 * are and whom we trust.  -1: no credential can be had, or libcurl cannot do
 * what the config wants.  End with k8s_curl_end in either case.
 */
int k8s_curl_begin(CURL *easy, struct k8s_exchange *exchange,
	struct arena *arena, struct err *e);

/** Wipe and free the headers. */
void k8s_curl_end(struct k8s_exchange *exchange);

/** UNAVAILABLE, saying that ${exchange} failed with ${code}. Returns -1. */
int k8s_curl_failed(
	const struct k8s_exchange *exchange, CURLcode code, struct err *e);

/** What came of an exchange that is over; ${content} is borrowed. */
struct k8s_reply k8s_curl_reply(CURL *easy, struct bytes content);

#endif
