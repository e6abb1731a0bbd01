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

static struct bytes
seal_one(struct world *w, const struct auth_keys *keys, struct bytes value)
{
	const struct auth_plain plain = {PLACE, value};
	struct bytes out;

	auth_seal(w->arena, keys, &plain, 1, &out);
	return out;
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
		sealed = seal_one(w, &w->api, value);
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

	one = seal_one(w, &w->api, value);
	two = seal_one(w, &w->api, value);
	assert_null(memmem(one.data, one.len, "canary", 6));
	/* version and key id are the same, the rest is not */
	assert_memory_equal(one.data, two.data, 5);
	for (size_t i = 5; i + 8 <= one.len; i += 8)
		assert_memory_not_equal(one.data + i, two.data + i, 8);
}

/* So that one leaked key opens what was posted at once, and no more. */
static void
auth_seal_takes_a_fresh_key_each_time(void **state)
{
	struct world *w = *state;
	unsigned char keys[2][32];

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct bytes sealed = seal_one(w, &w->api, UNIT_BYTES("v"));

		assert_int_equal(
			crypto_box_seal_open(keys[i],
				(const unsigned char *)sealed.data + 5, 80,
				w->ours.public_key, w->ours.private_key),
			0);
	}
	assert_memory_not_equal(keys[0], keys[1], sizeof(keys[0]));
}

/* One box, which costs more than all else, but no nonce twice: two texts under
 * one nonce would tell of each other. */
static void
auth_seal_makes_one_box_and_a_nonce_for_each_value(void **state)
{
	static const char other[] = "trino/etl/one/spec/catalogs/1/secret";
	struct world *w = *state;
	const struct auth_plain plains[] = {
		{PLACE, UNIT_BYTES("the same text")},
		{other, UNIT_BYTES("the same text")},
		{other, UNIT_BYTES("the same text")},
	};
	struct bytes sealed[COUNT_OF(plains)], out;

	auth_seal(w->arena, &w->api, plains, COUNT_OF(plains), sealed);
	for (size_t i = 0; i < COUNT_OF(plains); i++) {
		for (size_t k = 0; k < i; k++) {
			assert_memory_equal(
				sealed[i].data, sealed[k].data, 5 + 80);
			assert_memory_not_equal(sealed[i].data + 5 + 80,
				sealed[k].data + 5 + 80, 24);
			assert_memory_not_equal(sealed[i].data + 5 + 80 + 24,
				sealed[k].data + 5 + 80 + 24, 13);
		}
		assert_int_equal(
			auth_unseal(w->arena, &w->ours, plains[i].place,
				sealed[i], &out, &w->e),
			0);
		assert_string_equal(out.data, "the same text");
	}
	assert_int_equal(
		auth_unseal(w->arena, &w->ours, other, sealed[0], &out, &w->e),
		-1);
}

static void
auth_seal_of_nothing_makes_nothing(void **state)
{
	struct world *w = *state;

	auth_seal(w->arena, &w->api, NULL, 0, NULL);
	assert_int_equal(arena_used(w->arena), 0);
}

/* What was stored by roasterds before this one, each value with a key of its
 * own: sealed with these keys by one of them. */
static void
auth_unseal_opens_what_was_sealed_one_by_one(void **state)
{
	static const char sealed_hex[] =
		"0110c6efa4cda8a7a9f7032407478ca8e7149448843a4cbaa7c1d407bb8e"
		"45ca694642d04ceaad8cd0ccc95b61f40fdd90e67c64f9f7d8ca457895dd"
		"7dc7c14c43f89c19f686b481d805c4d1f29b72412ef6b054b50b6ad47e08"
		"4a4f337972c14a102a10d966b17155c909f6c290daf2ac97196c9224158b"
		"bb5f818305058b24155bde866a1e817a8e";
	struct world *w = *state;
	unsigned char seed[32], box[137];
	struct bytes out;
	size_t len;

	memset(seed, 7, sizeof(seed));
	(void)crypto_box_seed_keypair(
		w->ours.public_key, w->ours.private_key, seed);
	(void)sodium_hex2bin(box, sizeof(box), sealed_hex,
		sizeof(sealed_hex) - 1, NULL, &len, NULL);
	assert_int_equal(len, sizeof(box));
	assert_int_equal(
		auth_unseal(w->arena, &w->ours, PLACE,
			(struct bytes){(const char *)box, len}, &out, &w->e),
		0);
	assert_string_equal(out.data, "an old value");
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
	struct bytes sealed = seal_one(w, &w->api, UNIT_BYTES("v"));

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
	refused(w, PLACE, seal_one(w, &w->theirs, UNIT_BYTES("v")), theirs);
	assert_non_null(strstr(w->e.message, ours));
}

/* A key id can be forged; the box cannot be opened all the same. */
static void
auth_unseal_refuses_a_forged_key_id(void **state)
{
	struct world *w = *state;
	struct bytes theirs = seal_one(w, &w->theirs, UNIT_BYTES("v"));
	struct bytes ours = seal_one(w, &w->ours, UNIT_BYTES("v"));
	char *forged = arena_copy(w->arena, theirs.data, theirs.len);

	memcpy(forged, ours.data, 5);
	refused(w, PLACE, (struct bytes){forged, theirs.len}, "changed");
}

static void
auth_unseal_refuses_any_changed_byte(void **state)
{
	struct world *w = *state;
	struct bytes sealed = seal_one(w, &w->api, UNIT_BYTES("value"));
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
	struct bytes out, sealed = seal_one(w, &w->api, UNIT_BYTES("value"));
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
		TEST(auth_seal_makes_one_box_and_a_nonce_for_each_value),
		TEST(auth_seal_of_nothing_makes_nothing),
		TEST(auth_unseal_opens_what_was_sealed_one_by_one),
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
