/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"
#include "unit.h"

#include <stdlib.h>

#define TOKEN_LEN 56U /* "roaster_" and 48 characters */

static void
auth_token_is_found_again_by_its_digest(void **state)
{
	char token[AUTH_TOKEN_SIZE], other[AUTH_TOKEN_SIZE];
	unsigned char stored[AUTH_DIGEST_BYTES], sent[AUTH_DIGEST_BYTES];

	(void)state;
	for (int i = 0; i < 200; i++) {
		auth_token_new(token, stored);
		assert_int_equal(strlen(token), TOKEN_LEN);
		assert_memory_equal(token, "roaster_", 8);
		assert_int_equal(strspn(token + 8, "ABCDEFGHIJKLMNOPQRSTUVWXYZa"
						   "bcdefghijklmnopqrstuvwxyz"
						   "0123456789-_"),
			TOKEN_LEN - 8);
		assert_int_equal(auth_token_digest(token, sent), 0);
		assert_memory_equal(sent, stored, sizeof(sent));
	}
	auth_token_new(other, sent);
	assert_string_not_equal(token, other);
	assert_memory_not_equal(sent, stored, sizeof(sent));
}

/* Fixed, so that tokens stay valid when the code changes: random bytes 0..31,
 * checked against another BLAKE2b (python3, hashlib). */
static void
auth_token_digest_is_a_stable_function(void **state)
{
	static const char token[] =
		"roaster_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_zmiyt";
	static const unsigned char wanted[AUTH_DIGEST_BYTES] = {0xcb, 0x2f,
		0x51, 0x60, 0xfc, 0x1f, 0x7e, 0x05, 0xa5, 0x5e, 0xf4, 0x9d,
		0x34, 0x0b, 0x48, 0xda, 0x2e, 0x5a, 0x78, 0x09, 0x9d, 0x53,
		0x39, 0x33, 0x51, 0xcd, 0x57, 0x9d, 0xd4, 0x25, 0x03, 0xd6};
	unsigned char digest[AUTH_DIGEST_BYTES];

	(void)state;
	assert_int_equal(auth_token_digest(token, digest), 0);
	assert_memory_equal(digest, wanted, sizeof(wanted));
}

/* Any one character changed, at any place, is noticed without a query. */
static void
auth_token_digest_refuses_any_typing_error(void **state)
{
	static const char others[] = "Ab0-_ =+/.";
	char token[AUTH_TOKEN_SIZE];
	unsigned char digest[AUTH_DIGEST_BYTES];

	(void)state;
	auth_token_new(token, digest);
	for (size_t i = 0; i < TOKEN_LEN; i++) {
		char right = token[i];

		for (size_t k = 0; k < sizeof(others) - 1; k++) {
			if (others[k] == right)
				continue;
			token[i] = others[k];
			assert_int_equal(auth_token_digest(token, digest), -1);
		}
		token[i] = right;
	}
	assert_int_equal(auth_token_digest(token, digest), 0);
}

static void
auth_token_digest_refuses_other_forms(void **state)
{
	char token[AUTH_TOKEN_SIZE], longer[AUTH_TOKEN_SIZE + 1];
	unsigned char digest[AUTH_DIGEST_BYTES];

	(void)state;
	auth_token_new(token, digest);
	assert_int_equal(auth_token_digest("", digest), -1);
	assert_int_equal(auth_token_digest("roaster_", digest), -1);
	assert_int_equal(auth_token_digest(token + 1, digest), -1);
	assert_int_equal(auth_token_digest(token + 8, digest), -1);
	memcpy(longer, token, TOKEN_LEN);
	memcpy(longer + TOKEN_LEN, "A", 2);
	assert_int_equal(auth_token_digest(longer, digest), -1);
	memcpy(longer + TOKEN_LEN, "\n", 2);
	assert_int_equal(auth_token_digest(longer, digest), -1);
	token[TOKEN_LEN - 1] = '\0';
	assert_int_equal(auth_token_digest(token, digest), -1);
}

static void
digest_of(const char *a, const char *b, unsigned n,
	unsigned char out[AUTH_DIGEST_BYTES])
{
	const struct bytes parts[] = {unit_bytes(a), unit_bytes(b)};

	auth_digest(parts, n, out);
}

static void
auth_digest_tells_splits_apart(void **state)
{
	unsigned char seen[6][AUTH_DIGEST_BYTES], again[AUTH_DIGEST_BYTES];
	static const struct bytes empty = {NULL, 0};

	(void)state;
	digest_of("ab", "c", 2, seen[0]);
	digest_of("a", "bc", 2, seen[1]);
	digest_of("abc", "", 2, seen[2]);
	digest_of("abc", "", 1, seen[3]);
	auth_digest(NULL, 0, seen[4]);
	auth_digest(&empty, 1, seen[5]);
	for (size_t i = 0; i < COUNT_OF(seen); i++) {
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
				seen[i], seen[k], AUTH_DIGEST_BYTES);
	}
	digest_of("ab", "c", 2, again);
	assert_memory_equal(again, seen[0], sizeof(again));
}

/* Stored in the database: it must be the same on every machine. */
static void
auth_digest_is_a_stable_function(void **state)
{
	static const unsigned char wanted[AUTH_DIGEST_BYTES] = {0x20, 0x26,
		0x3e, 0x79, 0x47, 0x75, 0xe4, 0xed, 0xf2, 0xb3, 0x06, 0xc0,
		0xf3, 0x06, 0xaf, 0x9e, 0x50, 0x17, 0x5c, 0x83, 0x1c, 0x85,
		0x76, 0x04, 0xb4, 0x81, 0xe8, 0x47, 0xf7, 0x90, 0xbf, 0x95};
	unsigned char digest[AUTH_DIGEST_BYTES];

	(void)state;
	digest_of("ab", "c", 2, digest);
	assert_memory_equal(digest, wanted, sizeof(wanted));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auth_token_is_found_again_by_its_digest),
		cmocka_unit_test(auth_token_digest_is_a_stable_function),
		cmocka_unit_test(auth_token_digest_refuses_any_typing_error),
		cmocka_unit_test(auth_token_digest_refuses_other_forms),
		cmocka_unit_test(auth_digest_tells_splits_apart),
		cmocka_unit_test(auth_digest_is_a_stable_function),
	};

	auth_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
