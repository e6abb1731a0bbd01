/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_log.h"

#include "handlers/handlers_clock.h"

#include <errno.h>
#include <stddef.h>
#include <syslog.h>
#include <unistd.h>

static void
write_stderr(void *cookie, const char *line, unsigned len)
{
	ssize_t n;

	(void)cookie;
	while (len > 0) {
		n = write(STDERR_FILENO, line, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* nobody reads the log: nothing to tell */
		line += n;
		len -= (unsigned)n;
	}
}

void
handlers_log_init(struct log *log, enum log_level threshold)
{
	*log = (struct log){
		.process = "api",
		.threshold = threshold,
		.now_ms = handlers_clock_unix_ms,
		.write = write_stderr,
	};
}

/* What is a notice to Kore (a worker died) is news to an operator too. */
static enum log_level
level_of(int priority)
{
	if (priority <= LOG_ERR)
		return LOG_LEVEL_ERROR;
	if (priority == LOG_WARNING)
		return LOG_LEVEL_WARN;
	if (priority == LOG_NOTICE)
		return LOG_LEVEL_INFO;
	return LOG_LEVEL_DEBUG;
}

void
handlers_log_kore(
	const struct log *log, int priority, const char *who, const char *text)
{
	LOG_EVENT(log, level_of(priority), "kore_said", LOG_TEXT("who", who),
		LOG_TEXT("text", text));
}
