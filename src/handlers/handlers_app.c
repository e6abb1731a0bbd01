/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where Kore and roasterd meet: Kore finds these functions by name. They take
 * no argument, so this file holds the one global of the program.
 */
#include "handlers/handlers_app.h"

#include "auth/auth.h"
#include "base/base_time.h"
#include "handlers/handlers_clock.h"
#include "handlers/handlers_db.h"
#include "handlers/handlers_http.h"
#include "handlers/handlers_kore.h"
#include "handlers/handlers_log.h"
#include "handlers/handlers_process.h"
#include "handlers/handlers_reload.h"
#include "run/run.h"

#include <kore/hooks.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define WAIT_TICK_MS 100U
#define DB_WAITING_MAX 512U

static const char version[] =
#include "version.inc"
	;

static struct app {
	struct run_api run;
	struct config config; /* with what was changed since the start */
	struct log log;
	struct handlers_reload reload;
	struct auth_keys *keys;
	struct api_rate rate;  /* each worker writes to its own copy */
	struct auth_pool pool; /* the same; empty in the parent */
	struct api_context api;
	struct handlers_db db;
	struct handlers_wait wait;
	struct handlers_password password;
	struct handlers_http http;
} app;

/* --- parent --------------------------------------------------------------- */

static void
on_kore_log(int priority, const char *who, const char *text)
{
	handlers_log_kore(&app.log, priority, who, text);
}

/* What Kore refuses never becomes a request, but it has an id all the same. */
static void
on_kore_error(int status, struct kore_buf *headers, struct kore_buf *body)
{
	struct arena *arena = arena_new();
	unsigned char random[10];
	char id[UUID_TEXT_SIZE];
	struct bytes problem;

	auth_random(random, sizeof(random));
	uuid_v7(handlers_clock_unix_ms(), random, id);
	problem = api_problem_body(arena, status, id);
	kore_buf_appendf(headers, "content-type: %s\r\nx-request-id: %s\r\n",
		API_PROBLEM_TYPE, id);
	if (status == HTTP_STATUS_SERVICE_UNAVAILABLE)
		kore_buf_appendf(headers, "retry-after: 1\r\n");
	kore_buf_append(body, problem.data, problem.len);
	arena_free(arena);
	LOG_EVENT(&app.log, LOG_LEVEL_INFO, "http_refused",
		LOG_INT("status", status), LOG_TEXT("request_id", id));
}

static _Noreturn void
give_up(const struct err *e)
{
	LOG_EVENT(&app.log, LOG_LEVEL_ERROR, "api_failed",
		LOG_TEXT("why", e->message));
	exit(1);
}

/* Shared by all workers, and by those that replace them. */
static struct api_metrics *
metrics_new(void)
{
	void *memory = mmap(NULL, sizeof(struct api_metrics),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void
kore_parent_configure(int argc, char **argv)
{
	struct err e;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	run_main(argc, argv, &app.run);
	app.config = *app.run.config;
	handlers_log_init(&app.log, app.config.log_level);
	kore_log_hook = on_kore_log;
	http_error_hook = on_kore_error;
	auth_init();
	if (auth_keys_load(app.run.keys_dir, AUTH_KEYS_SEAL, &app.keys, &e) !=
			0 ||
		handlers_reload_check(&app.config, &e) != 0 ||
		handlers_kore_configure(&app.config, &e) != 0)
		give_up(&e);
	app.reload = (struct handlers_reload){
		.run = &app.run, .config = &app.config, .log = &app.log};
	app.api = (struct api_context){
		.config = &app.config,
		.keys = app.keys,
		.metrics = metrics_new(),
		.rate = &app.rate,
		.pool = &app.pool,
		.log = &app.log,
		.version = version,
	};
	LOG_EVENT(&app.log, LOG_LEVEL_INFO, "api_started",
		LOG_TEXT("version", version),
		LOG_TEXT("scheme",
			config_has_tls(&app.config) ? "https" : "http"),
		LOG_TEXT("bind", app.config.bind),
		LOG_INT("port", app.config.port),
		LOG_INT("workers", app.config.workers));
}

void
kore_parent_reload(void)
{
	handlers_reload_ask(&app.reload);
}

void
kore_parent_teardown(void)
{
	LOG_EVENT(&app.log, LOG_LEVEL_INFO, "api_stopped",
		LOG_INT("pid", kore_pid));
}

/* --- worker --------------------------------------------------------------- */

static void
on_notified(void *cookie, const char *payload)
{
	handlers_wait_notify(cookie, payload);
}

static void
on_wait_tick(void *arg, u_int64_t now_ms)
{
	handlers_wait_tick(arg, now_ms);
}

static void
on_process_tick(void *arg, u_int64_t now_ms)
{
	(void)now_ms;
	handlers_process_note(arg);
}

/* Kore counts its workers from 1. */
static void
start_process(void)
{
	unsigned number = worker->id - 1U;
	struct api_process *process;

	if (app.api.metrics == NULL || number >= API_METRICS_WORKERS)
		return;
	process = &app.api.metrics->workers[number];
	handlers_process_begin(process);
	kore_timer_add(on_process_tick, HANDLERS_PROCESS_MS, process, 0);
}

static void
on_reload(struct kore_msg *message, const void *data)
{
	handlers_reload_take(data, message->length, &app.config, &app.log);
}

static void
start_db(void)
{
	const struct db_config config = {
		.conninfo = app.run.conninfo,
		.app_name = "roasterd api",
		.listen = API_EVENT_CHANNEL,
		.reads = 1,
		.writes = 4,
		.read_depth = 64,
		.write_depth = 2,
		/* A lost LISTEN makes all that wait ask again at once. */
		.waiting_max = DB_WAITING_MAX + app.config.waiters_max,
		.statement_ms = 5000,
		.connect_ms = 10000,
		.patience_ms = 2000,
		.wake_gap_ms = 5,
		.silence_ms = 8000,
	};

	app.db.log = &app.log;
	app.db.cookie = &app.wait;
	app.db.notified = on_notified;
	handlers_db_start(&app.db, &config);
}

/* One hash a core at a time, over all workers. */
static unsigned
password_threads(void)
{
	unsigned cores = cpu_count;

	if (cores > HANDLERS_PASSWORD_THREADS_MAX)
		cores = HANDLERS_PASSWORD_THREADS_MAX;
	return cores / app.config.workers;
}

void
kore_worker_configure(void)
{
	handlers_wait_init(
		&app.wait, app.config.waiters_max, handlers_http_on_wait);
	handlers_password_start(
		&app.password, password_threads(), handlers_http_on_password);
	start_db();
	app.http = (struct handlers_http){
		.api = &app.api,
		.pool = app.db.pool,
		.wait = &app.wait,
		.password = &app.password,
	};
	(void)kore_msg_register(HANDLERS_RELOAD_MESSAGE, on_reload);
	kore_timer_add(on_wait_tick, WAIT_TICK_MS, &app.wait, 0);
	start_process();
	LOG_EVENT(&app.log, LOG_LEVEL_INFO, "worker_started",
		LOG_INT("pid", kore_pid));
}

/* SIGTERM: those that wait get their answer now, the others when it is
 * there. */
void
kore_worker_drain(void)
{
	app.api.is_draining = true;
	handlers_wait_close(&app.wait);
}

void
kore_worker_teardown(void)
{
	handlers_password_stop(&app.password);
	handlers_db_stop(&app.db);
}

int
handlers_dispatch(struct http_request *http)
{
	return handlers_http_dispatch(&app.http, http);
}

int
handlers_request_free(struct http_request *http)
{
	handlers_http_free(http);
	return KORE_RESULT_OK;
}
