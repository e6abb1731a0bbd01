/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter of an API worker, put together by Kore's own code from the same
 * objects that roasterd is linked of, around a process for each case.
 */
#include "auth/auth.h"
#include "handlers/handlers_nice.h"

#include <kore/hooks.h>
#include <kore/kore.h>
#include <kore/seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- what seccomp.o of Kore wants of the rest of Kore ----------------------
 */

struct kore_worker *worker;
u_int8_t worker_count;
int kore_quiet = 1;

void
kore_log(int priority, const char *format, ...)
{
	(void)priority;
	(void)format;
}

void
fatal(const char *format, ...)
{
	(void)format;
	abort();
}

void
fatalx(const char *format, ...)
{
	(void)format;
	abort();
}

void *
kore_calloc(size_t count, size_t size)
{
	return calloc(count, size);
}

char *
kore_strdup(const char *text)
{
	return strdup(text);
}

void
kore_free(void *memory)
{
	free(memory);
}

struct kore_runtime_call *
kore_runtime_getcall(const char *symbol)
{
	return strcmp(symbol, "kore_seccomp_hook") == 0
		       ? calloc(1, sizeof(struct kore_runtime_call))
		       : NULL;
}

void
kore_runtime_execute(struct kore_runtime_call *call)
{
	(void)call;
	kore_seccomp_hook();
}

struct kore_worker *
kore_worker_data(u_int8_t index)
{
	(void)index;
	return worker;
}

const char *
kore_worker_name(int id)
{
	(void)id;
	return "";
}

/* --- cases: true or the expected errno is "as it should be" -----------------
 */

static char *const argv_true[] = {(char *)(uintptr_t) "/bin/true", NULL};

static bool
do_execve(void)
{
	(void)execve(argv_true[0], argv_true, environ);
	return true;
}

static bool
do_execveat(void)
{
	(void)syscall(
		SYS_execveat, AT_FDCWD, argv_true[0], argv_true, environ, 0);
	return true;
}

static bool
do_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return true;
}

static bool
do_posix_spawn(void)
{
	pid_t pid;

	(void)posix_spawn(&pid, argv_true[0], NULL, NULL, argv_true, environ);
	return true;
}

static bool
do_clone_process(void)
{
	if (syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) == 0)
		_exit(0);
	return true;
}

static bool
do_ptrace(void)
{
	(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return true;
}

static bool
do_unshare(void)
{
	(void)unshare(CLONE_NEWUSER);
	return true;
}

static bool
do_memfd(void)
{
	(void)memfd_create("x", 0);
	return true;
}

static bool
do_setuid(void)
{
	(void)syscall(SYS_setuid, 0);
	return true;
}

static bool
do_io_uring(void)
{
	(void)syscall(SYS_io_uring_setup, 1, NULL);
	return true;
}

static bool
do_process_vm_readv(void)
{
	(void)syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
	return true;
}

static bool
kill_is_refused(void)
{
	return kill(getppid(), 0) == -1 && errno == EPERM;
}

static bool
netlink_is_refused(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) == -1 && errno == EAFNOSUPPORT;
}

static bool
ioctl_is_refused(void)
{
	int n;

	return ioctl(0, FIONREAD, &n) == -1 && errno == EACCES;
}

static bool
code_cannot_be_made(void)
{
	void *m = mmap(NULL, 4096, PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *n = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return m == MAP_FAILED && errno == EINVAL && n != MAP_FAILED &&
	       mprotect(n, 4096, PROT_READ | PROT_EXEC) == -1;
}

static void *
thread_main(void *arg)
{
	char hash[AUTH_HASH_SIZE];

	handlers_nice_thread();
	auth_password_hash((struct bytes){"secret", 6}, hash);
	*(bool *)arg = auth_password_verify(hash, (struct bytes){"secret", 6});
	return NULL;
}

static bool
threads_hash_passwords(void)
{
	pthread_t threads[4];
	bool good[4] = {false};

	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, thread_main, &good[i]))
			return false;
	for (int i = 0; i < 4; i++)
		if (pthread_join(threads[i], NULL) != 0)
			return false;
	return good[0] && good[1] && good[2] && good[3];
}

