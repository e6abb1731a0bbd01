/* SPDX-License-Identifier: Apache-2.0 */
/* What programs and servers say, made fit for a log and for people. */
#ifndef BASE_LINE_H
#define BASE_LINE_H

#include "base/base_bytes.h"

/**
 * One clean line of ${in} into ${out}, as much as fits into ${size} bytes with
 * NUL (at least 1): runs of blanks and control characters become one blank,
 * each of the ${masks} "***" (the longest first). Cut between characters.
 */
void text_line(struct bytes in, const struct bytes *masks, size_t n_masks,
	char *out, size_t size);

#endif
