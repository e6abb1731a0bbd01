/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"

#include <assert.h>
#include <string.h>

#define PREFIX "roaster_"
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define RANDOM_BYTES 32U
#define CHECKSUM_BYTES 4U
#define TOKEN_BYTES (RANDOM_BYTES + CHECKSUM_BYTES)
#define ENCODED_LEN (TOKEN_BYTES / 3 * 4) /* a multiple of 3: no padding */
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(TOKEN_BYTES % 3 == 0, "no bits of the encoding are unused");
_Static_assert(PREFIX_LEN + ENCODED_LEN < AUTH_TOKEN_SIZE, "a token fits");

/* BLAKE2b of another length is another function: the checksum, which is part
 * of the token, says nothing about the digest. */
static void
checksum(const unsigned char random[RANDOM_BYTES],
	unsigned char out[CHECKSUM_BYTES])
{
	unsigned char whole[crypto_generichash_BYTES_MIN];

	(void)crypto_generichash(
		whole, sizeof(whole), random, RANDOM_BYTES, NULL, 0);
	memcpy(out, whole, CHECKSUM_BYTES);
}

static void
digest_of(const unsigned char random[RANDOM_BYTES],
	unsigned char digest[AUTH_DIGEST_BYTES])
{
	(void)crypto_generichash(
		digest, AUTH_DIGEST_BYTES, random, RANDOM_BYTES, NULL, 0);
}

void
auth_token_new(
	char token[AUTH_TOKEN_SIZE], unsigned char digest[AUTH_DIGEST_BYTES])
{
	unsigned char raw[TOKEN_BYTES];

	auth_random(raw, RANDOM_BYTES);
	checksum(raw, raw + RANDOM_BYTES);
	digest_of(raw, digest);
	memcpy(token, PREFIX, PREFIX_LEN);
	(void)sodium_bin2base64(token + PREFIX_LEN,
		AUTH_TOKEN_SIZE - PREFIX_LEN, raw, sizeof(raw), VARIANT);
	sodium_memzero(raw, sizeof(raw));
}

int
auth_token_digest(const char *token, unsigned char digest[AUTH_DIGEST_BYTES])
{
	unsigned char raw[TOKEN_BYTES], wanted[CHECKSUM_BYTES];
	size_t len;
	int rc = -1;

	if (strlen(token) != PREFIX_LEN + ENCODED_LEN ||
		memcmp(token, PREFIX, PREFIX_LEN) != 0)
		return -1;
	if (sodium_base642bin(raw, sizeof(raw), token + PREFIX_LEN, ENCODED_LEN,
		    NULL, &len, NULL, VARIANT) != 0)
		goto out;
	assert(len == sizeof(raw));
	checksum(raw, wanted);
	if (memcmp(wanted, raw + RANDOM_BYTES, sizeof(wanted)) != 0)
		goto out;
	digest_of(raw, digest);
	rc = 0;
out:
	sodium_memzero(raw, sizeof(raw));
	return rc;
}
