/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"

#include <signal.h>

/* SIGTERM once, then SIGKILL once. */
static int
send(struct proc_stop *stop, int sig, uint64_t now_ms)
{
	stop->sent = sig;
	stop->due_ms = sig == SIGTERM ? now_ms + PROC_GRACE_MS : UINT64_MAX;
	return sig;
}

int
proc_stop_signal(
	struct proc_stop *stop, uint64_t now_ms, enum proc_verdict verdict)
{
	if (stop->sent == SIGKILL)
		return 0;
	if (verdict == PROC_KILL) {
		stop->is_stopped = true;
		return send(stop, SIGKILL, now_ms);
	}
	if (verdict == PROC_TERMINATE && stop->sent == 0) {
		stop->is_stopped = true;
		return send(stop, SIGTERM, now_ms);
	}
	if (now_ms < stop->due_ms)
		return 0;
	if (stop->sent == SIGTERM)
		return send(stop, SIGKILL, now_ms);
	stop->is_timed_out = true;
	return send(stop, SIGTERM, now_ms);
}
