/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include <assert.h>
#include <string.h>

struct state_word {
	const char *text;
	bool runs_stages;
};

static const struct state_word states[] = {
#define X(name, text, runs_stages, help) {text, runs_stages},
	STATES(X)
#undef X
};

static const struct state_event_words {
	const char *text, *word;
} events[] = {
#define X(name, text, word) {text, word},
	STATE_EVENTS(X)
#undef X
};

static bool
guard_holds(enum state_guard guard, const struct state_facts *facts)
{
	const bool can_go_back = facts->has_good && !facts->is_going_back;
	const bool holds[] = {
		[GUARD_NONE] = true,
		[GUARD_NEVER_APPLIED] = !facts->is_applied,
		[GUARD_APPLIED] = facts->is_applied,
		[GUARD_CAN_GO_BACK] = can_go_back,
		[GUARD_CANNOT_GO_BACK] = !can_go_back,
		[GUARD_GOING_BACK] = facts->is_going_back,
		[GUARD_GOING_FORWARD] = !facts->is_going_back,
	};

	return holds[guard];
}

const struct state_row *
state_next(enum state from, enum state_event event,
	const struct state_facts *facts)
{
	size_t count;
	const struct state_row *rows = state_table(&count);
	size_t i = 0;

	while (rows[i].from != from || rows[i].event != event ||
		!guard_holds(rows[i].guard, facts)) {
		i++;
		assert(i < count);
	}
	return &rows[i];
}

bool
state_moves(enum state from, enum state_event event)
{
	const struct state_facts facts = {false, false, false};
	const struct state_row *row = state_next(from, event, &facts);

	return row->to != from || row->effects != 0;
}

enum state_answer
state_answer(enum state from, enum state_event event)
{
	const struct state_facts facts = {false, false, false};

	return state_next(from, event, &facts)->answer;
}

const char *
state_text(enum state state)
{
	return states[state].text;
}

const char *
state_event_text(enum state_event event)
{
	return events[event].text;
}

const char *
state_request_word(enum state_event event)
{
	return events[event].word;
}

bool
state_runs_stages(enum state state)
{
	return states[state].runs_stages;
}

int
state_parse(const char *text, enum state *out)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (strcmp(states[i].text, text) == 0) {
			*out = (enum state)i;
			return 0;
		}
	}
	return -1;
}

unsigned
state_backoff(unsigned attempt, uint32_t random)
{
	uint64_t ms = STATE_BACKOFF_MIN_MS;

	for (unsigned i = 1; i < attempt && ms < STATE_BACKOFF_MAX_MS; i++)
		ms *= 2;
	if (ms > STATE_BACKOFF_MAX_MS)
		ms = STATE_BACKOFF_MAX_MS;
	return (unsigned)(ms - ms / 4 * random / UINT32_MAX);
}
