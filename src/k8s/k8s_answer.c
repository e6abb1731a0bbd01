/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_answer.h"

#include <string.h>
#include <strings.h>

#define RETRY_AFTER_MAX_S 3600L

/* Objects nest deeper in managedFields than in themselves. */
static const struct doc_limits answer_limits = {
	.bytes_max = K8S_ANSWER_MAX,
	.depth_max = 128,
	.nodes_max = 8U * 1024U * 1024U,
};

/* clang-format off */
static const struct {
	int status;
	enum err_code code;
} codes[] = {
	{401, ERR_UNAVAILABLE}, /* our token, not the user's: it rotates */
	{403, ERR_FORBIDDEN},
	{404, ERR_NOT_FOUND},
	{408, ERR_UNAVAILABLE},
	{409, ERR_CONFLICT},
	{410, ERR_UNAVAILABLE}, /* a list or watch that went on too long */
	{429, ERR_UNAVAILABLE},
};

static const char *const methods[] = {
	[K8S_GET] = "GET",
	[K8S_CREATE] = "POST",
	[K8S_APPLY] = "PATCH",
	[K8S_MERGE] = "PATCH",
	[K8S_DELETE] = "DELETE",
};
/* clang-format on */

const char *
k8s_verb_method(enum k8s_verb verb)
{
	return methods[verb];
}

/* "application/json", also with parameters. */
static bool
is_json(const char *content_type)
{
	static const char json[] = "application/json";
	const size_t len = sizeof(json) - 1;

	return content_type != NULL &&
	       strncasecmp(content_type, json, len) == 0 &&
	       strchr("; \t", content_type[len]) != NULL;
}

static unsigned
retry_after(long seconds)
{
	if (seconds <= 0)
		return 0;
	return (unsigned)(seconds < RETRY_AFTER_MAX_S ? seconds
						      : RETRY_AFTER_MAX_S);
}

int
k8s_answer_read(struct arena *arena, const struct k8s_reply *reply,
	struct k8s_answer *out, struct err *e)
{
	struct err why;

	*out = (struct k8s_answer){
		.status = reply->status,
		.message = "",
		.reason = "",
		.retry_after_s = retry_after(reply->retry_after_s),
	};
	if (!is_json(reply->content_type)) {
		out->text = (struct bytes){
			arena_copy(
				arena, reply->content.data, reply->content.len),
			reply->content.len,
		};
		return 0;
	}
	if (doc_parse_json(arena, reply->content, &answer_limits, &out->body,
		    &why) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"the Kubernetes API answered %d with broken JSON",
			reply->status);
	if (strcmp(doc_text(out->body, "kind", ""), "Status") == 0) {
		out->message = doc_text(out->body, "message", "");
		out->reason = doc_text(out->body, "reason", "");
	}
	return 0;
}

static enum err_code
code_of(int status)
{
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].status == status)
			return codes[i].code;
	}
	if (status >= 400 && status < 500)
		return ERR_INVALID;
	return ERR_UNAVAILABLE;
}

/* Whether the message may quote what was to be written into a Secret. */
static bool
may_quote_secret(const struct k8s_request *request, enum err_code code)
{
	return (code == ERR_INVALID || code == ERR_UNAVAILABLE) &&
	       request->body.len > 0 &&
	       strstr(request->path, "/secrets") != NULL;
}

int
k8s_refused(const struct k8s_request *request, const struct k8s_answer *answer,
	struct err *e)
{
	const char *method = k8s_verb_method(request->verb);
	const enum err_code code = code_of(answer->status);
	const char *said = answer->message;

	if (said[0] == '\0' || may_quote_secret(request, code))
		said = answer->reason;
	if (said[0] != '\0')
		return err_set(
			e, code, "", "%s %s: %s", method, request->path, said);
	return err_set(e, code, "", "%s %s: the Kubernetes API answered %d",
		method, request->path, answer->status);
}
