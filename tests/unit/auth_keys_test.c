/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 8
#define ROUNDS 20

/* A fresh key folder for each test, and the working directory is in it. */
struct folder {
	char path[64];
	struct err e;
};

static int
setup(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	(void)snprintf(
		f->path, sizeof(f->path), "%s/auth-keys-XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(f->path));
	*state = f;
	return chdir(f->path);
}

/* Remove the files; return how many there were. */
static int
empty_folder(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0)
			continue;
		assert_int_equal(remove(entry->d_name), 0);
		n++;
	}
	(void)closedir(dir);
	return n;
}

static int
teardown(void **state)
{
	struct folder *f = *state;

	(void)empty_folder();
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(f->path), 0);
	free(f);
	return 0;
}

static void
put_file(const char *name, mode_t mode, size_t size)
{
	static const char bytes[64] = {1, 2, 3};
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void
get_file(const char *name, unsigned char out[32])
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, out, 32), 32);
	assert_int_equal(close(fd), 0);
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_mode & 07777;
}

static void
digest_with(const char *dir, unsigned char out[AUTH_DIGEST_BYTES])
{
	struct auth_keys *keys = NULL;
	struct err e = {0};

	assert_int_equal(auth_keys_load(dir, AUTH_KEYS_SEAL, &keys, &e), 0);
	auth_digest_keyed(keys, "p", UNIT_BYTES("v"), out);
	auth_keys_free(keys);
}

static void
auth_keys_create_makes_three_files_once(void **state)
{
	static const char *const names[] = {
		"seal.key", "seal.pub", "digest.key"};
	struct folder *f = *state;
	unsigned char first[3][32], second[32];

	(void)umask(0);
	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	assert_int_equal(mode_of("seal.key"), 0400);
	assert_int_equal(mode_of("digest.key"), 0400);
	assert_int_equal(mode_of("seal.pub"), 0444);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		get_file(names[i], first[i]);
	assert_memory_not_equal(first[0], first[2], 32);
	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		get_file(names[i], second);
		assert_memory_equal(second, first[i], sizeof(second));
	}
	assert_int_equal(empty_folder(), 3);
}

static void
auth_keys_create_adds_what_is_missing(void **state)
{
	struct folder *f = *state;
	unsigned char public_key[32], again[32];
	struct auth_keys *keys = NULL;

	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	get_file("seal.pub", public_key);
	assert_int_equal(unlink("seal.pub"), 0);
	assert_int_equal(unlink("digest.key"), 0);
	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	get_file("seal.pub", again);
	assert_memory_equal(again, public_key, sizeof(again));
	assert_int_equal(
		auth_keys_load(f->path, AUTH_KEYS_OPEN, &keys, &f->e), 0);
	auth_keys_free(keys);
}

/* A new private key would make all that is sealed unreadable in silence. */
static void
auth_keys_create_refuses_a_lost_private_key(void **state)
{
	struct folder *f = *state;

	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	assert_int_equal(unlink("seal.key"), 0);
	assert_int_equal(auth_keys_create(f->path, &f->e), -1);
	assert_int_equal(f->e.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(f->e.message, "restore seal.key"));
	assert_int_equal(access("seal.key", F_OK), -1);
}

static void
create_when_told(const char *dir, int start, int out)
{
	struct auth_keys *keys = NULL;
	struct err e;
	unsigned char digest[AUTH_DIGEST_BYTES];
	char c;

	(void)!read(start, &c, 1); /* ends for all of them at once */
	if (auth_keys_create(dir, &e) != 0 ||
		auth_keys_load(dir, AUTH_KEYS_OPEN, &keys, &e) != 0)
		_exit(1);
	auth_digest_keyed(keys, "p", UNIT_BYTES("v"), digest);
	_exit(write(out, digest, sizeof(digest)) != sizeof(digest));
}

static void
race_once(const char *dir)
{
	unsigned char wanted[AUTH_DIGEST_BYTES], digest[AUTH_DIGEST_BYTES];
	int start[2], out[2], status;

	assert_int_equal(pipe(start), 0);
	assert_int_equal(pipe(out), 0);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			(void)close(start[1]);
			create_when_told(dir, start[0], out[1]);
		}
	}
	(void)close(start[1]);
	for (int i = 0; i < CHILDREN; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	digest_with(dir, wanted);
	for (int i = 0; i < CHILDREN; i++) {
		assert_int_equal(read(out[0], digest, sizeof(digest)), 32);
		assert_memory_equal(digest, wanted, sizeof(digest));
	}
	(void)close(start[0]);
	(void)close(out[0]);
	(void)close(out[1]);
}

static void
auth_keys_create_agrees_when_many_run(void **state)
{
	struct folder *f = *state;

	for (int i = 0; i < ROUNDS; i++) {
		race_once(f->path);
		assert_int_equal(empty_folder(), 3); /* and no draft is left */
	}
}

/* The disk is full: nothing half-made may be taken for a key later. */
static void
auth_keys_create_leaves_nothing_when_it_cannot_write(void **state)
{
	const struct rlimit none = {0, 0};
	struct folder *f = *state;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &none);
		_exit(auth_keys_create(f->path, &f->e) == -1 &&
					f->e.code == ERR_UNAVAILABLE &&
					strstr(f->e.message, "seal.key") != NULL
				? 0
				: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(empty_folder(), 0);
}

