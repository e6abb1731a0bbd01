/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_app.h"

#include "helm/helm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
failed(const char *what, const char *path, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "", "cannot %s %s: %s", what, path,
		strerror(errno));
}

static int
make_folder(const char *path, struct err *e)
{
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return failed("make the folder", path, e);
	return 0;
}

static int
write_all(int fd, struct bytes content)
{
	while (content.len > 0) {
		ssize_t n = write(fd, content.data, content.len);

		if (n == -1)
			return -1;
		content.data += n;
		content.len -= (size_t)n;
	}
	return 0;
}

/* Whole or not at all: a crash leaves no half chart under the final name. */
static int
write_file(struct arena *arena, const char *path, struct bytes content,
	struct err *e)
{
	char *tmp = arena_format(arena, "%s.%d", path, (int)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc;

	if (fd == -1)
		return failed("write", tmp, e);
	rc = write_all(fd, content) == 0 && fsync(fd) == 0 ? 0 : -1;
	if (close(fd) == -1 || rc == -1 || rename(tmp, path) == -1) {
		failed("write", path, e);
		(void)unlink(tmp);
		return -1;
	}
	return 0;
}

static int
write_charts(struct arena *arena, const char *folder, struct err *e)
{
	size_t count;
	const struct helm_chart *charts = helm_chart_all(&count);

	for (size_t i = 0; i < count; i++) {
		char *path = arena_format(
			arena, "%s/%s.tgz", folder, charts[i].sha256);

		if (write_file(arena, path, charts[i].archive, e) == -1)
			return -1;
	}
	return 0;
}

int
apply_store_open(struct arena *arena, const char *state_dir,
	struct apply_store *out, struct err *e)
{
	out->charts = arena_format(arena, "%s/charts", state_dir);
	out->home = arena_format(arena, "%s/helm", state_dir);
	out->empty = arena_format(arena, "%s/helm/empty", state_dir);
	out->no_cache = arena_format(arena, "%s/helm/no-cache", state_dir);
	if (make_folder(out->charts, e) == -1 ||
		make_folder(out->home, e) == -1 ||
		make_folder(out->empty, e) == -1)
		return -1;
	if (write_file(arena, out->no_cache, (struct bytes){"", 0}, e) == -1)
		return -1;
	return write_charts(arena, out->charts, e);
}