static bool
eventfds_work(void)
{
	uint64_t n = 1;
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	return fd != -1 && write(fd, &n, sizeof(n)) == sizeof(n) &&
	       read(fd, &n, sizeof(n)) == sizeof(n);
}

static bool
sockets_connect(void)
{
	struct sockaddr_un where = {AF_UNIX, "/nonexistent/socket"};
	int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int tcp6 = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;
	socklen_t size = sizeof(error);

	return connect(local, (const struct sockaddr *)&where, sizeof(where)) ==
		       -1 &&
	       errno == ENOENT && tcp != -1 && tcp6 != -1 &&
	       getsockopt(tcp, SOL_SOCKET, SO_ERROR, &error, &size) == 0;
}

static bool
names_are_resolved(void)
{
	struct addrinfo *found = NULL;
	int rc = getaddrinfo("localhost", "80", NULL, &found);

	if (rc == 0)
		freeaddrinfo(found);
	return rc == 0;
}

static bool
files_are_read(void)
{
	char line[256];
	struct stat st;
	FILE *f = fopen("/etc/passwd", "re");

	return f != NULL && fgets(line, sizeof(line), f) != NULL &&
	       fclose(f) == 0 && stat("/etc/hosts", &st) == 0;
}

static bool
memory_grows(void)
{
	char *m = malloc(1U << 20);

	m = m == NULL ? NULL : realloc(m, 64U << 20);
	if (m == NULL)
		return false;
	memset(m, 1, 64U << 20);
	free(m);
	return true;
}

struct test {
	const char *sentence;
	bool (*run)(void);
	bool is_deadly; /* else it returns true */
};

static const struct test tests[] = {
	{"execve kills", do_execve, true},
	{"execveat kills", do_execveat, true},
	{"fork kills", do_fork, true},
	{"posix_spawn kills", do_posix_spawn, true},
	{"clone of a process kills", do_clone_process, true},
	{"ptrace kills", do_ptrace, true},
	{"unshare kills", do_unshare, true},
	{"memfd_create kills", do_memfd, true},
	{"setuid kills", do_setuid, true},
	{"io_uring kills", do_io_uring, true},
	{"process_vm_readv kills", do_process_vm_readv, true},
	{"kill is refused", kill_is_refused, false},
	{"netlink is refused", netlink_is_refused, false},
	{"ioctl is refused", ioctl_is_refused, false},
	{"code cannot be made", code_cannot_be_made, false},
	{"threads hash passwords", threads_hash_passwords, false},
	{"eventfds work", eventfds_work, false},
	{"sockets connect", sockets_connect, false},
	{"names are resolved", names_are_resolved, false},
	{"files are read", files_are_read, false},
	{"memory grows", memory_grows, false},
};

static _Noreturn void
run_locked(const struct test *test)
{
	struct kore_worker one = {.id = 1};

	worker = &one;
	kore_seccomp_init();
	kore_seccomp_enable();
	_exit(test->run() ? 0 : 1);
}

static bool
is_as_told(const struct test *test)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		run_locked(test);
	if (pid == -1 || waitpid(pid, &status, 0) != pid)
		return false;
	if (test->is_deadly)
		return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int
main(void)
{
	const size_t count = sizeof(tests) / sizeof(tests[0]);
	int failures = 0;

	(void)setvbuf(stdout, NULL, _IONBF, 0);
	auth_init();
	for (size_t i = 0; i < count; i++) {
		bool good = is_as_told(&tests[i]);

		failures += !good;
		printf("%s %zu - %s\n", good ? "ok" : "not ok", i + 1,
			tests[i].sentence);
	}
	printf("1..%zu\n", count);
	return failures > 0;
}
