/* SPDX-License-Identifier: Apache-2.0 */
/* Which fds a child has, which stay behind, and many threads at once. */
#include "proc_unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#define THREADS 8
#define RUNS 50

/* --- helpers --- */

/* Which fds are open, but for the one that reads the list. */
static int
help_fds(char **args)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	bool seen[1024] = {false};

	(void)args;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] != '.' && fd != dirfd(dir))
			seen[fd] = true;
	}
	if (dir != NULL)
		(void)closedir(dir);
	for (int fd = 0; fd < 1024; fd++) {
		if (seen[fd])
			(void)printf("%d ", fd);
	}
	return fflush(stdout);
}

static const struct helper helpers[] = {
	{"copy", help_copy},
	{"fds", help_fds},
};

/* --- tests --- */

/* Neither those with close-on-exec nor those without it leak. */
static void
proc_run_gives_only_the_fds_named(void **state)
{
	struct proc_command c = helper_command(*state, "fds", NULL);
	struct proc_result r;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	static const int open_here[] = {50, 51, 52, 200, 300};

	assert_true(null >= 0);
	for (size_t i = 0; i < COUNT_OF(open_here); i++)
		assert_int_equal(dup2(null, open_here[i]), open_here[i]);
	run_well(*state, &c, &r);
	assert_bytes(r.output, "0 1 2 ");
	c.fds[0] = 300;
	c.fds[1] = 51;
	c.n_fds = 2;
	assert_int_equal(fcntl(300, F_SETFD, FD_CLOEXEC), 0);
	run_well(*state, &c, &r);
	assert_bytes(r.output, "0 1 2 51 300 ");
	assert_int_equal(fcntl(300, F_GETFD), FD_CLOEXEC); /* here as before */
	for (size_t i = 0; i < COUNT_OF(open_here); i++)
		(void)close(open_here[i]);
	(void)close(null);
}

static unsigned
count_inherited(void)
{
	unsigned n = 0;

	for (int fd = 3; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) == 0 ? 1 : 0;
	return n;
}

static void
note_inherited(void *cookie, pid_t pid)
{
	(void)pid;
	*(unsigned *)cookie = count_inherited();
}

/* What other code of the process starts meanwhile gets none of ours. */
static void
proc_run_keeps_its_fds_to_itself(void **state)
{
	struct proc_command c = helper_command(*state, "copy", NULL);
	struct proc_result r;
	unsigned during = UINT_MAX;

	c.started = note_inherited;
	c.cookie = &during;
	run_well(*state, &c, &r);
	assert_int_equal(during, count_inherited());
}

/* A daemon may have closed 0, 1, 2: then pipes get these numbers. */
static void
run_without_stdio(struct arena *arena)
{
	struct proc_command c = helper_command(arena, "copy", NULL);
	struct proc_result r;
	struct err e;
	int memfd = -1;

	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	c.input = UNIT_BYTES("through");
	if (proc_run(arena, &c, &r, &e) != 0 || r.status != 0)
		_exit(1);
	if (r.output.len != 7 || memcmp(r.output.data, "through", 7) != 0)
		_exit(2);
	if (proc_memfd("m", UNIT_BYTES("x"), &memfd, &e) != 0 || memfd < 3)
		_exit(3);
	_exit(fcntl(0, F_GETFD) == -1 && fcntl(1, F_GETFD) == -1 &&
				fcntl(2, F_GETFD) == -1
			? 0
			: 4);
}

static void
proc_run_works_without_standard_fds(void **state)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		run_without_stdio(*state);
	assert_int_equal(status_of(pid), 0);
}

static void
proc_memfd_is_whole_sealed_and_private(void **state)
{
	struct bytes content = UNIT_BYTES("token: canary\0.");
	char got[64];
	struct err e;
	int fd = -1;

	(void)state;
	assert_int_equal(proc_memfd("kubeconfig", content, &fd, &e), 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(read(fd, got, sizeof(got)), content.len);
	assert_memory_equal(got, content.data, content.len);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 1), -1);
	assert_int_equal(ftruncate(fd, 4096), -1);
	assert_int_equal(fcntl(fd, F_GET_SEALS),
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
	(void)close(fd);
	assert_int_equal(
		proc_memfd("none", (struct bytes){NULL, 0}, &fd, &e), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 0);
	(void)close(fd);
}

static unsigned
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

/* Each run has its own content in its input and in a fd it names; a fd of
 * another thread's run in its list would be a leak. */
static bool
run_one(struct arena *arena, unsigned thread, unsigned i)
{
	char *text = arena_format(arena, "%u.%u", thread, i), *wanted = text;
	struct bytes content = {text, strlen(text)};
	bool is_copy = i % 2 == 0;
	struct proc_command c =
		helper_command(arena, is_copy ? "copy" : "fds", NULL);
	struct proc_result r = {0};
	struct err e;
	int rc;

	c.input = content;
	if (proc_memfd("own", content, &c.fds[0], &e) != 0)
		return false;
	c.n_fds = 1;
	if (!is_copy)
		wanted = arena_format(arena, "0 1 2 %d ", c.fds[0]);
	rc = proc_run(arena, &c, &r, &e);
	(void)close(c.fds[0]);
	return rc == 0 && r.status == 0 && r.output.len == strlen(wanted) &&
	       memcmp(r.output.data, wanted, r.output.len) == 0;
}

static void *
run_many(void *cookie)
{
	uintptr_t thread = (uintptr_t)cookie, good = 0;

	for (unsigned i = 0; i < RUNS; i++) {
		struct arena *arena = arena_new();

		good += run_one(arena, (unsigned)thread, i) ? 1 : 0;
		arena_free(arena);
	}
	return (void *)good;
}

static void
proc_run_works_in_many_threads_without_leaks(void **state)
{
	pthread_t threads[THREADS];
	unsigned before = count_fds();
	void *good;

	(void)state;
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, run_many, (void *)i),
			0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &good), 0);
		assert_int_equal((uintptr_t)good, RUNS);
	}
	assert_int_equal(count_fds(), before);
	assert_no_children();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_run_gives_only_the_fds_named),
		UNIT_TEST(proc_run_keeps_its_fds_to_itself),
		UNIT_TEST(proc_run_works_without_standard_fds),
		UNIT_TEST(proc_run_works_in_many_threads_without_leaks),
		UNIT_TEST(proc_memfd_is_whole_sealed_and_private),
	};
	int status = helper_main(argc, argv, helpers, COUNT_OF(helpers));

	return status != -1 ? status
			    : cmocka_run_group_tests(tests, NULL, NULL);
}
