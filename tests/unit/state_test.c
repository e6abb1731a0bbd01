/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"
#include "unit.h"

#define R EFFECT_RESET
#define S EFFECT_SUCCEED
#define F EFFECT_FAIL
#define G EFFECT_GOOD
#define B EFFECT_GO_BACK
#define O EFFECT_OBSERVED
#define A EFFECT_AGAIN

/* Every move and every effect there is, by hand; all that is not here must
 * change nothing. facts: 'n' never applied, 'a' applied, 'g' with a good
 * generation, 'b' going back, '*' any. */
struct change {
	enum state from;
	enum state_event event;
	char facts;
	enum state to;
	unsigned effects;
};

/* clang-format off */
#define C(from, event, facts, to, effects) \
	{STATE_##from, EVENT_##event, facts, STATE_##to, effects}
static const struct change changes[] = {
	C(PENDING, SPEC, '*', PENDING, R | O),
	C(PENDING, STOP, 'n', STOPPED, S),
	C(PENDING, STOP, 'a', STOPPING, R),
	C(PENDING, DELETE, '*', DELETING, R),
	C(PENDING, APPLIED, '*', STARTING, 0),
	C(PENDING, FAILED, '*', ERROR, F),
	C(PENDING, TAKEN, 'a', ERROR, F),
	C(PENDING, TAKEN, '*', PENDING, F | EFFECT_REMOVE),
	C(PENDING, TIMEOUT, '*', ERROR, F),
	C(STARTING, SPEC, '*', UPDATING, R | O),
	C(STARTING, STOP, '*', STOPPING, R),
	C(STARTING, DELETE, '*', DELETING, R),
	C(STARTING, READY, '*', RUNNING, S | G),
	C(STARTING, FAILED, '*', ERROR, F),
	C(STARTING, TAKEN, '*', ERROR, F),
	C(STARTING, TIMEOUT, '*', ERROR, F),
	C(STARTING, ABSENT, '*', PENDING, A),
	C(RUNNING, SPEC, '*', UPDATING, R | O),
	C(RUNNING, STOP, '*', STOPPING, R),
	C(RUNNING, RESTART, '*', STARTING, EFFECT_ROLL),
	C(RUNNING, DELETE, '*', DELETING, R),
	C(RUNNING, WAITING, '*', DEGRADED, 0),
	C(RUNNING, PARTIAL, '*', DEGRADED, 0),
	C(RUNNING, FAILED, '*', DEGRADED, 0),
	C(RUNNING, ABSENT, '*', DEGRADED, R),
	C(DEGRADED, SPEC, '*', UPDATING, R | O),
	C(DEGRADED, STOP, '*', STOPPING, R),
	C(DEGRADED, RESTART, '*', STARTING, EFFECT_ROLL),
	C(DEGRADED, DELETE, '*', DELETING, R),
	C(DEGRADED, READY, '*', RUNNING, 0),
	C(DEGRADED, ABSENT, '*', DEGRADED, A),
	C(UPDATING, SPEC, '*', UPDATING, R | O),
	C(UPDATING, STOP, '*', STOPPING, R),
	C(UPDATING, DELETE, '*', DELETING, R),
	C(UPDATING, READY, 'b', RUNNING, 0),
	C(UPDATING, READY, '*', RUNNING, S | G),
	C(UPDATING, FAILED, 'b', ERROR, F),
	C(UPDATING, FAILED, 'g', UPDATING, F | B | R),
	C(UPDATING, FAILED, '*', ERROR, F),
	C(UPDATING, TAKEN, 'b', ERROR, F),
	C(UPDATING, TAKEN, 'g', UPDATING, F | B | R),
	C(UPDATING, TAKEN, '*', ERROR, F),
	C(UPDATING, TIMEOUT, 'b', ERROR, F),
	C(UPDATING, TIMEOUT, 'g', UPDATING, F | B | R),
	C(UPDATING, TIMEOUT, '*', ERROR, F),
	C(UPDATING, ABSENT, '*', UPDATING, A),
	C(STOPPING, SPEC, '*', STOPPING, O),
	C(STOPPING, DELETE, '*', DELETING, R),
	C(STOPPING, DOWN, '*', STOPPED, S),
	C(STOPPED, SPEC, '*', STOPPED, O | S),
	C(STOPPED, RESTART, '*', PENDING, R),
	C(STOPPED, DELETE, '*', DELETING, R),
	C(DELETING, GONE, '*', DELETING, S | EFFECT_REMOVE),
	C(ERROR, SPEC, '*', PENDING, R | O),
	C(ERROR, STOP, '*', STOPPING, R),
	C(ERROR, RESTART, '*', PENDING, R),
	C(ERROR, DELETE, '*', DELETING, R),
	C(ERROR, READY, '*', RUNNING, G),
};
#undef C
/* clang-format on */

static bool
fits(char wanted, const struct state_facts *facts)
{
	switch (wanted) {
	case 'n':
		return !facts->is_applied;
	case 'a':
		return facts->is_applied;
	case 'g':
		return facts->has_good;
	case 'b':
		return facts->is_going_back;
	default:
		return true;
	}
}

/* The first change that fits, NULL if the table must stay. */
static const struct change *
expected(enum state from, enum state_event event,
	const struct state_facts *facts)
{
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		const struct change *c = &changes[i];

		if (c->from == from && c->event == event &&
			fits(c->facts, facts))
			return c;
	}
	return NULL;
}

