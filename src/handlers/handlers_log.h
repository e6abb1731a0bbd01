/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines of the API processes, Kore's among them, to standard error. */
#ifndef HANDLERS_LOG_H
#define HANDLERS_LOG_H

#include "base/base_log.h"

/** Make ${log} write lines of level ${threshold} and above, each with one
 * write(2), so that processes do not mix theirs. */
void handlers_log_init(struct log *log, enum log_level threshold);

/** Write a line of Kore: syslog(3) priority ${priority}, of its process
 * ${who} ("parent", "[wrk 1]"). */
void handlers_log_kore(
	const struct log *log, int priority, const char *who, const char *text);

#endif
