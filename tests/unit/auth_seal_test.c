/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"
#include "auth/auth_internal.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLACE "trino/etl/one/spec/catalogs/0/secret"
#define OVERHEAD (1 + 4 + 80 + 24 + 16) /* as auth_seal.c says */

/* Keys of two appliers, without files. */
struct world {
	struct arena *arena;
	struct auth_keys ours, theirs, api; /* api: of ours, cannot open */
	struct err e;
};

static void
make_keys(struct auth_keys *keys)
{
	(void)crypto_box_keypair(keys->public_key, keys->private_key);
	auth_random(keys->digest_key, sizeof(keys->digest_key));
	keys->can_open = true;
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->arena = arena_new();
	make_keys(&w->ours);
	make_keys(&w->theirs);
	w->api = w->ours;
	memset(w->api.private_key, 0, sizeof(w->api.private_key));
	w->api.can_open = false;
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	arena_free(w->arena);
	free(w);
	return 0;
}

static void
auth_unseal_gives_back_what_was_sealed(void **state)
{
	static const size_t sizes[] = {0, 1, 31, 32, 1000, 1 << 20};
	struct world *w = *state;
	struct bytes value, sealed, out;
	char *data;

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		data = arena_alloc(w->arena, sizes[i]);
		auth_random(data, sizes[i]);
		value = (struct bytes){sizes[i] > 0 ? data : NULL, sizes[i]};
		sealed = auth_seal(w->arena, &w->api, PLACE, value);
		assert_int_equal(sealed.len, sizes[i] + OVERHEAD);
		assert_int_equal(auth_unseal(w->arena, &w->ours, PLACE, sealed,
					 &out, &w->e),
			0);
		assert_int_equal(out.len, sizes[i]);
		assert_memory_equal(out.data, data, sizes[i]);
		assert_int_equal(out.data[out.len], 0);
	}
}

static void
auth_seal_hides_the_value_and_that_two_are_equal(void **state)
{
	struct world *w = *state;
	struct bytes one, two, value = UNIT_BYTES("canary-canary-canary");

	one = auth_seal(w->arena, &w->api, PLACE, value);
	two = auth_seal(w->arena, &w->api, PLACE, value);
	assert_null(memmem(one.data, one.len, "canary", 6));
	/* version and key id are the same, the rest is not */
	assert_memory_equal(one.data, two.data, 5);
	for (size_t i = 5; i + 8 <= one.len; i += 8)
		assert_memory_not_equal(one.data + i, two.data + i, 8);
}

/* So that one leaked key opens one value. */
static void
auth_seal_takes_a_fresh_key_each_time(void **state)
{
	struct world *w = *state;
	unsigned char keys[2][32];

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct bytes sealed =
			auth_seal(w->arena, &w->api, PLACE, UNIT_BYTES("v"));

		assert_int_equal(
			crypto_box_seal_open(keys[i],
				(const unsigned char *)sealed.data + 5, 80,
				w->ours.public_key, w->ours.private_key),
			0);
	}
	assert_memory_not_equal(keys[0], keys[1], sizeof(keys[0]));
}

static void
refused(struct world *w, const char *place, struct bytes sealed,
	const char *message)
{
	struct bytes out = {NULL, 7};

	w->e = (struct err){0};
	assert_int_equal(
		auth_unseal(w->arena, &w->ours, place, sealed, &out, &w->e),
		-1);
	assert_int_equal(w->e.code, ERR_INTERNAL);
	assert_non_null(strstr(w->e.message, message));
	assert_non_null(strstr(w->e.message, place));
	assert_int_equal(out.len, 7);
}

static void
auth_unseal_refuses_another_place(void **state)
{
	struct world *w = *state;
	struct bytes sealed =
		auth_seal(w->arena, &w->api, PLACE, UNIT_BYTES("v"));

	refused(w, "trino/etl/two/spec/catalogs/0/secret", sealed, "moved");
	refused(w, "", sealed, "moved");
}

