/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the OpenAPI document. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "base/base_json.h"

/** Begin an object that is member ${key}. */
static inline void
openapi_member(struct json *j, const char *key)
{
	json_key(j, key);
	json_object_open(j);
}

/** The member "components": how to log in, problems, the kinds' documents. */
void api_openapi_components(struct json *j);

#endif
