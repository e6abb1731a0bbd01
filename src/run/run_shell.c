/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_shell.h"

#include "auth/auth.h"
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONFIG_FILE "/etc/roaster/roaster.conf"
#define CONFIG_BYTES_MAX 65536U

extern char **environ;

const char *
run_version(void)
{
	return
#include "version.inc"
		;
}

static int64_t
unix_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
write_line(void *cookie, const char *line, unsigned len)
{
	(void)cookie;
	/* A log that cannot be written is no reason to stop serving. */
	if (write(STDERR_FILENO, line, len) == -1)
		return;
}

static int
read_file(
	struct arena *arena, const char *path, const char **out, struct err *e)
{
	char *text = arena_alloc(arena, CONFIG_BYTES_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot open %s: %s",
			path, strerror(errno));
	n = read(fd, text, CONFIG_BYTES_MAX);
	close(fd);
	if (n == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot read %s: %s",
			path, strerror(errno));
	*out = text;
	return 0;
}

/* A copy: Kore writes the names of its processes over the arguments. */
static const char *
choose_file(struct arena *arena, const char *wanted)
{
	const char *named = getenv("ROASTER_CONFIG");

	if (wanted != NULL)
		return arena_text(arena, wanted);
	if (named != NULL && named[0] != '\0')
		return arena_text(arena, named);
	return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
}

int
run_config_read(struct arena *arena, const char *config_file,
	struct config *out, struct err *e)
{
	const char *text = NULL;

	if (config_file != NULL &&
		read_file(arena, config_file, &text, e) == -1)
		return -1;
	return config_load(arena, config_file, text, environ, out, e);
}

int
run_shell_open(struct run_shell *shell, const char *process,
	const char *config_file, struct err *e)
{
	*shell = (struct run_shell){.arena = arena_new(),
		.log = {.process = process,
			.threshold = LOG_LEVEL_INFO,
			.now_ms = unix_ms,
			.write = write_line}};
	auth_init();
	shell->config_file = choose_file(shell->arena, config_file);
	if (run_config_read(
		    shell->arena, shell->config_file, &shell->config, e) == -1)
		return -1;
	shell->log.threshold = shell->config.log_level;
	return run_paths_open(shell->arena, &shell->config, &shell->paths, e);
}

const char *
run_find(struct arena *arena, const char *name)
{
	const char *path = getenv("PATH");

	for (const char *p = path; p != NULL && *p != '\0';) {
		size_t len = strcspn(p, ":");
		const char *file =
			arena_format(arena, "%.*s/%s", (int)len, p, name);

		if (p[0] == '/' && access(file, X_OK) == 0)
			return file;
		p += len;
		p += *p == ':';
	}
	return NULL;
}
