/* SPDX-License-Identifier: Apache-2.0 */
/* What a step's findings come to: an event, a pause, and why. */
#include "unit.h"

#include "apply/apply_outcome.h"

#define INTERVAL_S 30
#define TIMEOUT_S 60

/* A component whose second stage is next. */
struct fixture {
	struct config config;
	struct apply_setup setup;
	struct apply_app app;
	struct apply_worker worker;
	struct apply_job job;
	struct apply_outcome out;
};

static const struct kind_stage stages[] = {
	{.name = "namespace"}, {.name = "metastore"}};
static const struct kind kind = {.stages = stages, .n_stages = 2};

static void
begin(struct fixture *f, enum state state, bool is_late)
{
	*f = (struct fixture){.config = {.start_timeout = TIMEOUT_S,
				      .observe_interval = INTERVAL_S},
		.setup = {.config = &f->config},
		.app = {.setup = &f->setup},
		.worker = {.app = &f->app},
		.job = {.worker = &f->worker,
			.state = state,
			.kind = &kind,
			.claimed_ms = apply_clock_ms(),
			.claim = {.stage = 1,
				.generation = 1,
				.phase_ms = is_late ? 99000 : 0}}};
	apply_outcome_init(&f->out);
}

static void
fail_stage(
	struct fixture *f, enum state state, enum apply_did did, bool is_late)
{
	struct err e;

	err_set(&e, ERR_UNAVAILABLE, "", "denied by the policy");
	begin(f, state, is_late);
	apply_outcome_of_stage(&f->job, did, &e, &f->out);
}

static void
look(struct fixture *f, enum state state, enum k8s_health health, bool is_late)
{
	const struct k8s_verdict verdict = {
		.health = health, .why = "0 of 3 pods ready"};

	begin(f, state, is_late);
	apply_outcome_of_look(&f->job, &verdict, &f->out);
}

/* Else it would be tried again with no pause, for ever. */
static void
a_stage_that_fails_moves_it_or_is_tried_after_a_pause(void **cookie)
{
	static const enum state all[] = {
		STATE_PENDING, STATE_UPDATING, STATE_DEGRADED};
	static const enum apply_did dids[] = {
		APPLY_WAIT, APPLY_RETRY, APPLY_REFUSED, APPLY_TAKEN};
	struct fixture f;

	(void)cookie;
	for (unsigned i = 0; i < COUNT_OF(all) * COUNT_OF(dids) * 2; i++) {
		enum state state = all[i / 2 % COUNT_OF(all)];
		enum apply_did did = dids[i / 2 / COUNT_OF(all)];
		bool moves;

		fail_stage(&f, state, did, i % 2 == 1);
		moves = f.out.event != EVENT_COUNT &&
			state_moves(state, f.out.event);
		assert_true(moves || f.out.is_retry || f.out.delay_ms > 0);
		assert_non_null(strstr(f.out.message, "denied by the policy"));
	}
}

static void
a_degraded_component_whose_stage_is_refused_backs_off(void **cookie)
{
	struct fixture f;

	(void)cookie;
	fail_stage(&f, STATE_DEGRADED, APPLY_REFUSED, false);
	assert_true(f.out.is_retry);
	assert_string_equal(f.out.message,
		"stage 2 of 2 (metastore): denied by the policy");
	fail_stage(&f, STATE_DEGRADED, APPLY_TAKEN, false);
	assert_true(f.out.is_retry);
}

static void
no_clock_runs_for_a_degraded_component(void **cookie)
{
	struct fixture f;

	(void)cookie;
	fail_stage(&f, STATE_DEGRADED, APPLY_RETRY, true);
	assert_true(f.out.is_retry);
	assert_int_equal(f.out.event, EVENT_COUNT);
	assert_null(strstr(f.out.message, "not ready after"));
	fail_stage(&f, STATE_DEGRADED, APPLY_WAIT, true);
	assert_false(f.out.is_retry);
	assert_int_equal(f.out.delay_ms, APPLY_SETTLE_MS);
	look(&f, STATE_DEGRADED, K8S_WAITING, true);
	assert_int_equal(f.out.event, EVENT_WAITING);
}

