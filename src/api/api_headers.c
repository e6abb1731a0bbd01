/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_headers.h"

#include "base/base_time.h"

#include <string.h>
#include <strings.h>

#define REQUEST_ID_MAX 128U
#define BLANKS " \t"

static bool
is_request_id(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= REQUEST_ID_MAX &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz0123456789._-") == len;
}

char *
api_uuid(struct api_task *task)
{
	char *out = arena_alloc(task->request.arena, UUID_TEXT_SIZE);
	unsigned char random[10];

	auth_pool_take(task->context->pool, random, sizeof(random));
	uuid_v7(task->request.now_ms, random, out);
	return out;
}

void
api_request_id_choose(struct api_task *task)
{
	const char *id = task->request.request_id;

	if (id == NULL || !is_request_id(id))
		id = api_uuid(task);
	memcpy(task->request_id, id, strlen(id) + 1);
}

enum api_credential
api_credential_read(
	const char *authorization, unsigned char digest[AUTH_DIGEST_BYTES])
{
	static const char scheme[] = "bearer";
	const char *token;

	if (authorization == NULL)
		return API_CREDENTIAL_NONE;
	authorization += strspn(authorization, BLANKS);
	token = authorization + strcspn(authorization, BLANKS);
	if ((size_t)(token - authorization) != strlen(scheme) ||
		strncasecmp(authorization, scheme, strlen(scheme)) != 0)
		return API_CREDENTIAL_NONE;
	token += strspn(token, BLANKS);
	if (*token == '\0')
		return API_CREDENTIAL_NONE;
	return auth_token_digest(token, digest) == 0 ? API_CREDENTIAL_TOKEN
						     : API_CREDENTIAL_BAD;
}

enum api_media
api_media_read(const char *content_type)
{
	static const struct media {
		const char *name;
		enum api_media media;
	} table[] = {
		{"application/x-www-form-urlencoded", API_MEDIA_FORM},
		{"application/json", API_MEDIA_JSON},
	};
	size_t len;

	if (content_type == NULL)
		return API_MEDIA_OTHER;
	content_type += strspn(content_type, BLANKS);
	len = strcspn(content_type, BLANKS ";");
	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (len == strlen(table[i].name) &&
			strncasecmp(content_type, table[i].name, len) == 0)
			return table[i].media;
	}
	return API_MEDIA_OTHER;
}

/* The digits at the start of ${text}, which end at ',', ';' or a blank. */
static unsigned
seconds_of(const char *text)
{
	size_t len = strspn(text, "0123456789");
	unsigned seconds = 0;

	if (text[len] != '\0' && strchr(",;" BLANKS, text[len]) == NULL)
		return 0;
	for (size_t i = 0; i < len && seconds <= API_WAIT_MAX_S; i++)
		seconds = seconds * 10 + (unsigned)(text[i] - '0');
	return seconds < API_WAIT_MAX_S ? seconds : API_WAIT_MAX_S;
}

unsigned
api_prefer_wait(const char *prefer)
{
	static const char name[] = "wait=";

	while (prefer != NULL) {
		prefer += strspn(prefer, BLANKS);
		if (strncasecmp(prefer, name, strlen(name)) == 0)
			return seconds_of(prefer + strlen(name));
		prefer = strchr(prefer, ',');
		if (prefer != NULL)
			prefer++;
	}
	return 0;
}
