/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>

/* A borrowed run of bytes; not NUL-terminated, may hold NULs. */
struct bytes {
	const char *data; /* NULL only if len is 0 */
	size_t len;
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
