/* SPDX-License-Identifier: Apache-2.0 */
/* Shared inside the room: checks before libyaml, positions, real numbers. */
#ifndef DOC_INTERNAL_H
#define DOC_INTERNAL_H

#include "doc/doc.h"

/** TOO_LARGE if ${in} has more bytes than ${limits} allows. */
int doc_check_size(
	struct bytes in, const struct doc_limits *limits, struct err *e);

/**
 * What libyaml must not see: UTF-16, NUL, bytes that are no UTF-8, control
 * characters, line breaks other than LF and CR LF, and directives, whose
 * handling takes libyaml quadratic time. ${in} is without a UTF-8 byte order
 * mark. Done first, so libyaml's reader finds nothing to complain about.
 */
int doc_yaml_check_bytes(struct bytes in, struct err *e);

/** The line numbered ${line} (from 1) of ${in}, without its LF; empty if there
 * is none. */
struct bytes doc_line(struct bytes in, unsigned line);

#define DOC_REAL_SIZE 32U

/** The shortest decimal text that reads back as ${value}, which is finite. */
void doc_real_text(double value, char out[DOC_REAL_SIZE]);

#endif
