/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_postgres.h"

#include "fail/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define INIT_DEADLINE_MS 120000U
#define DRAFT_DEPTH 16 /* descriptors while it is removed */
/* Where Debian and Red Hat put the server; the newest is taken. */
#define DEBIAN_BIN "/usr/lib/postgresql/*/bin/initdb"
#define OTHER_BIN "/usr/pgsql-*/bin/initdb"
/* For a state folder that the account cannot reach, such as below /root. */
#define SHARED_FOLDER "/var/lib/roaster"

/* --- finding the programs ----------------------------------------------------
 */

static const char *
newest_match(struct arena *arena, const char *pattern)
{
	const char *out = NULL;
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0)
		out = arena_text(arena, found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return out;
}

static int
find_bin(const struct run_shell *shell, const char **out, struct err *e)
{
	struct arena *arena = shell->arena;
	const char *initdb = NULL;

	if (shell->config.postgres_bin[0] != '\0') {
		*out = shell->config.postgres_bin;
		return 0;
	}
	initdb = newest_match(arena, DEBIAN_BIN);
	if (initdb == NULL)
		initdb = newest_match(arena, OTHER_BIN);
	if (initdb == NULL)
		initdb = run_find(arena, "initdb");
	if (initdb == NULL)
		return err_set(e, ERR_UNAVAILABLE, "postgres_bin",
			"no PostgreSQL server here; install it (Debian: "
			"apt-get "
			"install postgresql), or set postgres_bin to the "
			"folder "
			"of initdb, or database_url to a server of yours");
	*out = arena_copy(
		arena, initdb, (size_t)(strrchr(initdb, '/') - initdb));
	return 0;
}

/* --- account and folders
 * -------------------------------------------------------- */

static int
find_account(const struct run_shell *shell, const struct proc_account **out,
	struct err *e)
{
	struct proc_account *account;
	const struct passwd *pw;

	*out = NULL;
	if (geteuid() != 0)
		return 0;
	pw = getpwnam(shell->config.run_as);
	if (pw == NULL || pw->pw_uid == 0)
		return err_set(e, ERR_UNAVAILABLE, "run_as",
			"run_as: there is no account \"%s\" other than root; "
			"PostgreSQL does not run as root",
			shell->config.run_as);
	account = arena_alloc(shell->arena, sizeof(*account));
	account->uid = pw->pw_uid;
	account->gid = pw->pw_gid;
	*out = account;
	return 0;
}

/* Whether the account may pass through all folders above ${path}. */
static bool
can_reach(struct arena *arena, const char *path,
	const struct proc_account *account)
{
	char *part = arena_text(arena, path);
	char *slash;

	if (account == NULL)
		return true;
	while ((slash = strrchr(part, '/')) != NULL && slash != part) {
		struct stat st;

		*slash = '\0';
		if (stat(part, &st) == 0 && (st.st_mode & S_IXOTH) == 0 &&
			st.st_uid != account->uid)
			return false;
	}
	return true;
}

static int
own_folder(struct arena *arena, const char *path,
	const struct proc_account *account, struct err *e)
{
	struct stat st;

	if (run_folder(arena, path, 0700, e) == -1)
		return -1;
	if (account != NULL && chown(path, account->uid, account->gid) == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot chown %s: %s",
			path, strerror(errno));
	if (lstat(path, &st) == -1 || !S_ISDIR(st.st_mode) ||
		st.st_uid != (account != NULL ? account->uid : geteuid()))
		return err_set(e, ERR_UNAVAILABLE, "",
			"%s belongs to somebody else; remove it", path);
	return 0;
}

