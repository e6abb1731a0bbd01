/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of what says where an S3 service is: why a text is wrong, NULL if it
 * is right. */
#ifndef KIND_S3_H
#define KIND_S3_H

#include <stdbool.h>

/** The name of a bucket alone. */
const char *kind_check_bucket(const char *text);

/** A region. */
const char *kind_check_region(const char *text);

/** URL of an S3 service, http:// or https:// and a host. Not for tables, which
 * show the text: it may hold a credential. */
const char *kind_check_endpoint(const char *text);

#endif
