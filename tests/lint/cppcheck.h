/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What cppcheck has to know of <sys/queue.h>, which it does not read.
 */
#ifndef CPPCHECK_H
#define CPPCHECK_H

#define TAILQ_FOREACH(item, head, field) for (item = 0; item;)

#endif
