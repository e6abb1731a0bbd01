/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a certificate and its key will do, before anybody serves with them.
 * The only room that knows OpenSSL. What does serve with them is Kore.
 */
#ifndef TLS_H
#define TLS_H

#include "base/base_err.h"

#include <stdint.h>

/**
 * Look at the PEM files ${certificate} (a chain, the server's own first) and
 * ${key}.  -1 with UNAVAILABLE that names the file and the cure: not there, no
 * regular file, not readable; a key that its group or others can read, that has
 * a password, or is neither RSA nor EC; no certificate, one that is expired or
 * not valid yet at ${now_s} (unix time), too weak, or of another key.
 *
 * The key is read by a child process that ends before this returns: no memory
 * of the caller ever has it.
 */
int tls_check(
	const char *certificate, const char *key, int64_t now_s, struct err *e);

#endif
