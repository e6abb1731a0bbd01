/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_supervise.h"

#include "auth/auth.h"
#include "run/run_child.h"
#include "run/run_first.h"
#include "run/run_lines.h"
#include "run/run_postgres.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define PREPARE_PAUSE_MS 200
/* The API serves (503) without a database; one that is only starting is worth
 * a short wait. */
#define API_PATIENCE_MS 500
/* How long that is no news, and how often it is told then. */
#define AWAY_PATIENCE_MS 3000
#define AWAY_NOTE_MS 5000

/* Order of start; they are stopped in the reverse one. */
enum child { POSTGRES, API, APPLY, CHILD_COUNT };

struct supervisor {
	struct run_shell *shell;
	struct run_child children[CHILD_COUNT];
	bool is_used[CHILD_COUNT];
	bool is_prepared; /* schema, keys, admin */
	bool is_over;
	int64_t begin_ms;
	int64_t prepare_at_ms;
	int64_t note_away_ms; /* not before */
	int signals;          /* signalfd */
	struct run_postgres postgres;
	struct run_lines postgres_says;
};

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
note(const struct supervisor *s, const char *event, const struct err *e)
{
	LOG_EVENT(&s->shell->log, LOG_LEVEL_WARN, event,
		LOG_TEXT("why", e->message));
}

/* --- children
 * ------------------------------------------------------------------ */

static char **
own_argv(struct arena *arena, const struct run_shell *shell, const char *name)
{
	char **argv = arena_array(arena, 4, sizeof(*argv));

	argv[0] = arena_text(arena, "roasterd");
	argv[1] = arena_text(arena, name);
	if (shell->config_file != NULL)
		argv[2] =
			arena_format(arena, "--config=%s", shell->config_file);
	return argv;
}

static void
define_own(struct supervisor *s, enum child which, const char *name,
	int orphan_signal, unsigned stop_ms)
{
	struct arena *arena = s->shell->arena;

	s->is_used[which] = true;
	s->children[which] = (struct run_child){.name = name,
		.program = "/proc/self/exe",
		.argv = own_argv(arena, s->shell, name),
		.stop_signal = SIGTERM,
		.orphan_signal = orphan_signal,
		.stop_ms = stop_ms};
}

static int
define_postgres(struct supervisor *s, struct err *e)
{
	const struct run_postgres *postgres = &s->postgres;

	if (!s->shell->paths.is_embedded)
		return 0;
	if (run_postgres_prepare(s->shell, &s->postgres, e) == -1 ||
		run_lines_open(&s->postgres_says, e) == -1)
		return -1;
	s->is_used[POSTGRES] = true;
	s->children[POSTGRES] = (struct run_child){.name = "postgres",
		.program = postgres->program,
		.argv = run_postgres_argv(s->shell->arena, postgres),
		.account = postgres->account,
		.stop_signal = SIGINT, /* fast shutdown */
		.orphan_signal = SIGINT,
		.errors = s->postgres_says.write_fd,
		.stop_ms = 20000};
	return 0;
}

static int
define_children(struct supervisor *s, struct err *e)
{
	if (define_postgres(s, e) == -1)
		return -1;
	/* Without a supervisor the port has to be free for the next one, at
	 * once; the applier may end its helms in order. */
	define_own(s, API, "api", SIGKILL, 12000);
	define_own(s, APPLY, "apply", SIGTERM, 25000);
	return 0;
}

static bool
is_due(struct supervisor *s, enum child which, int64_t now_ms)
{
	const struct run_child *child = &s->children[which];

	if (!s->is_used[which] || child->pid != 0 ||
		now_ms < child->start_at_ms)
		return false;
	if (which == API)
		return s->is_prepared ||
		       now_ms - s->begin_ms >= API_PATIENCE_MS;
	return which == POSTGRES
		       ? run_postgres_take_over(s->shell, &s->postgres)
		       : s->is_prepared;
}

static void
start_due(struct supervisor *s)
{
	int64_t now_ms = clock_ms();
	struct err e;

	for (unsigned i = 0; i < CHILD_COUNT; i++) {
		if (!is_due(s, i, now_ms))
			continue;
		if (run_child_start(&s->children[i], now_ms, &e) == -1) {
			note(s, "child_not_started", &e);
			s->children[i].start_at_ms = now_ms + 1000;
			continue;
		}
		LOG_EVENT(&s->shell->log, LOG_LEVEL_INFO, "child_started",
			LOG_TEXT("child", s->children[i].name),
			LOG_INT("pid", s->children[i].pid));
	}
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (unsigned i = 0; i < CHILD_COUNT; i++) {
			if (s->children[i].pid == pid)
				run_child_ended(&s->children[i], status,
					clock_ms(), &s->shell->log);
		}
	}
}