static void
auth_unseal_names_the_other_key(void **state)
{
	struct world *w = *state;
	unsigned char digest[32];
	char ours[9], theirs[9];

	(void)crypto_generichash(digest, 32, w->ours.public_key, 32, NULL, 0);
	(void)sodium_bin2hex(ours, sizeof(ours), digest, 4);
	(void)crypto_generichash(digest, 32, w->theirs.public_key, 32, NULL, 0);
	(void)sodium_bin2hex(theirs, sizeof(theirs), digest, 4);
	refused(w, PLACE,
		auth_seal(w->arena, &w->theirs, PLACE, UNIT_BYTES("v")),
		theirs);
	assert_non_null(strstr(w->e.message, ours));
}

/* A key id can be forged; the box cannot be opened all the same. */
static void
auth_unseal_refuses_a_forged_key_id(void **state)
{
	struct world *w = *state;
	struct bytes theirs =
		auth_seal(w->arena, &w->theirs, PLACE, UNIT_BYTES("v"));
	struct bytes ours =
		auth_seal(w->arena, &w->ours, PLACE, UNIT_BYTES("v"));
	char *forged = arena_copy(w->arena, theirs.data, theirs.len);

	memcpy(forged, ours.data, 5);
	refused(w, PLACE, (struct bytes){forged, theirs.len}, "changed");
}

static void
auth_unseal_refuses_any_changed_byte(void **state)
{
	struct world *w = *state;
	struct bytes sealed =
		auth_seal(w->arena, &w->api, PLACE, UNIT_BYTES("value"));
	char *data = arena_copy(w->arena, sealed.data, sealed.len);

	for (size_t i = 0; i < sealed.len; i++) {
		data[i] ^= 0x40;
		refused(w, PLACE, (struct bytes){data, sealed.len}, "value of");
		data[i] ^= 0x40;
	}
	for (size_t len = 0; len < sealed.len; len++)
		refused(w, PLACE, (struct bytes){len > 0 ? data : NULL, len},
			len < OVERHEAD ? "unknown form" : "changed");
	refused(w, PLACE, (struct bytes){data, sealed.len + 1}, "changed");
}

/* That the API asks for it is a programmer's error. */
static void
auth_unseal_asserts_a_private_key(void **state)
{
	struct world *w = *state;
	struct bytes out, sealed = auth_seal(w->arena, &w->api, PLACE,
				  UNIT_BYTES("value"));
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stderr);
		(void)auth_unseal(
			w->arena, &w->api, PLACE, sealed, &out, &w->e);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_not_equal(status, 0);
}

static void
auth_digest_keyed_depends_on_key_place_and_value(void **state)
{
	struct world *w = *state;
	unsigned char d[5][AUTH_DIGEST_BYTES], again[AUTH_DIGEST_BYTES];

	auth_digest_keyed(&w->ours, "ab", UNIT_BYTES("c"), d[0]);
	auth_digest_keyed(&w->ours, "a", UNIT_BYTES("bc"), d[1]);
	auth_digest_keyed(&w->theirs, "ab", UNIT_BYTES("c"), d[2]);
	auth_digest_keyed(&w->ours, "ab", UNIT_BYTES("d"), d[3]);
	auth_digest_keyed(&w->ours, "ab", (struct bytes){NULL, 0}, d[4]);
	for (size_t i = 0; i < COUNT_OF(d); i++) {
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(d[i], d[k], sizeof(d[i]));
	}
	auth_digest_keyed(&w->api, "ab", UNIT_BYTES("c"), again);
	assert_memory_equal(again, d[0], sizeof(again));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(auth_unseal_gives_back_what_was_sealed),
		TEST(auth_seal_hides_the_value_and_that_two_are_equal),
		TEST(auth_seal_takes_a_fresh_key_each_time),
		TEST(auth_unseal_refuses_another_place),
		TEST(auth_unseal_names_the_other_key),
		TEST(auth_unseal_refuses_a_forged_key_id),
		TEST(auth_unseal_refuses_any_changed_byte),
		TEST(auth_unseal_asserts_a_private_key),
		TEST(auth_digest_keyed_depends_on_key_place_and_value),
	};

	auth_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