static int
make_folders(
	const struct run_shell *shell, struct run_postgres *out, struct err *e)
{
	struct arena *arena = shell->arena;
	const char *base = arena_format(arena, "%s/pg", shell->paths.state);

	out->socket = shell->paths.socket;
	if (!can_reach(arena, base, out->account)) {
		base = arena_format(
			arena, SHARED_FOLDER "/db-%s", shell->paths.id);
		LOG_EVENT(&shell->log, LOG_LEVEL_WARN, "postgres_elsewhere",
			LOG_TEXT("folder", base),
			LOG_TEXT(
				"why", "run_as cannot reach the state folder"));
	}
	out->data = arena_format(arena, "%s/data", base);
	if (own_folder(arena, base, out->account, e) == -1)
		return -1;
	return own_folder(arena, out->socket, out->account, e);
}

/* --- initdb
 * ------------------------------------------------------------------------ */

static int
run_program(const struct run_shell *shell, const struct run_postgres *postgres,
	char *const *argv, struct bytes input, struct err *e)
{
	char *const variables[] = {(char[]){"PATH=/usr/bin:/bin"},
		(char[]){"LC_ALL=C"}, (char[]){"TZ=UTC"}, NULL};
	const struct proc_command command = {.path = argv[0],
		.argv = argv,
		.environ = variables,
		.folder = "/",
		.account = postgres->account,
		.input = input,
		.deadline_ms = INIT_DEADLINE_MS};
	struct proc_result result;

	if (proc_run(shell->arena, &command, &result, e) == -1)
		return -1;
	if (result.status != 0)
		return err_set(e, ERR_UNAVAILABLE, "", "%s failed (%d): %.200s",
			argv[0], result.status, result.errors.data);
	return 0;
}

static int
remove_entry(
	const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)type;
	(void)place;
	return remove(path);
}

/* What an earlier start did not bring to its end. */
static int
remove_draft(const char *path, struct err *e)
{
	if (nftw(path, remove_entry, DRAFT_DEPTH, FTW_DEPTH | FTW_PHYS) == 0 ||
		errno == ENOENT)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "", "cannot remove %s: %s", path,
		strerror(errno));
}

/* In a folder of another name first: a crash half-way leaves no cluster that
 * looks whole. */
static int
make_cluster(const struct run_shell *shell, const struct run_postgres *postgres,
	const char *bin, struct err *e)
{
	static const char sql[] = "CREATE DATABASE roaster\n";
	struct arena *arena = shell->arena;
	char *fresh = arena_format(arena, "%s.new", postgres->data);
	char *init[] = {arena_format(arena, "%s/initdb", bin),
		arena_format(arena, "--pgdata=%s", fresh),
		(char[]){"--username=roaster"}, (char[]){"--auth=trust"},
		(char[]){"--encoding=UTF8"}, (char[]){"--locale=C"}, NULL};
	char *single[] = {arena_format(arena, "%s/postgres", bin),
		(char[]){"--single"}, (char[]){"-D"}, fresh,
		(char[]){"postgres"}, NULL};

	LOG_EVENT(&shell->log, LOG_LEVEL_INFO, "postgres_init",
		LOG_TEXT("data", postgres->data));
	if (remove_draft(fresh, e) == -1 ||
		run_program(shell, postgres, init, (struct bytes){"", 0}, e) ==
			-1 ||
		run_program(shell, postgres, single,
			(struct bytes){sql, sizeof(sql) - 1}, e) == -1)
		return -1;
	FAILPOINT(run_database_drafted);
	if (rename(fresh, postgres->data) == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "cannot rename %s: %s",
			fresh, strerror(errno));
	return 0;
}

/* --- a postmaster left behind
 * --------------------------------------------------------- */

static pid_t
recorded_pid(struct arena *arena, const struct run_postgres *postgres)
{
	char *path = arena_format(arena, "%s/postmaster.pid", postgres->data);
	FILE *f = fopen(path, "re");
	int pid = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid;
}

