/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_nice.h"

#include <sched.h>
#include <stdint.h>
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

/* The first version of the kernel's struct: that of <linux/sched/types.h>,
 * which cannot be included beside <sched.h>. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

void
handlers_nice_thread(void)
{
	const int nice = getpriority(PRIO_PROCESS, 0) + NICENESS;
	const struct attributes longer = {.size = sizeof(longer),
		.policy = SCHED_OTHER,
		.nice = nice > 19 ? 19 : nice,
		.runtime = SLICE_NS};

	/* Apart: a container may refuse the second one. */
	(void)setpriority(PRIO_PROCESS, 0, longer.nice);
	(void)syscall(SYS_sched_setattr, 0, &longer, 0);
}
