/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
run_lines_open(struct run_lines *lines, struct err *e)
{
	int fds[2];

	*lines = (struct run_lines){.read_fd = -1, .write_fd = -1};
	if (pipe2(fds, O_CLOEXEC) == -1)
		return err_set(
			e, ERR_UNAVAILABLE, "", "pipe: %s", strerror(errno));
	lines->read_fd = fds[0];
	lines->write_fd = fds[1];
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) == -1)
		return err_set(
			e, ERR_UNAVAILABLE, "", "fcntl: %s", strerror(errno));
	return 0;
}

static void
say(const struct log *log, const char *who, const char *text)
{
	if (text[0] != '\0')
		LOG_EVENT(log, LOG_LEVEL_INFO, "said", LOG_TEXT("child", who),
			LOG_TEXT("line", text));
}

/* Log what is before each line end; keep the rest. */
static void
take_lines(struct run_lines *lines, const struct log *log, const char *who)
{
	char *begin = lines->text;
	char *end = lines->text + lines->len;
	char *stop;

	while ((stop = memchr(begin, '\n', (size_t)(end - begin))) != NULL) {
		*stop = '\0';
		say(log, who, begin);
		begin = stop + 1;
	}
	lines->len = (size_t)(end - begin);
	memmove(lines->text, begin, lines->len);
	if (lines->len == RUN_LINE_MAX - 1) {
		lines->text[lines->len] = '\0';
		say(log, who, lines->text);
		lines->len = 0;
	}
}

void
run_lines_read(struct run_lines *lines, const struct log *log, const char *who)
{
	ssize_t n;

	while ((n = read(lines->read_fd, lines->text + lines->len,
			RUN_LINE_MAX - 1 - lines->len)) > 0) {
		lines->len += (size_t)n;
		take_lines(lines, log, who);
	}
}

void
run_lines_close(struct run_lines *lines)
{
	if (lines->read_fd != -1)
		close(lines->read_fd);
	if (lines->write_fd != -1)
		close(lines->write_fd);
	lines->read_fd = lines->write_fd = -1;
}
