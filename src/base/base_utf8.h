/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base_bytes.h"

#include <stdint.h>

/**
 * The first character of ${in}: its length in bytes, 1..4, its number in
 * ${code}; 0 if ${in} is empty or does not start with well-formed UTF-8
 * (Unicode 15, table 3-7: no surrogates, no overlong forms, <= U+10FFFF).
 */
size_t utf8_next(struct bytes in, uint32_t *code);

/** The length of the longest run of whole characters in the first ${max} bytes
 * of ${in}: where text may be cut. Bytes that are no UTF-8 count as one. */
size_t utf8_cut(struct bytes in, size_t max);

#endif