static bool
holds(enum state_guard guard, const struct state_facts *facts)
{
	switch (guard) {
	case GUARD_NONE:
		return true;
	case GUARD_NEVER_APPLIED:
		return !facts->is_applied;
	case GUARD_APPLIED:
		return facts->is_applied;
	case GUARD_CAN_GO_BACK:
		return facts->has_good && !facts->is_going_back;
	case GUARD_CANNOT_GO_BACK:
		return !facts->has_good || facts->is_going_back;
	case GUARD_GOING_BACK:
		return facts->is_going_back;
	case GUARD_GOING_FORWARD:
		return !facts->is_going_back;
	}
	fail();
	return false;
}

static unsigned
rows_that_hold(enum state from, enum state_event event,
	const struct state_facts *facts)
{
	size_t count;
	const struct state_row *rows = state_table(&count);
	unsigned n = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].from == from && rows[i].event == event &&
			holds(rows[i].guard, facts))
			n++;
	}
	return n;
}

static void
check(enum state from, enum state_event event, const struct state_facts *facts)
{
	const struct state_row *row = state_next(from, event, facts);
	const struct change *c = expected(from, event, facts);

	assert_int_equal(rows_that_hold(from, event, facts), 1);
	if (row->to != (c == NULL ? from : c->to) ||
		row->effects != (c == NULL ? 0 : c->effects)) {
		fail_msg("%s on %s: becomes %s with effects %u",
			state_text(from), state_event_text(event),
			state_text(row->to), row->effects);
	}
	assert_true(row->from == from && row->event == event);
	assert_int_equal(state_moves(from, event), c != NULL);
	assert_true(holds(row->guard, facts));
	assert_non_null(row->note);
	assert_true(strlen(row->note) > 3);
}

static void
each_case_has_one_row_with_the_right_move(void **cookie)
{
	(void)cookie;
	for (unsigned i = 0; i < STATE_COUNT * EVENT_COUNT * 8U; i++) {
		const struct state_facts facts = {
			.is_applied = (i & 1) != 0,
			.has_good = (i & 2) != 0,
			.is_going_back = (i & 4) != 0,
		};

		check((enum state)(i / 8 / EVENT_COUNT),
			(enum state_event)(i / 8 % EVENT_COUNT), &facts);
	}
}

static void
requests_are_answered_by_the_table(void **cookie)
{
	/* A accept, N no-op, R refuse: SPEC, STOP, RESTART, DELETE */
	static const char *const answers[STATE_COUNT] = {
		[STATE_PENDING] = "AANA",
		[STATE_STARTING] = "AANA",
		[STATE_RUNNING] = "AAAA",
		[STATE_DEGRADED] = "AAAA",
		[STATE_UPDATING] = "AARA",
		[STATE_STOPPING] = "ANAA",
		[STATE_STOPPED] = "ANAA",
		[STATE_DELETING] = "RRRN",
		[STATE_ERROR] = "AAAA",
	};

	(void)cookie;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		for (unsigned event = 0; event < 4; event++) {
			enum state_answer got = state_answer(
				(enum state)from, (enum state_event)event);

			if ("ANR"[got] != answers[from][event])
				fail_msg("%s: request %u is answered %c",
					state_text((enum state)from), event,
					"ANR"[got]);
		}
	}
}

