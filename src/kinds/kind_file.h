/* SPDX-License-Identifier: Apache-2.0 */
/* What configuration files say, as far as roaster must know. */
#ifndef KIND_FILE_H
#define KIND_FILE_H

#include "base/base_bytes.h"

#include <stdbool.h>

struct kind_property {
	struct bytes value; /* without blanks around it; in the text */
	unsigned line;      /* in the text, from 1 */
};

/**
 * Find ${key} in ${text}, a file of Java properties (one "key=value" a line;
 * escapes and continued lines are not followed). The last one counts, as in
 * Java. Return whether it is there.
 */
bool kind_property_find(
	const char *text, const char *key, struct kind_property *out);

/**
 * Whether ${text}, a file of any syntax, holds what looks like a credential: a
 * value whose key speaks of a password, secret, token or private key, or a URL
 * with a password. Commented lines count; values that are nothing but
 * ${ENV:NAME} do not. It rather takes a harmless file for one than the other
 * way round.
 */
bool kind_file_is_secret(const char *text);

/** Whether ${name}, of a key, variable or file, speaks of a credential. */
bool kind_name_is_secret(const char *name);

#endif
