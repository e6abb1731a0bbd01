/* SPDX-License-Identifier: Apache-2.0 */
/* What Kore calls by name, besides its hooks (kore/hooks.h). */
#ifndef HANDLERS_APP_H
#define HANDLERS_APP_H

struct http_request;

/* Handler and on_free of the one route. */
int handlers_dispatch(struct http_request *http);
int handlers_request_free(struct http_request *http);

#endif
