/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"
#include "fail/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAFT_NAME_SIZE 64U

static int
failed(const struct auth_key_folder *folder, const struct auth_key_file *file,
	const char *verb, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "", "cannot %s %s/%s: %s", verb,
		folder->path, file->name, strerror(errno));
}

int
auth_key_folder_open(
	const char *path, struct auth_key_folder *out, struct err *e)
{
	out->path = path;
	out->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd != -1)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "", "cannot open key folder %s: %s",
		path, strerror(errno));
}

int
auth_key_folder_lock(const struct auth_key_folder *folder, struct err *e)
{
	int rc;

	do {
		rc = flock(folder->fd, LOCK_EX);
	} while (rc == -1 && errno == EINTR);
	if (rc == 0)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "", "cannot lock key folder %s: %s",
		folder->path, strerror(errno));
}

bool
auth_key_file_exists(
	const struct auth_key_folder *folder, const struct auth_key_file *file)
{
	return faccessat(folder->fd, file->name, F_OK, 0) == 0;
}

static int
write_draft(const struct auth_key_folder *folder, const char *name, mode_t mode,
	const unsigned char key[AUTH_KEY_BYTES])
{
	int rc = -1, fd = openat(folder->fd, name,
			     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd == -1)
		return -1;
	errno = ENOSPC; /* what a short write means */
	if (write(fd, key, AUTH_KEY_BYTES) == (ssize_t)AUTH_KEY_BYTES &&
		fsync(fd) == 0)
		rc = 0;
	if (close(fd) != 0)
		rc = -1;
	return rc;
}

static int
publish(const struct auth_key_folder *folder, const char *draft,
	const char *name)
{
	FAILPOINT(auth_key_drafted);
	if (renameat(folder->fd, draft, folder->fd, name) != 0)
		return -1;
	return fsync(folder->fd);
}

int
auth_key_file_create(const struct auth_key_folder *folder,
	const struct auth_key_file *file,
	const unsigned char key[AUTH_KEY_BYTES], struct err *e)
{
	char draft[DRAFT_NAME_SIZE];
	int rc = 0;

	(void)snprintf(draft, sizeof(draft), ".%s.new", file->name);
	(void)unlinkat(folder->fd, draft, 0); /* what a crash left */
	if (write_draft(folder, draft, file->mode, key) != 0 ||
		publish(folder, draft, file->name) != 0) {
		rc = failed(folder, file, "make", e);
		(void)unlinkat(folder->fd, draft, 0);
	}
	return rc;
}

static int
check_file(const struct auth_key_folder *folder,
	const struct auth_key_file *file, const struct stat *st, struct err *e)
{
	if (!S_ISREG(st->st_mode) || st->st_size != (off_t)AUTH_KEY_BYTES)
		return err_set(e, ERR_UNAVAILABLE, "",
			"%s/%s is not a key: it must be a file of %u bytes, "
			"restore it from a backup",
			folder->path, file->name, AUTH_KEY_BYTES);
	if (file->is_secret && (st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"others can read %s/%s (mode %04o): chmod 0400 it, and "
			"if they may have, replace the key",
			folder->path, file->name,
			(unsigned)(st->st_mode & 07777));
	return 0;
}

int
auth_key_file_read(const struct auth_key_folder *folder,
	const struct auth_key_file *file, unsigned char key[AUTH_KEY_BYTES],
	struct err *e)
{
	struct stat st;
	ssize_t len;
	int rc = -1;
	/* O_NONBLOCK: a FIFO in its place does not hang us. */
	int fd = openat(folder->fd, file->name,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd == -1 || fstat(fd, &st) != 0) {
		(void)failed(folder, file, "read", e);
		goto out;
	}
	if (check_file(folder, file, &st, e) != 0)
		goto out;
	errno = EIO; /* what a short read means */
	len = read(fd, key, AUTH_KEY_BYTES);
	rc = len == (ssize_t)AUTH_KEY_BYTES ? 0
					    : failed(folder, file, "read", e);
out:
	if (fd != -1)
		(void)close(fd);
	return rc;
}
