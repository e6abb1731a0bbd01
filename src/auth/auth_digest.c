/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"

#include <string.h>

/* The length first, little endian, so that the parts cannot run together. */
static void
add_part(crypto_generichash_state *state, struct bytes part)
{
	unsigned char len[8];

	for (size_t i = 0; i < sizeof(len); i++)
		len[i] = (unsigned char)((uint64_t)part.len >> (8 * i));
	(void)crypto_generichash_update(state, len, sizeof(len));
	(void)crypto_generichash_update(state, auth_data(part), part.len);
}

void
auth_digest_keyed(const struct auth_keys *keys, const char *place,
	struct bytes value, unsigned char out[AUTH_DIGEST_BYTES])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, keys->digest_key,
		sizeof(keys->digest_key), AUTH_DIGEST_BYTES);
	add_part(&state, (struct bytes){place, strlen(place)});
	add_part(&state, value);
	(void)crypto_generichash_final(&state, out, AUTH_DIGEST_BYTES);
	sodium_memzero(&state, sizeof(state));
}

void
auth_digest(const struct bytes *parts, size_t n,
	unsigned char out[AUTH_DIGEST_BYTES])
{
	crypto_generichash_state state;

	(void)crypto_generichash_init(&state, NULL, 0, AUTH_DIGEST_BYTES);
	for (size_t i = 0; i < n; i++)
		add_part(&state, parts[i]);
	(void)crypto_generichash_final(&state, out, AUTH_DIGEST_BYTES);
	sodium_memzero(&state, sizeof(state));
}

void
auth_key_id(const unsigned char public_key[AUTH_KEY_BYTES],
	unsigned char id[AUTH_KEY_ID_BYTES])
{
	unsigned char whole[AUTH_DIGEST_BYTES];

	(void)crypto_generichash(
		whole, sizeof(whole), public_key, AUTH_KEY_BYTES, NULL, 0);
	memcpy(id, whole, AUTH_KEY_ID_BYTES);
}
