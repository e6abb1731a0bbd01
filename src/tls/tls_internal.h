/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the check that sees the key. Private to room tls. */
#ifndef TLS_INTERNAL_H
#define TLS_INTERNAL_H

#include "tls/tls.h"

#define TLS_TIME_SIZE 32U

struct tls_files {
	const char *certificate;
	const char *key;
};

/** What tls_check says about what is in the files; reads the key. */
int tls_check_pair(const struct tls_files *files, int64_t now_s, struct err *e);

#endif
