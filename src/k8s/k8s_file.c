/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_file.h"

#include "base/base_buf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 4096U

/* Up to K8S_FILE_MAX + 1 bytes, so that the caller sees what is too long. */
static ssize_t
read_all(int fd, struct buf *out)
{
	char chunk[CHUNK];
	ssize_t n = 1;

	while (n > 0 && out->len <= K8S_FILE_MAX) {
		do {
			n = read(fd, chunk, sizeof(chunk));
		} while (n < 0 && errno == EINTR);
		if (n > 0)
			buf_put(out, chunk, (size_t)n);
	}
	explicit_bzero(chunk, sizeof(chunk));
	return n;
}

static int
unreadable(const char *path, const char *key, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, key, "cannot read %s: %s", path,
		strerrordesc_np(errno));
}

int
k8s_file_read(struct arena *arena, const char *path, const char *key,
	struct bytes *out, struct err *e)
{
	struct buf content;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return unreadable(path, key, e);
	buf_init(&content, arena);
	if (read_all(fd, &content) < 0)
		rc = unreadable(path, key, e);
	else if (content.len > K8S_FILE_MAX)
		rc = err_set(e, ERR_INVALID, key, "%s is longer than %u bytes",
			path, K8S_FILE_MAX);
	*out = (struct bytes){buf_string(&content), content.len};
	close(fd);
	return rc;
}

const char *
k8s_file_beside(struct arena *arena, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] == '/' || slash == NULL)
		return path;
	return arena_format(arena, "%.*s/%s", (int)(slash - file), file, path);
}
