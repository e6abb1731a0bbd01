/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_process.h"

#include "handlers/handlers_clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static void
set(struct api_process *process, enum api_process_value which, uint64_t value)
{
	atomic_store_explicit(
		&process->values[which], value, memory_order_relaxed);
}

static uint64_t
in_us(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000U + (uint64_t)time->tv_usec;
}

static void
note_usage(struct api_process *process)
{
	struct rusage usage;
	struct rlimit files;

	if (getrusage(RUSAGE_SELF, &usage) == 0)
		set(process, API_PROCESS_CPU_US,
			in_us(&usage.ru_utime) + in_us(&usage.ru_stime));
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		set(process, API_PROCESS_MAX_FDS, files.rlim_cur);
}

/* "size resident shared …" in pages. */
static void
note_memory(struct api_process *process)
{
	FILE *file = fopen("/proc/self/statm", "re");
	uint64_t pages;

	if (file == NULL)
		return;
	if (fscanf(file, "%*u %" SCNu64, &pages) == 1)
		set(process, API_PROCESS_RESIDENT_BYTES,
			pages * (uint64_t)sysconf(_SC_PAGESIZE));
	(void)fclose(file);
}

static void
note_fds(struct api_process *process)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	uint64_t count = 0;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	set(process, API_PROCESS_OPEN_FDS, count - 1); /* but the folder's */
}

void
handlers_process_begin(struct api_process *process)
{
	set(process, API_PROCESS_BEGAN_MS, (uint64_t)handlers_clock_unix_ms());
	handlers_process_note(process);
}

void
handlers_process_note(struct api_process *process)
{
	note_usage(process);
	note_memory(process);
	note_fds(process);
}
