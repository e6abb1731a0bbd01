/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

/* Short names, so that a row fits a line. */
enum {
	NOTHING = 0,
	RESET = EFFECT_RESET,
	SUCCEED = EFFECT_SUCCEED,
	FAIL = EFFECT_FAIL,
	GOOD = EFFECT_GOOD,
	GO_BACK = EFFECT_GO_BACK,
	ROLL = EFFECT_ROLL,
	REMOVE = EFFECT_REMOVE,
	OBSERVED = EFFECT_OBSERVED,
	AGAIN = EFFECT_AGAIN,
};

#define ROW(from, event, guard, to, effects, answer, note)              \
	{                                                               \
		STATE_##from, EVENT_##event, GUARD_##guard, STATE_##to, \
			effects, ANSWER_##answer, note                  \
	}

/* A request that is accepted, is so already, is refused. */
#define ACCEPT(from, event, guard, to, effects, note) \
	ROW(from, event, guard, to, effects, ACCEPT, note)
#define NOOP(state, event, note) \
	ROW(state, event, NONE, state, NOTHING, NOOP, note)
#define REFUSE(state, event, note) \
	ROW(state, event, NONE, state, NOTHING, REFUSE, note)

/* An observation that moves, and one that changes nothing. */
#define MOVE(from, event, guard, to, effects, note) \
	ROW(from, event, guard, to, effects, NOOP, note)
#define STAY(state, event, note) MOVE(state, event, NONE, state, NOTHING, note)