static void
a_stage_that_fails_on_the_way_ends_it_by_cause_or_time(void **cookie)
{
	struct fixture f;

	(void)cookie;
	fail_stage(&f, STATE_UPDATING, APPLY_REFUSED, false);
	assert_int_equal(f.out.event, EVENT_FAILED);
	assert_string_equal(f.out.message, "denied by the policy");
	fail_stage(&f, STATE_PENDING, APPLY_TAKEN, false);
	assert_int_equal(f.out.event, EVENT_TAKEN);
	fail_stage(&f, STATE_PENDING, APPLY_WAIT, true);
	assert_int_equal(f.out.event, EVENT_TIMEOUT);
	assert_string_equal(
		f.out.message, "not ready after 60 s: denied by the policy");
	fail_stage(&f, STATE_PENDING, APPLY_RETRY, false);
	assert_int_equal(f.out.event, EVENT_COUNT);
	assert_true(f.out.is_retry);
}

static void
only_what_is_settled_is_left_to_the_watch(void **cookie)
{
	static const struct {
		enum state state;
		enum k8s_health health;
		int delay_ms;
	} cases[] = {
		{STATE_RUNNING, K8S_READY, INTERVAL_S * 1000},
		{STATE_RUNNING, K8S_PARTIAL, APPLY_SETTLE_MS},
		{STATE_RUNNING, K8S_WAITING, APPLY_SETTLE_MS},
		{STATE_RUNNING, K8S_FAILED, APPLY_SETTLE_MS},
		{STATE_DEGRADED, K8S_PARTIAL, APPLY_SETTLE_MS},
		{STATE_DEGRADED, K8S_ABSENT, APPLY_SETTLE_MS},
		{STATE_DEGRADED, K8S_READY, INTERVAL_S * 1000},
		{STATE_STARTING, K8S_ABSENT, APPLY_SETTLE_MS},
		{STATE_STARTING, K8S_READY, INTERVAL_S * 1000},
		{STATE_ERROR, K8S_FAILED, INTERVAL_S * 1000},
		{STATE_ERROR, K8S_ABSENT, INTERVAL_S * 1000},
	};
	struct fixture f;

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		look(&f, cases[i].state, cases[i].health, false);
		assert_int_equal(f.out.delay_ms, cases[i].delay_ms);
	}
}

static void
time_ends_what_is_not_ready_and_not_what_is(void **cookie)
{
	static const struct {
		enum state state;
		enum k8s_health health;
		enum state_event event;
	} cases[] = {
		{STATE_STARTING, K8S_WAITING, EVENT_TIMEOUT},
		{STATE_STARTING, K8S_ABSENT, EVENT_TIMEOUT},
		{STATE_UPDATING, K8S_ABSENT, EVENT_TIMEOUT},
		{STATE_UPDATING, K8S_READY, EVENT_READY},
		{STATE_UPDATING, K8S_FAILED, EVENT_FAILED},
		{STATE_RUNNING, K8S_PARTIAL, EVENT_PARTIAL},
		{STATE_ERROR, K8S_WAITING, EVENT_WAITING},
	};
	struct fixture f;

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		look(&f, cases[i].state, cases[i].health, true);
		assert_int_equal(f.out.event, cases[i].event);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_stage_that_fails_moves_it_or_is_tried_after_a_pause),
		cmocka_unit_test(
			a_degraded_component_whose_stage_is_refused_backs_off),
		cmocka_unit_test(no_clock_runs_for_a_degraded_component),
		cmocka_unit_test(
			a_stage_that_fails_on_the_way_ends_it_by_cause_or_time),
		cmocka_unit_test(only_what_is_settled_is_left_to_the_watch),
		cmocka_unit_test(time_ends_what_is_not_ready_and_not_what_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