static void
answers_do_not_depend_on_guards(void **cookie)
{
	size_t count;
	const struct state_row *rows = state_table(&count);

	(void)cookie;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].event <= EVENT_DELETE)
			assert_int_equal(rows[i].answer,
				state_answer(rows[i].from, rows[i].event));
	}
}

static void
unknown_never_changes_anything(void **cookie)
{
	const struct state_facts facts = {true, true, false};

	(void)cookie;
	for (unsigned from = 0; from < STATE_COUNT; from++) {
		const struct state_row *row =
			state_next((enum state)from, EVENT_UNKNOWN, &facts);

		assert_int_equal(row->to, from);
		assert_int_equal(row->effects, 0);
	}
}

static void
only_what_was_deleted_or_never_applied_is_forgotten(void **cookie)
{
	size_t count;
	const struct state_row *rows = state_table(&count);

	(void)cookie;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].to == STATE_DELETING &&
			rows[i].from != STATE_DELETING)
			assert_int_equal(rows[i].event, EVENT_DELETE);
		if ((rows[i].effects & EFFECT_REMOVE) != 0 &&
			rows[i].guard != GUARD_NEVER_APPLIED)
			assert_int_equal(rows[i].from, STATE_DELETING);
	}
}

/* What vanishes again and again would have time without end. */
static void
no_observation_renews_the_clock_of_what_time_ends(void **cookie)
{
	size_t count;
	const struct state_row *rows = state_table(&count);

	(void)cookie;
	for (size_t i = 0; i < count; i++) {
		if (state_request_word(rows[i].event) == NULL &&
			state_moves(rows[i].from, EVENT_TIMEOUT) &&
			(rows[i].effects & EFFECT_GO_BACK) == 0)
			assert_int_equal(rows[i].effects & EFFECT_RESET, 0);
	}
}

static void
texts_parse_back(void **cookie)
{
	enum state state;

	(void)cookie;
	for (unsigned i = 0; i < STATE_COUNT; i++) {
		assert_int_equal(
			state_parse(state_text((enum state)i), &state), 0);
		assert_int_equal(state, i);
	}
	assert_int_equal(state_parse("running", &state), -1);
	assert_int_equal(state_parse("", &state), -1);
	assert_string_equal(state_text(STATE_ERROR), "Error");
	assert_string_equal(state_event_text(EVENT_DOWN), "scaled to 0");
}

static void
stages_run_while_there_is_something_to_apply(void **cookie)
{
	(void)cookie;
	for (unsigned i = 0; i < STATE_COUNT; i++)
		assert_int_equal(state_runs_stages((enum state)i),
			i == STATE_PENDING || i == STATE_UPDATING ||
				i == STATE_DEGRADED);
}

static void
backoff_doubles_up_to_a_minute_less_a_quarter_at_most(void **cookie)
{
	static const struct {
		unsigned attempt;
		uint32_t random;
		unsigned ms;
	} cases[] = {
		{0, 0, 1000},
		{1, 0, 1000},
		{1, UINT32_MAX, 750},
		{2, 0, 2000},
		{3, UINT32_MAX / 2, 3501},
		{6, 0, 32000},
		{7, 0, 60000},
		{8, 0, 60000},
		{UINT32_MAX, 0, 60000},
		{UINT32_MAX, UINT32_MAX, 45000},
	};

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(
			state_backoff(cases[i].attempt, cases[i].random),
			cases[i].ms);
}

static void
requests_have_words_and_observations_none(void **cookie)
{
	(void)cookie;
	assert_string_equal(state_request_word(EVENT_SPEC), "create");
	assert_string_equal(state_request_word(EVENT_DELETE), "delete");
	for (unsigned i = EVENT_APPLIED; i < EVENT_COUNT; i++)
		assert_null(state_request_word((enum state_event)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_has_one_row_with_the_right_move),
		cmocka_unit_test(requests_are_answered_by_the_table),
		cmocka_unit_test(answers_do_not_depend_on_guards),
		cmocka_unit_test(unknown_never_changes_anything),
		cmocka_unit_test(
			only_what_was_deleted_or_never_applied_is_forgotten),
		cmocka_unit_test(
			no_observation_renews_the_clock_of_what_time_ends),
		cmocka_unit_test(texts_parse_back),
		cmocka_unit_test(stages_run_while_there_is_something_to_apply),
		cmocka_unit_test(
			backoff_doubles_up_to_a_minute_less_a_quarter_at_most),
		cmocka_unit_test(requests_have_words_and_observations_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
