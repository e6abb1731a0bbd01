/* SPDX-License-Identifier: Apache-2.0 */
/* What a request's headers say. */
#ifndef API_HEADERS_H
#define API_HEADERS_H

#include "api/api_task.h"

/** Fill task->request_id: that of the client if it is well-formed, else a new
 * UUIDv7. */
void api_request_id_choose(struct api_task *task);

/** A UUIDv7 of the request's time, in its arena. */
char *api_uuid(struct api_task *task);

enum api_credential {
	API_CREDENTIAL_NONE,  /* no bearer token was sent */
	API_CREDENTIAL_BAD,   /* one that was never ours */
	API_CREDENTIAL_TOKEN, /* ${digest} is filled */
};

/** Read an Authorization header; the word Bearer in any case. NULL is none. */
enum api_credential api_credential_read(
	const char *authorization, unsigned char digest[AUTH_DIGEST_BYTES]);

enum api_media { API_MEDIA_FORM, API_MEDIA_JSON, API_MEDIA_OTHER };

/** The media type, without parameters and case; NULL is OTHER. */
enum api_media api_media_read(const char *content_type);

#define API_WAIT_MAX_S 300U

/** Seconds of "Prefer: wait=60"; more than the maximum is the maximum. 0 if
 * there is none or it is not a number (RFC 7240, section 2: ignore it). */
unsigned api_prefer_wait(const char *prefer);

#endif
