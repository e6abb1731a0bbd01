/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_TIME_H
#define K8S_TIME_H

#include <stdint.h>

/** RFC 3339 as Kubernetes and exec plugins write it: a fraction of any length
 * or none, Z or an offset. 0, or -1 if ${text} (may be NULL) is not of it. */
int k8s_time_parse(const char *text, int64_t *unix_ms);

#endif
