/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls of an API worker besides Kore's own list (filter_kore in its
 * seccomp.c). No execve, execveat, fork, vfork, ptrace: what stands nowhere
 * kills the worker with SIGSYS, the parent logs a sandbox violation and starts
 * a new one. Sanitizers need more than this: their builds leave it out.
 */
#include <kore/hooks.h>
#include <kore/kore.h>
#include <kore/seccomp.h>

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* clang-format off */
static struct sock_filter filter[] = {
#ifdef ROASTER_SECCOMP_OFF
	KORE_BPF_RET(SECCOMP_RET_ALLOW),
#else
	/* Files: stdio, stat(), localtime(), getpwuid() of libpq. */
	KORE_SYSCALL_ALLOW(newfstatat),
	KORE_SYSCALL_ALLOW(statx),
	KORE_SYSCALL_ALLOW(faccessat),
	KORE_SYSCALL_ALLOW(faccessat2),
	KORE_SYSCALL_ALLOW(readv),
	KORE_SYSCALL_ALLOW(pread64),
	KORE_SYSCALL_ALLOW(getdents64),

	/* Memory: realloc() of large blocks, sodium_malloc(), Argon2. */
	KORE_SYSCALL_ALLOW(mremap),
	KORE_SYSCALL_ALLOW(mlock),
	KORE_SYSCALL_ALLOW(munlock),

	/* Threads. clone3 would hide its flags: without it glibc takes clone,
	 * of which threads pass and processes do not. */
	KORE_SYSCALL_DENY(clone3, ENOSYS),
	KORE_SYSCALL_ALLOW_WITH_FLAG(clone, 0, CLONE_THREAD),
	KORE_SYSCALL_ALLOW(set_robust_list),
	KORE_SYSCALL_ALLOW(rseq),
	KORE_SYSCALL_ALLOW(gettid),
	KORE_SYSCALL_ALLOW(tgkill),
	KORE_SYSCALL_ALLOW(sched_yield),
	KORE_SYSCALL_ALLOW(sched_getaffinity),
	KORE_SYSCALL_ALLOW_ARG(getpriority, 0, PRIO_PROCESS),
	KORE_SYSCALL_ALLOW_ARG(setpriority, 0, PRIO_PROCESS),
	KORE_SYSCALL_ALLOW_ARG(sched_setattr, 0, 0), /* of itself */
	KORE_SYSCALL_ALLOW_ARG(prctl, 0, PR_SET_NAME),

	/* Client sockets: libpq over unix sockets and TCP, name resolution. */
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET),
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET6),
	KORE_SYSCALL_DENY(socket, EAFNOSUPPORT),
	KORE_SYSCALL_ALLOW(connect),
	KORE_SYSCALL_ALLOW(getsockopt),
	KORE_SYSCALL_ALLOW(getsockname),
	KORE_SYSCALL_ALLOW(getpeername),
	KORE_SYSCALL_ALLOW(sendmsg),
	KORE_SYSCALL_ALLOW(sendmmsg),
	KORE_SYSCALL_ALLOW(recvmsg),
	KORE_SYSCALL_ALLOW(uname),

	/* Waking the loop from threads, time. */
	KORE_SYSCALL_ALLOW(eventfd2),
	KORE_SYSCALL_ALLOW(gettimeofday),
	KORE_SYSCALL_ALLOW(clock_getres),
	KORE_SYSCALL_ALLOW(restart_syscall),

	/* Who and what am I. Signals are for the parent to send. */
	KORE_SYSCALL_DENY(kill, EPERM),
	KORE_SYSCALL_ALLOW(getgid),
	KORE_SYSCALL_ALLOW(getegid),
	KORE_SYSCALL_ALLOW(getppid),
	KORE_SYSCALL_ALLOW(getrusage),
	KORE_SYSCALL_ALLOW(sysinfo),
	/* prlimit64(0, resource, NULL, old): read only. */
	KORE_SYSCALL_ALLOW_ARG(prlimit64, 2, 0),
#endif
};
/* clang-format on */

void
kore_seccomp_hook(void)
{
	(void)kore_seccomp_filter("roaster", filter, KORE_FILTER_LEN(filter));
}
