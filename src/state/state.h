/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a component's state may become, as one table. API answers, the applier,
 * docs/states.md and the tests all come from it. Pure: no clock, no random.
 */
#ifndef STATE_H
#define STATE_H

#include "base/base_buf.h"

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
/* name, text, does it run the kind's stages, what the applier does meanwhile */
#define STATES(X)                                                              \
	X(PENDING,  "Pending",  true,  "runs the stages, each idempotent")     \
	X(STARTING, "Starting", false, "observes until ready")                 \
	X(RUNNING,  "Running",  false, "observes")                             \
	X(DEGRADED, "Degraded", true,  "observes; applies again what is gone") \
	X(UPDATING, "Updating", true,  "runs the stages, then observes")       \
	X(STOPPING, "Stopping", false, "scales to 0 and observes")             \
	X(STOPPED,  "Stopped",  false, "nothing")                              \
	X(DELETING, "Deleting", false, "uninstalls in reverse order")          \
	X(ERROR,    "Error",    false, "observes only; objects stay")

/* name, text, how a client asks for it; NULL: no request, an observation */
#define STATE_EVENTS(X)                                                  \
	X(SPEC,    "new spec",  "create")                                \
	X(STOP,    "STOP",      "stop")                                  \
	X(RESTART, "RESTART",   "restart")                               \
	X(DELETE,  "DELETE",    "delete")                                \
	X(APPLIED, "all stages done", NULL)                              \
	X(ABSENT,  "objects are gone", NULL)                             \
	X(WAITING, "nothing ready yet", NULL)                            \
	X(PARTIAL, "partly ready", NULL)                                 \
	X(READY,   "ready", NULL)                                        \
	X(FAILED,  "a cause that never heals", NULL)                     \
	X(TAKEN,   "a name is somebody else's", NULL)                    \
	X(UNKNOWN, "the cluster did not answer", NULL)                   \
	X(TIMEOUT, "start time over", NULL)                              \
	X(DOWN,    "scaled to 0", NULL)                                  \
	X(GONE,    "uninstalled", NULL)
/* clang-format on */

enum state {
#define X(name, text, runs_stages, help) STATE_##name,
	STATES(X)
#undef X
		STATE_COUNT
};

enum state_event {
#define X(name, text, word) EVENT_##name,
	STATE_EVENTS(X)
#undef X
		EVENT_COUNT
};

/* What the API answers to a request. */
enum state_answer {
	ANSWER_ACCEPT, /* 202: an operation */
	ANSWER_NOOP,   /* 200: it is so already */
	ANSWER_REFUSE, /* 409 */
};

/* What is recorded in the same transaction as the move. */
enum state_effect {
	EFFECT_RESET = 1,    /* start with the first stage, clock anew */
	EFFECT_SUCCEED = 2,  /* the running operation succeeded */
	EFFECT_FAIL = 4,     /* the running operation failed */
	EFFECT_GOOD = 8,     /* this generation is the last good one */
	EFFECT_GO_BACK = 16, /* mark the generation failed, run the good one */
	EFFECT_ROLL = 32,    /* restart the pods one by one */
	EFFECT_REMOVE = 64,  /* the component's row goes */
	EFFECT_OBSERVED = 128, /* the generation was taken up */
	EFFECT_AGAIN = 256,    /* start with the first stage, after a pause; the
				* clock goes on */
};

enum state_guard {
	GUARD_NONE,
	GUARD_NEVER_APPLIED, /* no helm ever ran for it */
	GUARD_APPLIED,
	GUARD_CAN_GO_BACK, /* there is a good generation, not being run */
	GUARD_CANNOT_GO_BACK,
	GUARD_GOING_BACK, /* the good generation runs after a failure */
	GUARD_GOING_FORWARD,
};

struct state_facts {
	bool is_applied;
	bool has_good; /* another generation than the wanted one was Running */
	bool is_going_back;
};

struct state_row {
	enum state from;
	enum state_event event;
	enum state_guard guard;
	enum state to;
	unsigned effects;         /* of enum state_effect */
	enum state_answer answer; /* of a request */
	const char *note; /* one phrase for docs and events; never NULL */
};

/** The whole table, for docs and tests; ${count} rows. */
const struct state_row *state_table(size_t *count);

/**
 * The row for ${event} in ${from}; every pair has exactly one row whose guard
 * holds for ${facts}, so never NULL.  A row with to == from and no effects
 * changes nothing.
 */
const struct state_row *state_next(enum state from, enum state_event event,
	const struct state_facts *facts);

/** Whether ${event} changes anything in ${from}, which no guard decides. */
bool state_moves(enum state from, enum state_event event);

/** What to answer to request ${event} in ${from}; not dependent on guards. */
enum state_answer state_answer(enum state from, enum state_event event);

const char *state_text(enum state state);
const char *state_event_text(enum state_event event);

/** What clients call request ${event}, as in the paths of /v1; NULL: it is an
 * observation. */
const char *state_request_word(enum state_event event);

/** Whether the kind's stages run in ${state} (while some are left). */
bool state_runs_stages(enum state state);

/** 0 and ${out}, or -1 if ${text} names no state. */
int state_parse(const char *text, enum state *out);

#define STATE_BACKOFF_MIN_MS 1000U
#define STATE_BACKOFF_MAX_MS 60000U

/** Milliseconds until try number ${attempt} (from 1): doubling from
 * STATE_BACKOFF_MIN_MS to the maximum, less up to a quarter by ${random}. */
unsigned state_backoff(unsigned attempt, uint32_t random);

/** docs/states.md: the states, the table of requests, the table of
 * observations. */
void state_markdown(struct buf *out);

#endif
