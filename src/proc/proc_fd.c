/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int
proc_fd_raise(int *fd)
{
	int raised;

	if (*fd > STDERR_FILENO)
		return 0;
	raised = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (raised == -1)
		return -1;
	(void)close(*fd);
	*fd = raised;
	return 0;
}

void
proc_fd_close(int *fd)
{
	if (*fd != -1)
		(void)close(*fd);
	*fd = -1;
}

/* By pwrite, so that a reader that inherits the fd begins at 0. */
static int
write_all(int fd, struct bytes content)
{
	size_t done = 0;
	ssize_t n;

	while (done < content.len) {
		n = pwrite(fd, content.data + done, content.len - done,
			(off_t)done);
		if (n == -1 && errno != EINTR)
			return -1;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int
proc_memfd_open(const char *name, struct bytes content)
{
	const int seals =
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int error, fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd != -1 && proc_fd_raise(&fd) == 0 &&
		write_all(fd, content) == 0 &&
		fcntl(fd, F_ADD_SEALS, seals) == 0)
		return fd;
	error = errno;
	proc_fd_close(&fd);
	errno = error;
	return -1;
}

int
proc_memfd(const char *name, struct bytes content, int *fd, struct err *e)
{
	*fd = proc_memfd_open(name, content);
	if (*fd != -1)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "", "cannot make memfd %s: %s", name,
		strerror(errno));
}