/* --- first things
 * ------------------------------------------------------------------ */

static void
prepare(struct supervisor *s)
{
	int64_t now_ms = clock_ms();
	struct err e;

	if (s->is_prepared || s->postgres.leftover != 0 ||
		now_ms < s->prepare_at_ms)
		return;
	s->prepare_at_ms = now_ms + PREPARE_PAUSE_MS;
	if (run_first_prepare(s->shell, &e) == 0 &&
		run_first_admin(s->shell, &e) == 0) {
		s->is_prepared = true;
		return;
	}
	/* A database that is newer or broken does not heal by waiting. */
	if (e.code != ERR_UNAVAILABLE) {
		LOG_EVENT(&s->shell->log, LOG_LEVEL_ERROR, "cannot_begin",
			LOG_TEXT("why", e.message));
		s->is_over = true;
	} else if (now_ms >= s->note_away_ms) {
		note(s, "database_away", &e);
		s->note_away_ms = now_ms + AWAY_NOTE_MS;
	}
}

/* --- the loop
 * ------------------------------------------------------------------------ */

static void
forward(struct supervisor *s, int signal_number)
{
	for (unsigned i = API; i < CHILD_COUNT; i++) {
		if (s->children[i].pid != 0)
			(void)kill(s->children[i].pid, signal_number);
	}
}

/* Wait a tick, or for a signal. */
static void
listen_tick(struct supervisor *s)
{
	struct pollfd p[] = {{.fd = s->signals, .events = POLLIN},
		{.fd = s->postgres_says.read_fd, .events = POLLIN}};
	struct signalfd_siginfo info;

	if (poll(p, COUNT_OF(p), TICK_MS) < 1)
		return;
	if (p[1].revents != 0)
		run_lines_read(&s->postgres_says, &s->shell->log, "postgres");
	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			forward(s, SIGHUP);
		else if (info.ssi_signo != SIGCHLD)
			s->is_over = true;
	}
}

static void
stop_child(struct supervisor *s, struct run_child *child)
{
	int64_t until_ms = clock_ms() + child->stop_ms;

	if (child->pid == 0)
		return;
	(void)kill(child->pid, child->stop_signal);
	while (child->pid != 0) {
		listen_tick(s);
		reap(s);
		if (child->pid != 0 && clock_ms() >= until_ms) {
			(void)kill(child->pid, SIGKILL);
			until_ms = INT64_MAX;
		}
	}
}

/* api and apply at the same time, the database they need last. */
static void
stop_all(struct supervisor *s)
{
	LOG_EVENT(&s->shell->log, LOG_LEVEL_INFO, "stopping",
		LOG_INT("pid", getpid()));
	forward(s, SIGTERM);
	for (unsigned i = CHILD_COUNT; i-- > 0;)
		stop_child(s, &s->children[i]);
}

static int
open_signals(struct supervisor *s, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "sigprocmask: %s",
			strerror(errno));
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals == -1)
		return err_set(e, ERR_UNAVAILABLE, "", "signalfd: %s",
			strerror(errno));
	return 0;
}

int
run_supervise(struct run_shell *shell)
{
	struct supervisor s = {.shell = shell,
		.postgres_says = {.read_fd = -1, .write_fd = -1}};
	struct err e;

	if (open_signals(&s, &e) == -1 ||
		auth_keys_create(shell->paths.keys, &e) == -1 ||
		define_children(&s, &e) == -1) {
		LOG_EVENT(&shell->log, LOG_LEVEL_ERROR, "cannot_begin",
			LOG_TEXT("why", e.message));
		return EXIT_FAILURE;
	}
	s.begin_ms = clock_ms();
	s.note_away_ms = s.begin_ms + AWAY_PATIENCE_MS;
	while (!s.is_over) {
		reap(&s);
		start_due(&s);
		prepare(&s);
		listen_tick(&s);
	}
	stop_all(&s);
	run_lines_close(&s.postgres_says);
	return s.is_prepared ? EXIT_SUCCESS : EXIT_FAILURE;
}