static void
auth_keys_need_a_folder(void **state)
{
	struct folder *f = *state;
	struct auth_keys *keys = NULL;

	put_file("plain", 0600, 1);
	assert_int_equal(auth_keys_create("plain", &f->e), -1);
	assert_int_equal(f->e.code, ERR_UNAVAILABLE);
	assert_int_equal(auth_keys_create("none", &f->e), -1);
	assert_non_null(strstr(f->e.message, "none"));
	f->e = (struct err){0};
	assert_int_equal(
		auth_keys_load("none", AUTH_KEYS_SEAL, &keys, &f->e), -1);
	assert_int_equal(f->e.code, ERR_UNAVAILABLE);
	assert_null(keys);
}

/* What each use refuses: one file of a good folder replaced. */
static void
auth_keys_load_refuses_what_is_not_safe_or_not_a_key(void **state)
{
	static const struct {
		const char *name;
		mode_t mode; /* 0: no file */
		size_t size;
		bool for_seal; /* the API stops too */
		const char *message;
	} cases[] = {
		{"seal.key", 0, 0, false, "No such file"},
		{"seal.key", 0440, 32, false, "mode 0440"},
		{"seal.key", 0404, 32, false, "chmod 0400"},
		{"seal.key", 0602, 32, false, "others"},
		{"seal.key", 0400, 31, false, "32 bytes"},
		{"seal.key", 0400, 33, false, "32 bytes"},
		{"seal.key", 0400, 32, false, "not a pair"},
		{"seal.pub", 0, 0, true, "No such file"},
		{"seal.pub", 0444, 0, true, "32 bytes"},
		{"digest.key", 0, 0, true, "No such file"},
		{"digest.key", 0444, 32, true, "mode 0444"},
		{"digest.key", 0400, 64, true, "32 bytes"},
	};
	struct folder *f = *state;
	struct auth_keys *keys;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		(void)empty_folder();
		assert_int_equal(auth_keys_create(f->path, &f->e), 0);
		assert_int_equal(unlink(cases[i].name), 0);
		if (cases[i].mode != 0)
			put_file(cases[i].name, cases[i].mode, cases[i].size);
		f->e = (struct err){0};
		keys = NULL;
		assert_int_equal(
			auth_keys_load(f->path, AUTH_KEYS_OPEN, &keys, &f->e),
			-1);
		assert_int_equal(f->e.code, ERR_UNAVAILABLE);
		assert_non_null(strstr(f->e.message, cases[i].message));
		assert_non_null(strstr(f->e.message, cases[i].name));
		assert_null(keys);
		assert_int_equal(
			auth_keys_load(f->path, AUTH_KEYS_SEAL, &keys, &f->e),
			cases[i].for_seal ? -1 : 0);
		auth_keys_free(keys);
	}
}

static void
auth_keys_load_refuses_what_is_no_file(void **state)
{
	static const unsigned char zeros[32]; /* a point of low order */
	struct folder *f = *state;
	struct auth_keys *keys = NULL;
	int fd;

	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	assert_int_equal(unlink("digest.key"), 0);
	assert_int_equal(mkfifo("digest.key", 0400), 0);
	assert_int_equal(
		auth_keys_load(f->path, AUTH_KEYS_SEAL, &keys, &f->e), -1);
	assert_non_null(strstr(f->e.message, "digest.key is not a key"));
	assert_int_equal(unlink("seal.pub"), 0);
	fd = open("seal.pub", O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
	assert_int_equal(write(fd, zeros, sizeof(zeros)), 32);
	assert_int_equal(close(fd), 0);
	assert_int_equal(
		auth_keys_load(f->path, AUTH_KEYS_SEAL, &keys, &f->e), -1);
	assert_non_null(strstr(f->e.message, "seal.pub is not a public key"));
	assert_null(keys);
}

/* Whether loading for ${use} opens seal.key, as the kernel saw it. */
static bool
opens_private_key(const char *dir, enum auth_keys_use use)
{
	char event[sizeof(struct inotify_event) + 256];
	struct auth_keys *keys = NULL;
	struct err e;
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	ssize_t n;

	assert_true(inotify_add_watch(watch, "seal.key", IN_OPEN) >= 0);
	assert_int_equal(auth_keys_load(dir, use, &keys, &e), 0);
	n = read(watch, event, sizeof(event));
	auth_keys_free(keys);
	(void)close(watch);
	return n > 0;
}

static void
auth_keys_for_sealing_never_open_the_private_key(void **state)
{
	struct folder *f = *state;

	assert_int_equal(auth_keys_create(f->path, &f->e), 0);
	assert_true(opens_private_key(f->path, AUTH_KEYS_OPEN));
	assert_false(opens_private_key(f->path, AUTH_KEYS_SEAL));
}

static void
auth_keys_free_takes_null(void **state)
{
	(void)state;
	auth_keys_free(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(auth_keys_create_makes_three_files_once),
		TEST(auth_keys_create_adds_what_is_missing),
		TEST(auth_keys_create_refuses_a_lost_private_key),
		TEST(auth_keys_create_agrees_when_many_run),
		TEST(auth_keys_create_leaves_nothing_when_it_cannot_write),
		TEST(auth_keys_need_a_folder),
		TEST(auth_keys_load_refuses_what_is_not_safe_or_not_a_key),
		TEST(auth_keys_load_refuses_what_is_no_file),
		TEST(auth_keys_for_sealing_never_open_the_private_key),
		TEST(auth_keys_free_takes_null),
	};

	auth_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
