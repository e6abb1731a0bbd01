/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_nice.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The slowest hundredth of pings amid four logins at once takes up to two times
 * as long as without, instead of twenty times (docs/performance.md, G12). Half
 * of the greatest niceness: where all processors are busy a login takes a
 * second. */
#define NICENESS 10

/* The longest slice of time that Linux takes (sched(7), since 6.12; before, it
 * ignores this). Whoever wakes and asks for a shorter one, as all do by
 * default, comes next at once instead of at the end of the slice. */
#define SLICE_NS 100000000

void
handlers_nice_thread(void)
{
	const int nice = getpriority(PRIO_PROCESS, 0) + NICENESS;
	const struct sched_attr longer = {.size = sizeof(longer),
		.sched_policy = SCHED_NORMAL,
		.sched_nice = nice > 19 ? 19 : nice,
		.sched_runtime = SLICE_NS};

	/* Apart: a container may refuse the second one. */
	(void)setpriority(PRIO_PROCESS, 0, longer.sched_nice);
	(void)syscall(SYS_sched_setattr, 0, &longer, 0);
}
