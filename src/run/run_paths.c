/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_paths.h"

#include "auth/auth.h"
#include "base/base_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ID_SIZE 17U
/* "/.s.PGSQL.5432" behind the folder, and NUL. */
#define SOCKET_NAME_BYTES 15U

static int
failed(const char *what, const char *path, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "", "cannot %s %s: %s", what, path,
		strerror(errno));
}

/* The mode is what we say, whatever the caller's umask. */
static int
make_folder(const char *path, mode_t mode, struct err *e)
{
	if (mkdir(path, mode) == -1)
		return errno == EEXIST ? 0 : failed("make the folder", path, e);
	return chmod(path, mode) == -1 ? failed("chmod", path, e) : 0;
}

int
run_folder(struct arena *arena, const char *path, unsigned mode, struct err *e)
{
	char *part = arena_text(arena, path);

	for (char *slash = strchr(part + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_folder(part, 0755, e) == -1)
			return -1;
		*slash = '/';
	}
	return make_folder(path, mode, e);
}

int
run_file(struct arena *arena, const char *path, const char *text, struct err *e)
{
	char *tmp = arena_format(arena, "%s.%d", path, (int)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t len = strlen(text);
	bool is_written;

	if (fd == -1)
		return failed("write", tmp, e);
	is_written = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0;
	if (close(fd) == -1 || !is_written || rename(tmp, path) == -1) {
		failed("write", path, e);
		(void)unlink(tmp);
		return -1;
	}
	return 0;
}

static const char *
default_state(struct arena *arena)
{
	const char *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (geteuid() == 0)
		return "/var/lib/roaster";
	if (xdg != NULL && xdg[0] == '/')
		return arena_format(arena, "%s/roaster", xdg);
	if (home != NULL && home[0] == '/')
		return arena_format(arena, "%s/.local/state/roaster", home);
	return NULL;
}

static const char *
absolute(struct arena *arena, const char *path)
{
	char *folder;
	char *out;

	if (path[0] == '/')
		return path;
	folder = getcwd(NULL, 0);
	if (folder == NULL)
		return path;
	out = arena_format(arena, "%s/%s", folder, path);
	free(folder);
	return out;
}

static int
make_state(struct arena *arena, const struct config *config,
	struct run_paths *out, struct err *e)
{
	out->state = config->state_dir[0] != '\0' ? config->state_dir
						  : default_state(arena);
	if (out->state == NULL)
		return err_set(e, ERR_UNAVAILABLE, "state_dir",
			"no folder to keep state in; set state_dir or HOME");
	out->state = absolute(arena, out->state);
	out->keys = arena_format(arena, "%s/keys", out->state);
	/* Root's PostgreSQL runs as another account and passes through. */
	if (run_folder(arena, out->state, geteuid() == 0 ? 0711 : 0700, e) ==
		-1)
		return -1;
	return run_folder(arena, out->keys, 0700, e);
}

static int
read_id(const char *path, char id[ID_SIZE])
{
	FILE *f = fopen(path, "re");
	int n;

	if (f == NULL)
		return -1;
	n = fscanf(f, "%16[0-9a-f]", id);
	fclose(f);
	return n == 1 && strlen(id) == ID_SIZE - 1 ? 0 : -1;
}

static int
make_id(struct arena *arena, struct run_paths *out, struct err *e)
{
	char *path = arena_format(arena, "%s/id", out->state);
	unsigned char random[8];
	char id[ID_SIZE];

	if (read_id(path, id) == 0) {
		out->id = arena_text(arena, id);
		return 0;
	}
	auth_random(random, sizeof(random));
	out->id = text_hex(
		arena, (struct bytes){(const char *)random, sizeof(random)});
	return run_file(arena, path, out->id, e);
}

/* A socket's path has at most 107 bytes: a deep state folder gets a short
 * folder elsewhere, that only we can enter. */
static const char *
socket_folder(struct arena *arena, const struct run_paths *paths)
{
	const char *near = arena_format(arena, "%s/pg", paths->state);
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (strlen(near) + SOCKET_NAME_BYTES <=
		sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return near;
	return arena_format(arena, "%s/roaster-%s",
		runtime != NULL && runtime[0] == '/' ? runtime : "/tmp",
		paths->id);
}

static void
make_conninfo(
	struct arena *arena, const struct config *config, struct run_paths *out)
{
	static const char format[] = "host='%s' dbname=roaster user=%s";

	out->is_embedded = config->database_url[0] == '\0';
	if (!out->is_embedded) {
		out->owner = out->api = out->apply = config->database_url;
		return;
	}
	out->socket = socket_folder(arena, out);
	out->owner = arena_format(arena, format, out->socket, "roaster");
	out->api = arena_format(arena, format, out->socket, "roaster_api");
	out->apply = arena_format(arena, format, out->socket, "roaster_apply");
}

int
run_paths_open(struct arena *arena, const struct config *config,
	struct run_paths *out, struct err *e)
{
	*out = (struct run_paths){0};
	if (make_state(arena, config, out, e) == -1 ||
		make_id(arena, out, e) == -1)
		return -1;
	make_conninfo(arena, config, out);
	return 0;
}
