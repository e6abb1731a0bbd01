/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/tls_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define READABLE_BY_OTHERS (S_IRWXG | S_IRWXO)

/* Anything but a regular file might block whoever opens it. */
static int
check_file(const char *setting, const char *file, mode_t refused, struct err *e)
{
	struct stat st;

	if (stat(file, &st) == -1 || access(file, R_OK) == -1)
		return err_set(e, ERR_UNAVAILABLE, setting,
			"cannot read %s (%s): set %s to a file that this "
			"account can read",
			file, strerror(errno), setting);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_UNAVAILABLE, setting,
			"%s is not a file: set %s to a PEM file", file,
			setting);
	if ((st.st_mode & refused) != 0)
		return err_set(e, ERR_UNAVAILABLE, setting,
			"%s can be read by others: chmod 0400 %s", file, file);
	return 0;
}

/* The whole of ${size} bytes, unless the other side ends before. */
static bool
read_all(int fd, void *out, size_t size)
{
	char *at = out;
	ssize_t n;

	while (size > 0) {
		n = read(fd, at, size);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static _Noreturn void
check_and_tell(const struct tls_files *files, int64_t now_s, int fd)
{
	struct err e = {.code = ERR_NONE};

	(void)tls_check_pair(files, now_s, &e);
	_exit(write(fd, &e, sizeof(e)) == (ssize_t)sizeof(e) ? 0 : 1);
}

static int
check_apart(const struct tls_files *files, int64_t now_s, struct err *e)
{
	int fds[2];
	bool is_told;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return err_set(
			e, ERR_UNAVAILABLE, "", "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		check_and_tell(files, now_s, fds[1]);
	close(fds[1]);
	is_told = pid != -1 && read_all(fds[0], e, sizeof(*e));
	close(fds[0]);
	while (pid != -1 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	if (!is_told)
		return err_set(e, ERR_UNAVAILABLE, "tls_key",
			"%s could not be looked at", files->key);
	return e->code == ERR_NONE ? 0 : -1;
}

int
tls_check(
	const char *certificate, const char *key, int64_t now_s, struct err *e)
{
	const struct tls_files files = {certificate, key};

	if (check_file("tls_certificate", certificate, 0, e) != 0 ||
		check_file("tls_key", key, READABLE_BY_OTHERS, e) != 0)
		return -1;
	return check_apart(&files, now_s, e);
}
