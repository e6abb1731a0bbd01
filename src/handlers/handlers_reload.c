/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_reload.h"

#include "handlers/handlers_clock.h"
#include "tls/tls.h"

#include <kore/kore.h>

#include <signal.h>
#include <string.h>

#define AGAIN_MS 1000U

int
handlers_reload_check(const struct config *config, struct err *e)
{
	if (!config_has_tls(config))
		return 0;
	return tls_check(config->tls_certificate, config->tls_key,
		handlers_clock_unix_ms() / 1000, e);
}

/* Kore numbers its workers from 1. Those that begin from now on are copies of
 * this process, and need no word. */
static void
tell_workers(const struct config *config)
{
	for (unsigned id = 1; id <= config->workers; id++)
		kore_msg_send((u_int16_t)id, HANDLERS_RELOAD_MESSAGE, config,
			sizeof(*config));
	/* The keymgr takes it for a wish to read its files again. */
	kore_worker_dispatch_signal(SIGUSR1);
}

static void
adopt(struct config *current, const struct config *wanted, struct log *log)
{
	config_adopt(current, wanted);
	log->threshold = current->log_level;
}

/* The certificate is looked at where it is served from. */
static void
reload(struct handlers_reload *r, struct arena *arena)
{
	struct config wanted;
	struct err e;

	if (run_config_read(arena, r->run->config_file, &wanted, &e) != 0 ||
		handlers_reload_check(r->config, &e) != 0) {
		LOG_EVENT(r->log, LOG_LEVEL_ERROR, "reload_refused",
			LOG_TEXT("why", e.message));
		return;
	}
	adopt(r->config, &wanted, r->log);
	tell_workers(r->config);
	LOG_EVENT(r->log, LOG_LEVEL_INFO, "reloaded",
		LOG_TEXT("needs_restart",
			config_postponed(arena, r->config, &wanted)));
}

static void
on_time(void *arg, u_int64_t now_ms)
{
	struct handlers_reload *r = arg;
	struct arena *arena = arena_new();

	r->is_asked = false;
	r->again_ms = now_ms + AGAIN_MS;
	reload(r, arena);
	arena_free(arena);
}

void
handlers_reload_ask(struct handlers_reload *r)
{
	const uint64_t now_ms = kore_time_ms();

	if (r->is_asked)
		return;
	r->is_asked = true;
	kore_timer_add(on_time, r->again_ms > now_ms ? r->again_ms - now_ms : 0,
		r, KORE_TIMER_ONESHOT);
}

void
handlers_reload_take(
	const void *data, size_t len, struct config *current, struct log *log)
{
	struct config wanted;

	if (len != sizeof(wanted))
		return;
	memcpy(&wanted, data, sizeof(wanted));
	adopt(current, &wanted, log);
	LOG_EVENT(log, LOG_LEVEL_DEBUG, "worker_reloaded",
		LOG_INT("pid", kore_pid));
}
