/* SPDX-License-Identifier: Apache-2.0 */
/* What a program that is not ours writes becomes our log lines. Private. */
#ifndef RUN_LINES_H
#define RUN_LINES_H

#include "base/base_log.h"

#include <stddef.h>

#define RUN_LINE_MAX 1024U

struct run_lines {
	int read_fd;  /* not blocking; -1: not open */
	int write_fd; /* the program's standard error */
	size_t len;
	char text[RUN_LINE_MAX];
};

/** Open the pipe; both ends close-on-exec. -1 with UNAVAILABLE. */
int run_lines_open(struct run_lines *lines, struct err *e);

/** Log the whole lines that are there as events "said" of ${who}; a longer one
 * than RUN_LINE_MAX is split. */
void run_lines_read(
	struct run_lines *lines, const struct log *log, const char *who);

void run_lines_close(struct run_lines *lines);

#endif
