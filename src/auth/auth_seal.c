/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"

#include <assert.h>
#include <string.h>

/*
 * A sealed value, version 1: the version, the id of the public key, the key of
 * the value in its box, the nonce, the value with its authenticator. Values
 * that were sealed together have the same key and box (for a box costs more
 * than all else), each a random nonce of its own; earlier ones a key of their
 * own. Whoever opens one need not know.
 */
#define VERSION 1U
#define BOX_BYTES (AUTH_KEY_BYTES + crypto_box_SEALBYTES)
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define AT_ID 1U
#define AT_BOX (AT_ID + AUTH_KEY_ID_BYTES)
#define AT_NONCE (AT_BOX + BOX_BYTES)
#define AT_VALUE (AT_NONCE + NONCE_BYTES)
#define OVERHEAD (AT_VALUE + crypto_aead_xchacha20poly1305_ietf_ABYTES)

/* What the values of one call have in common. */
struct envelope {
	unsigned char key[AUTH_KEY_BYTES];
	unsigned char head[AT_NONCE]; /* version, id and box of ${key} */
};

static void
envelope_new(struct envelope *envelope, const struct auth_keys *keys)
{
	int rc;

	envelope->head[0] = VERSION;
	auth_key_id(keys->public_key, envelope->head + AT_ID);
	auth_random(envelope->key, sizeof(envelope->key));
	rc = crypto_box_seal(envelope->head + AT_BOX, envelope->key,
		sizeof(envelope->key), keys->public_key);
	assert(rc == 0); /* auth_keys_load tried this key */
}

static struct bytes
seal(struct arena *arena, const struct envelope *envelope,
	const struct auth_plain *plain)
{
	size_t len = OVERHEAD + plain->value.len;
	unsigned char *out = arena_alloc(arena, len);

	memcpy(out, envelope->head, sizeof(envelope->head));
	auth_random(out + AT_NONCE, NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + AT_VALUE, NULL,
		auth_data(plain->value), plain->value.len,
		(const unsigned char *)plain->place, strlen(plain->place), NULL,
		out + AT_NONCE, envelope->key);
	return (struct bytes){(const char *)out, len};
}

void
auth_seal(struct arena *arena, const struct auth_keys *keys,
	const struct auth_plain *plains, size_t n, struct bytes *out)
{
	struct envelope envelope;

	if (n == 0)
		return;
	envelope_new(&envelope, keys);
	for (size_t i = 0; i < n; i++)
		out[i] = seal(arena, &envelope, &plains[i]);
	sodium_memzero(&envelope, sizeof(envelope));
}

static int
check_form(const struct auth_keys *keys, const char *place, struct bytes sealed,
	struct err *e)
{
	unsigned char id[AUTH_KEY_ID_BYTES];
	char theirs[AUTH_KEY_ID_TEXT], ours[AUTH_KEY_ID_TEXT];
	const unsigned char *from = auth_data(sealed);

	if (sealed.len < OVERHEAD || from[0] != VERSION)
		return err_set(e, ERR_INTERNAL, "",
			"sealed value of %s has an unknown form", place);
	auth_key_id(keys->public_key, id);
	if (memcmp(id, from + AT_ID, sizeof(id)) == 0)
		return 0;
	(void)sodium_bin2hex(theirs, sizeof(theirs), from + AT_ID, sizeof(id));
	(void)sodium_bin2hex(ours, sizeof(ours), id, sizeof(id));
	return err_set(e, ERR_INTERNAL, "",
		"value of %s is sealed for key %s, the key here is %s", place,
		theirs, ours);
}

int
auth_unseal(struct arena *arena, const struct auth_keys *keys,
	const char *place, struct bytes sealed, struct bytes *out,
	struct err *e)
{
	unsigned char key[AUTH_KEY_BYTES], *value;
	const unsigned char *from = auth_data(sealed);
	int rc;

	assert(keys->can_open);
	if (check_form(keys, place, sealed, e) != 0)
		return -1;
	value = arena_alloc(arena, sealed.len - OVERHEAD + 1);
	rc = crypto_box_seal_open(key, from + AT_BOX, BOX_BYTES,
		keys->public_key, keys->private_key);
	if (rc == 0)
		rc = crypto_aead_xchacha20poly1305_ietf_decrypt(value, NULL,
			NULL, from + AT_VALUE, sealed.len - AT_VALUE,
			(const unsigned char *)place, strlen(place),
			from + AT_NONCE, key);
	sodium_memzero(key, sizeof(key));
	if (rc != 0)
		return err_set(e, ERR_INTERNAL, "",
			"sealed value of %s was changed, or moved from "
			"another place",
			place);
	*out = (struct bytes){(const char *)value, sealed.len - OVERHEAD};
	return 0;
}
