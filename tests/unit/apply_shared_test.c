/* SPDX-License-Identifier: Apache-2.0 */
/* What the applier's threads share: claims, counters, nudges. */
#include "unit.h"

#include "apply/apply_claims.h"
#include "apply/apply_counts.h"
#include "apply/apply_nudges.h"

#include <stdio.h>

static void
claims_age_from_the_last_confirmation(void **state)
{
	struct apply_claims *claims = apply_claims_new();
	const int64_t other[] = {8};
	const int64_t both[] = {8, 7};

	(void)state;
	assert_int_equal(apply_claims_age(claims, 3, 1000), 0);
	apply_claims_add(claims, 3, 7, 1000);
	assert_int_equal(apply_claims_age(claims, 3, 6000), 5000);
	apply_claims_confirm(claims, other, 1, 6000);
	assert_int_equal(apply_claims_age(claims, 3, 6000), 5000);
	apply_claims_confirm(claims, both, 2, 6000);
	assert_int_equal(apply_claims_age(claims, 3, 6500), 500);
	apply_claims_drop(claims, 3);
	assert_int_equal(apply_claims_age(claims, 3, 99000), 0);
	apply_claims_free(claims);
}

static void
claims_that_nobody_confirms_are_not_acted_for(void **state)
{
	struct apply_claims *claims = apply_claims_new();
	struct err e;

	(void)state;
	assert_int_equal(apply_claims_check(claims, 3, 99000, &e), 0);
	apply_claims_add(claims, 3, 7, 1000);
	assert_int_equal(
		apply_claims_check(claims, 3, 999 + APPLY_KILL_MS, &e), 0);
	assert_int_equal(
		apply_claims_check(claims, 3, 1000 + APPLY_KILL_MS, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	apply_claims_free(claims);
}

static void
claims_list_only_what_is_held(void **state)
{
	struct apply_claims *claims = apply_claims_new();
	int64_t fences[APPLY_WORKERS_MAX];

	(void)state;
	assert_int_equal(apply_claims_list(claims, fences), 0);
	apply_claims_add(claims, 0, 11, 1);
	apply_claims_add(claims, APPLY_WORKERS_MAX - 1, 12, 1);
	assert_int_equal(apply_claims_list(claims, fences), 2);
	assert_int_equal(fences[0], 11);
	assert_int_equal(fences[1], 12);
	apply_claims_drop(claims, 0);
	assert_int_equal(apply_claims_list(claims, fences), 1);
	assert_int_equal(fences[0], 12);
	apply_claims_free(claims);
	apply_claims_free(NULL);
}

static void
counts_add_up_and_are_taken_once(void **state)
{
	struct apply_counts *counts = apply_counts_new();
	struct apply_count *out;

	apply_counts_add(counts, "a", "x=\"1\"", 2);
	apply_counts_add(counts, "a", "x=\"2\"", 1);
	apply_counts_add(counts, "a", "x=\"1\"", 3);
	assert_int_equal(apply_counts_take(counts, *state, &out), 2);
	assert_string_equal(out[0].name, "a");
	assert_string_equal(out[0].labels, "x=\"1\"");
	assert_int_equal(out[0].value, 5);
	assert_int_equal(out[1].value, 1);
	assert_int_equal(apply_counts_take(counts, *state, &out), 0);
	apply_counts_free(counts);
	apply_counts_free(NULL);
}

static void
counts_beyond_their_room_are_dropped(void **state)
{
	struct apply_counts *counts = apply_counts_new();
	struct apply_count *out;
	char labels[16];

	for (int i = 0; i < 300; i++) {
		snprintf(labels, sizeof(labels), "%d", i);
		apply_counts_add(counts, "a", labels, 1);
	}
	assert_int_equal(apply_counts_take(counts, *state, &out), 256);
	apply_counts_free(counts);
}

static void
nudges_of_one_burst_become_one(void **state)
{
	struct apply_nudges *nudges = apply_nudges_new();
	struct apply_nudge *out;

	for (int i = 0; i < 100; i++)
		apply_nudges_add(nudges, "ns", "etl");
	apply_nudges_add(nudges, "ns", "other");
	assert_int_equal(apply_nudges_take(nudges, *state, &out), 2);
	assert_string_equal(out[0].namespace, "ns");
	assert_string_equal(out[0].release, "etl");
	assert_int_equal(apply_nudges_take(nudges, *state, &out), 0);
	apply_nudges_free(nudges);
	apply_nudges_free(NULL);
}

static void
a_nudge_of_all_covers_those_of_one(void **state)
{
	struct apply_nudges *nudges = apply_nudges_new();
	struct apply_nudge *out;

	apply_nudges_add(nudges, "ns", "");
	apply_nudges_add(nudges, "ns", "etl");
	apply_nudges_add(nudges, "elsewhere", "etl");
	assert_int_equal(apply_nudges_take(nudges, *state, &out), 2);
	assert_string_equal(out[0].release, "");
	assert_string_equal(out[1].namespace, "elsewhere");
	apply_nudges_free(nudges);
}

static void
nudges_beyond_their_room_widen_one_of_their_namespace(void **state)
{
	struct apply_nudges *nudges = apply_nudges_new();
	struct apply_nudge *out;
	char release[16];
	size_t count;

	apply_nudges_add(nudges, "first", "etl");
	for (int i = 0; i < 200; i++) {
		snprintf(release, sizeof(release), "r%d", i);
		apply_nudges_add(nudges, "ns", release);
	}
	count = apply_nudges_take(nudges, *state, &out);
	assert_int_equal(count, 128);
	assert_string_equal(out[0].release, "etl");
	assert_string_equal(out[1].namespace, "ns");
	assert_string_equal(out[1].release, "");
	apply_nudges_free(nudges);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_age_from_the_last_confirmation),
		cmocka_unit_test(claims_that_nobody_confirms_are_not_acted_for),
		cmocka_unit_test(claims_list_only_what_is_held),
		cmocka_unit_test_setup_teardown(
			counts_add_up_and_are_taken_once, unit_setup,
			unit_teardown),
		cmocka_unit_test_setup_teardown(
			counts_beyond_their_room_are_dropped, unit_setup,
			unit_teardown),
		cmocka_unit_test_setup_teardown(nudges_of_one_burst_become_one,
			unit_setup, unit_teardown),
		cmocka_unit_test_setup_teardown(
			a_nudge_of_all_covers_those_of_one, unit_setup,
			unit_teardown),
		cmocka_unit_test_setup_teardown(
			nudges_beyond_their_room_widen_one_of_their_namespace,
			unit_setup, unit_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
