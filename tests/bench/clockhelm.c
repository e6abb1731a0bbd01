/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of helm: writes down when it was started, a line
 * "NANOSECONDS VERB" (monotonic clock) at the end of the file "clock" in its
 * own folder, and becomes the program "real" there. Without that it ends.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 64

static int
beside_myself(const char *name, char out[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	if (len <= 0)
		return -1;
	out[len] = '\0';
	slash = strrchr(out, '/');
	if (slash == NULL || slash + 1 + strlen(name) >= out + PATH_MAX)
		return -1;
	memcpy(slash + 1, name, strlen(name) + 1);
	return 0;
}

static int
write_clock(const char *verb)
{
	struct timespec now;
	char path[PATH_MAX];
	char line[LINE_MAX_BYTES];
	int len, fd, rc;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (beside_myself("clock", path) != 0)
		return -1;
	len = snprintf(line, sizeof(line), "%lld %.20s\n",
		(long long)now.tv_sec * 1000000000LL + now.tv_nsec, verb);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	rc = write(fd, line, (size_t)len) == len ? 0 : -1;
	close(fd);
	return rc;
}

int
main(int argc, char **argv)
{
	char path[PATH_MAX];

	if (write_clock(argc > 1 ? argv[1] : "-") != 0)
		return 1;
	if (beside_myself("real", path) != 0 || access(path, X_OK) != 0)
		return 0;
	(void)execv(path, argv);
	return 1;
}