/* clang-format off */
static const struct state_row rows[] = {
	ACCEPT(PENDING, SPEC, NONE, PENDING, RESET | OBSERVED, "a new spec"),
	ACCEPT(PENDING, STOP, NEVER_APPLIED, STOPPED, SUCCEED, "nothing runs"),
	ACCEPT(PENDING, STOP, APPLIED, STOPPING, RESET, "stop asked"),
	NOOP(PENDING, RESTART, "starts anyway"),
	ACCEPT(PENDING, DELETE, NONE, DELETING, RESET, "deletion asked"),
	MOVE(PENDING, APPLIED, NONE, STARTING, NOTHING, "all stages done"),
	STAY(PENDING, ABSENT, "not applied yet"),
	STAY(PENDING, WAITING, "stages still run"),
	STAY(PENDING, PARTIAL, "stages still run"),
	STAY(PENDING, READY, "stages still run"),
	MOVE(PENDING, FAILED, NONE, ERROR, FAIL, "it will not heal"),
	MOVE(PENDING, TAKEN, NEVER_APPLIED, PENDING, FAIL | REMOVE,
		"it is not accepted"),
	MOVE(PENDING, TAKEN, APPLIED, ERROR, FAIL, "it will not heal"),
	STAY(PENDING, UNKNOWN, "the cluster did not answer"),
	MOVE(PENDING, TIMEOUT, NONE, ERROR, FAIL, "start time is over"),
	STAY(PENDING, DOWN, "stages still run"),
	STAY(PENDING, GONE, "not applied yet"),

	ACCEPT(STARTING, SPEC, NONE, UPDATING, RESET | OBSERVED, "a new spec"),
	ACCEPT(STARTING, STOP, NONE, STOPPING, RESET, "stop asked"),
	NOOP(STARTING, RESTART, "starts already"),
	ACCEPT(STARTING, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(STARTING, APPLIED, "not ready yet"),
	MOVE(STARTING, ABSENT, NONE, PENDING, AGAIN, "gone: apply again"),
	STAY(STARTING, WAITING, "not ready yet"),
	STAY(STARTING, PARTIAL, "not ready yet"),
	MOVE(STARTING, READY, NONE, RUNNING, SUCCEED | GOOD, "all is ready"),
	MOVE(STARTING, FAILED, NONE, ERROR, FAIL, "it will not heal"),
	MOVE(STARTING, TAKEN, NONE, ERROR, FAIL, "it will not heal"),
	STAY(STARTING, UNKNOWN, "the cluster did not answer"),
	MOVE(STARTING, TIMEOUT, NONE, ERROR, FAIL, "start time is over"),
	STAY(STARTING, DOWN, "not ready yet"),
	STAY(STARTING, GONE, "not ready yet"),

	ACCEPT(RUNNING, SPEC, NONE, UPDATING, RESET | OBSERVED, "a new spec"),
	ACCEPT(RUNNING, STOP, NONE, STOPPING, RESET, "stop asked"),
	ACCEPT(RUNNING, RESTART, NONE, STARTING, ROLL, "rolling restart"),
	ACCEPT(RUNNING, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(RUNNING, APPLIED, "nothing to apply"),
	MOVE(RUNNING, ABSENT, NONE, DEGRADED, RESET, "gone: apply again"),
	MOVE(RUNNING, WAITING, NONE, DEGRADED, NOTHING, "not ready any more"),
	MOVE(RUNNING, PARTIAL, NONE, DEGRADED, NOTHING, "a part is not ready"),
	STAY(RUNNING, READY, "all is ready"),
	MOVE(RUNNING, FAILED, NONE, DEGRADED, NOTHING, "it will not heal"),
	STAY(RUNNING, TAKEN, "nothing is applied"),
	STAY(RUNNING, UNKNOWN, "the cluster did not answer"),
	STAY(RUNNING, TIMEOUT, "no clock runs"),
	STAY(RUNNING, DOWN, "nobody asked for it"),
	STAY(RUNNING, GONE, "nobody asked for it"),

	ACCEPT(DEGRADED, SPEC, NONE, UPDATING, RESET | OBSERVED, "a new spec"),
	ACCEPT(DEGRADED, STOP, NONE, STOPPING, RESET, "stop asked"),
	ACCEPT(DEGRADED, RESTART, NONE, STARTING, ROLL, "rolling restart"),
	ACCEPT(DEGRADED, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(DEGRADED, APPLIED, "applied again"),
	MOVE(DEGRADED, ABSENT, NONE, DEGRADED, AGAIN, "gone: apply again"),
	STAY(DEGRADED, WAITING, "still not ready"),
	STAY(DEGRADED, PARTIAL, "still not ready"),
	MOVE(DEGRADED, READY, NONE, RUNNING, NOTHING, "all is ready again"),
	STAY(DEGRADED, FAILED, "still not ready"),
	STAY(DEGRADED, TAKEN, "still not ready"),
	STAY(DEGRADED, UNKNOWN, "the cluster did not answer"),
	STAY(DEGRADED, TIMEOUT, "no clock runs"),
	STAY(DEGRADED, DOWN, "nobody asked for it"),
	STAY(DEGRADED, GONE, "nobody asked for it"),

	ACCEPT(UPDATING, SPEC, NONE, UPDATING, RESET | OBSERVED, "newest wins"),
	ACCEPT(UPDATING, STOP, NONE, STOPPING, RESET, "stop asked"),
	REFUSE(UPDATING, RESTART, "an update runs"),
	ACCEPT(UPDATING, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(UPDATING, APPLIED, "not ready yet"),
	MOVE(UPDATING, ABSENT, NONE, UPDATING, AGAIN, "gone: apply again"),
	STAY(UPDATING, WAITING, "not ready yet"),
	STAY(UPDATING, PARTIAL, "not ready yet"),
	MOVE(UPDATING, READY, GOING_FORWARD, RUNNING, SUCCEED | GOOD,
		"updated"),
	MOVE(UPDATING, READY, GOING_BACK, RUNNING, NOTHING,
		"the good spec runs"),
	MOVE(UPDATING, FAILED, CAN_GO_BACK, UPDATING, FAIL | GO_BACK | RESET,
		"it will not heal: back to the good spec"),
	MOVE(UPDATING, FAILED, CANNOT_GO_BACK, ERROR, FAIL,
		"it will not heal"),
	MOVE(UPDATING, TAKEN, CAN_GO_BACK, UPDATING, FAIL | GO_BACK | RESET,
		"it will not heal: back to the good spec"),
	MOVE(UPDATING, TAKEN, CANNOT_GO_BACK, ERROR, FAIL,
		"it will not heal"),
	STAY(UPDATING, UNKNOWN, "the cluster did not answer"),
	MOVE(UPDATING, TIMEOUT, CAN_GO_BACK, UPDATING, FAIL | GO_BACK | RESET,
		"start time is over: back to the good spec"),
	MOVE(UPDATING, TIMEOUT, CANNOT_GO_BACK, ERROR, FAIL,
		"start time is over"),
	STAY(UPDATING, DOWN, "not ready yet"),
	STAY(UPDATING, GONE, "not ready yet"),

	ACCEPT(STOPPING, SPEC, NONE, STOPPING, OBSERVED, "for the next start"),
	NOOP(STOPPING, STOP, "stops already"),
	ACCEPT(STOPPING, RESTART, NONE, STOPPING, NOTHING,
		"starts once stopped"),
	ACCEPT(STOPPING, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(STOPPING, APPLIED, "not down yet"),
	STAY(STOPPING, ABSENT, "not down yet"),
	STAY(STOPPING, WAITING, "not down yet"),
	STAY(STOPPING, PARTIAL, "not down yet"),
	STAY(STOPPING, READY, "not down yet"),
	STAY(STOPPING, FAILED, "not down yet"),
	STAY(STOPPING, TAKEN, "nothing is applied"),
	STAY(STOPPING, UNKNOWN, "the cluster did not answer"),
	STAY(STOPPING, TIMEOUT, "not down yet"),
	MOVE(STOPPING, DOWN, NONE, STOPPED, SUCCEED, "scaled to 0"),
	STAY(STOPPING, GONE, "not down yet"),

	ACCEPT(STOPPED, SPEC, NONE, STOPPED, OBSERVED | SUCCEED,
		"for the next start"),
	NOOP(STOPPED, STOP, "stopped already"),
	ACCEPT(STOPPED, RESTART, NONE, PENDING, RESET, "start asked"),
	ACCEPT(STOPPED, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(STOPPED, APPLIED, "stopped"),
	STAY(STOPPED, ABSENT, "stopped"),
	STAY(STOPPED, WAITING, "stopped"),
	STAY(STOPPED, PARTIAL, "stopped"),
	STAY(STOPPED, READY, "stopped"),
	STAY(STOPPED, FAILED, "stopped"),
	STAY(STOPPED, TAKEN, "stopped"),
	STAY(STOPPED, UNKNOWN, "the cluster did not answer"),
	STAY(STOPPED, TIMEOUT, "stopped"),
	STAY(STOPPED, DOWN, "stopped"),
	STAY(STOPPED, GONE, "stopped"),

	REFUSE(DELETING, SPEC, "it is being deleted"),
	REFUSE(DELETING, STOP, "it is being deleted"),
	REFUSE(DELETING, RESTART, "it is being deleted"),
	NOOP(DELETING, DELETE, "deletion runs"),
	STAY(DELETING, APPLIED, "not gone yet"),
	STAY(DELETING, ABSENT, "not gone yet"),
	STAY(DELETING, WAITING, "not gone yet"),
	STAY(DELETING, PARTIAL, "not gone yet"),
	STAY(DELETING, READY, "not gone yet"),
	STAY(DELETING, FAILED, "not gone yet"),
	STAY(DELETING, TAKEN, "not gone yet"),
	STAY(DELETING, UNKNOWN, "the cluster did not answer"),
	STAY(DELETING, TIMEOUT, "not gone yet"),
	STAY(DELETING, DOWN, "not gone yet"),
	MOVE(DELETING, GONE, NONE, DELETING, SUCCEED | REMOVE, "uninstalled"),

	ACCEPT(ERROR, SPEC, NONE, PENDING, RESET | OBSERVED, "a new spec"),
	ACCEPT(ERROR, STOP, NONE, STOPPING, RESET, "stop asked"),
	ACCEPT(ERROR, RESTART, NONE, PENDING, RESET, "another try asked"),
	ACCEPT(ERROR, DELETE, NONE, DELETING, RESET, "deletion asked"),
	STAY(ERROR, APPLIED, "nothing is applied"),
	STAY(ERROR, ABSENT, "waits for a request"),
	STAY(ERROR, WAITING, "waits for a request"),
	STAY(ERROR, PARTIAL, "waits for a request"),
	MOVE(ERROR, READY, NONE, RUNNING, GOOD, "it healed by itself"),
	STAY(ERROR, FAILED, "waits for a request"),
	STAY(ERROR, TAKEN, "waits for a request"),
	STAY(ERROR, UNKNOWN, "the cluster did not answer"),
	STAY(ERROR, TIMEOUT, "waits for a request"),
	STAY(ERROR, DOWN, "waits for a request"),
	STAY(ERROR, GONE, "waits for a request"),
};
/* clang-format on */

const struct state_row *
state_table(size_t *count)
{
	*count = COUNT_OF(rows);
	return rows;
}
