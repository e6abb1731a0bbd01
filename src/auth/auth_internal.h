/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef AUTH_INTERNAL_H
#define AUTH_INTERNAL_H

#include "auth/auth.h"

#include <sodium.h>
#include <sys/types.h>

#define AUTH_KEY_BYTES 32U   /* of every key here */
#define AUTH_KEY_ID_BYTES 4U /* shown as 8 hex digits */
#define AUTH_KEY_ID_TEXT 9U  /* with NUL */

_Static_assert(crypto_box_PUBLICKEYBYTES == AUTH_KEY_BYTES, "public key");
_Static_assert(crypto_box_SECRETKEYBYTES == AUTH_KEY_BYTES, "private key");
_Static_assert(crypto_generichash_KEYBYTES == AUTH_KEY_BYTES, "digest key");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == AUTH_KEY_BYTES,
	"key of a value");
_Static_assert(crypto_generichash_BYTES == AUTH_DIGEST_BYTES, "digest");

/* In memory of sodium_malloc: locked, not dumped, wiped when freed. */
struct auth_keys {
	unsigned char public_key[AUTH_KEY_BYTES];
	unsigned char private_key[AUTH_KEY_BYTES]; /* zeros unless can_open */
	unsigned char digest_key[AUTH_KEY_BYTES];
	bool can_open;
};

/* A file of raw AUTH_KEY_BYTES bytes in a key folder. */
struct auth_key_file {
	const char *name;
	mode_t mode; /* of a new one */
	bool is_secret;
};

/* An open key folder. */
struct auth_key_folder {
	const char *path; /* for messages */
	int fd;
};

/** Open ${path}; the caller closes fd. -1 with UNAVAILABLE. */
int auth_key_folder_open(
	const char *path, struct auth_key_folder *out, struct err *e);

/** Wait until nobody else makes keys there; until fd is closed. -1 with
 * UNAVAILABLE. */
int auth_key_folder_lock(const struct auth_key_folder *folder, struct err *e);

bool auth_key_file_exists(
	const struct auth_key_folder *folder, const struct auth_key_file *file);

/** Put ${key} into the locked folder, whole or not at all. -1 with
 * UNAVAILABLE. */
int auth_key_file_create(const struct auth_key_folder *folder,
	const struct auth_key_file *file,
	const unsigned char key[AUTH_KEY_BYTES], struct err *e);

/** Read it; a secret one that others can read is refused. -1 with
 * UNAVAILABLE. */
int auth_key_file_read(const struct auth_key_folder *folder,
	const struct auth_key_file *file, unsigned char key[AUTH_KEY_BYTES],
	struct err *e);

/** The id of a public key: the start of its BLAKE2b. */
void auth_key_id(const unsigned char public_key[AUTH_KEY_BYTES],
	unsigned char id[AUTH_KEY_ID_BYTES]);

/** The bytes of ${b} as libsodium wants them: never NULL. */
static inline const unsigned char *
auth_data(struct bytes b)
{
	return (const unsigned char *)(b.data == NULL ? "" : b.data);
}

#endif