/* A number alone may be anybody's by now: its folder has to be the data's. */
static bool
is_postmaster(pid_t pid, const char *data)
{
	char link[32], target[4096];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	n = readlink(link, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = '\0';
	return strcmp(target, data) == 0;
}

/* Dead, but its number is taken until its new parent looks: it has no folder
 * any more. */
static bool
is_zombie(pid_t pid)
{
	char path[32], text[512];
	const char *name_end = NULL;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	if (fgets(text, sizeof(text), f) != NULL)
		name_end = strrchr(text, ')');
	fclose(f);
	return name_end != NULL && strncmp(name_end, ") Z", 3) == 0;
}

/* What names a postmaster that is dead but not yet out of the table of
 * processes. PostgreSQL asks only whether there is such a number, and where
 * nobody buries the orphans, as in many a container, there is for ever. Its
 * shared memory, which it finds by the folder, still tells it of backends that
 * live on. */
static void
forget_dead(const struct run_shell *shell, const struct run_postgres *postgres)
{
	(void)unlink(arena_format(
		shell->arena, "%s/postmaster.pid", postgres->data));
	(void)unlink(arena_format(
		shell->arena, "%s/.s.PGSQL.5432.lock", postgres->socket));
}

bool
run_postgres_take_over(
	const struct run_shell *shell, struct run_postgres *postgres)
{
	pid_t pid = postgres->leftover;

	if (pid > 0 && is_postmaster(pid, postgres->data))
		return false;
	if (pid > 0 && is_zombie(pid))
		forget_dead(shell, postgres);
	postgres->leftover = 0;
	return true;
}

/* Not waited for: its last checkpoint may take long. */
static void
stop_leftover(const struct run_shell *shell, struct run_postgres *postgres)
{
	postgres->leftover = recorded_pid(shell->arena, postgres);
	if (run_postgres_take_over(shell, postgres))
		return;
	LOG_EVENT(&shell->log, LOG_LEVEL_WARN, "postgres_leftover",
		LOG_INT("pid", postgres->leftover));
	(void)kill(postgres->leftover, SIGINT); /* fails if it ended just now */
}

int
run_postgres_prepare(
	const struct run_shell *shell, struct run_postgres *out, struct err *e)
{
	const char *bin = NULL;

	*out = (struct run_postgres){0};
	if (find_bin(shell, &bin, e) == -1 ||
		find_account(shell, &out->account, e) == -1 ||
		make_folders(shell, out, e) == -1)
		return -1;
	out->program = arena_format(shell->arena, "%s/postgres", bin);
	if (access(out->data, F_OK) == -1)
		return make_cluster(shell, out, bin, e);
	stop_leftover(shell, out);
	return 0;
}

/* After a crash all files are synced first: a thousand one by one take a second
 * and more, the file system as a whole a tenth of it. Linux before 5.8 did not
 * tell of errors in that. */
static const char *
sync_method(void)
{
	struct utsname kernel;
	unsigned major = 0, minor = 0;

	if (uname(&kernel) == -1 ||
		sscanf(kernel.release, "%u.%u", &major, &minor) != 2)
		return "fsync";
	return major > 5 || (major == 5 && minor >= 8) ? "syncfs" : "fsync";
}

char **
run_postgres_argv(struct arena *arena, const struct run_postgres *postgres)
{
	/* Refused statements are told to who sent them; in the log they would
	 * show what a client wrote. */
	const char *const argv[] = {postgres->program, "-D", postgres->data,
		"-c", "listen_addresses=", "-c",
		arena_format(
			arena, "unix_socket_directories=%s", postgres->socket),
		"-c", "unix_socket_permissions=0700", "-c",
		"log_min_error_statement=panic", "-c",
		"log_parameter_max_length_on_error=0", "-c",
		"log_min_messages=log", "-c", "log_checkpoints=off", "-c",
		"max_connections=200", "-c", "default_toast_compression=lz4",
		"-c",
		arena_format(
			arena, "recovery_init_sync_method=%s", sync_method()),
		NULL};
	char **out = arena_array(arena, COUNT_OF(argv), sizeof(*out));

	for (size_t i = 0; argv[i] != NULL; i++)
		out[i] = arena_text(arena, argv[i]);
	return out;
}
