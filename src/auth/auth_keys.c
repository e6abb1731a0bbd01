/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct auth_key_file seal_key = {"seal.key", 0400, true};
static const struct auth_key_file seal_pub = {"seal.pub", 0444, false};
static const struct auth_key_file digest_key = {"digest.key", 0400, true};

static int
create_random(const struct auth_key_folder *folder,
	const struct auth_key_file *file, struct err *e)
{
	unsigned char key[AUTH_KEY_BYTES];
	int rc;

	if (auth_key_file_exists(folder, file))
		return 0;
	auth_random(key, sizeof(key));
	rc = auth_key_file_create(folder, file, key, e);
	sodium_memzero(key, sizeof(key));
	return rc;
}

/* From the private key that is in the folder, whoever made it. */
static int
create_public(const struct auth_key_folder *folder, struct err *e)
{
	unsigned char private_key[AUTH_KEY_BYTES], public_key[AUTH_KEY_BYTES];
	int rc = auth_key_file_read(folder, &seal_key, private_key, e);

	if (rc == 0) {
		(void)crypto_scalarmult_base(public_key, private_key);
		rc = auth_key_file_create(folder, &seal_pub, public_key, e);
	}
	sodium_memzero(private_key, sizeof(private_key));
	return rc;
}

/* The private key is always made first, so that after a crash a public key
 * without a private one is never seen: it means a loss. */
static int
create_pair(const struct auth_key_folder *folder, struct err *e)
{
	bool has_public = auth_key_file_exists(folder, &seal_pub);

	if (has_public && !auth_key_file_exists(folder, &seal_key))
		return err_set(e, ERR_UNAVAILABLE, "",
			"%s has seal.pub but no seal.key: restore seal.key "
			"from a backup, or remove seal.pub to give up what "
			"was sealed and start anew",
			folder->path);
	if (has_public)
		return 0;
	if (create_random(folder, &seal_key, e) != 0)
		return -1;
	return create_public(folder, e);
}

int
auth_keys_create(const char *dir, struct err *e)
{
	struct auth_key_folder folder;
	int rc;

	if (auth_key_folder_open(dir, &folder, e) != 0)
		return -1;
	rc = auth_key_folder_lock(&folder, e);
	if (rc == 0)
		rc = create_pair(&folder, e);
	if (rc == 0)
		rc = create_random(&folder, &digest_key, e);
	(void)close(folder.fd);
	return rc;
}

/* Some 32 bytes are no point of the curve that can be sealed to. */
static int
load_public(const struct auth_key_folder *folder, struct auth_keys *keys,
	struct err *e)
{
	unsigned char box[crypto_box_SEALBYTES];

	if (auth_key_file_read(folder, &seal_pub, keys->public_key, e) != 0)
		return -1;
	if (crypto_box_seal(box, auth_data((struct bytes){NULL, 0}), 0,
		    keys->public_key) == 0)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "",
		"%s/seal.pub is not a public key: restore it from a backup",
		folder->path);
}

static int
load_private(const struct auth_key_folder *folder, struct auth_keys *keys,
	struct err *e)
{
	unsigned char public_key[AUTH_KEY_BYTES];

	if (auth_key_file_read(folder, &seal_key, keys->private_key, e) != 0)
		return -1;
	(void)crypto_scalarmult_base(public_key, keys->private_key);
	if (memcmp(public_key, keys->public_key, sizeof(public_key)) != 0)
		return err_set(e, ERR_UNAVAILABLE, "",
			"seal.key and seal.pub in %s are not a pair: restore "
			"both from one backup",
			folder->path);
	keys->can_open = true;
	return 0;
}

static struct auth_keys *
keys_new(void)
{
	struct auth_keys *keys = sodium_malloc(sizeof(*keys));

	if (keys == NULL)
		abort();
	sodium_memzero(keys, sizeof(*keys));
	return keys;
}

int
auth_keys_load(const char *dir, enum auth_keys_use use, struct auth_keys **out,
	struct err *e)
{
	struct auth_key_folder folder;
	struct auth_keys *keys;
	int rc = -1;

	if (auth_key_folder_open(dir, &folder, e) != 0)
		return -1;
	keys = keys_new();
	if (load_public(&folder, keys, e) != 0 ||
		auth_key_file_read(&folder, &digest_key, keys->digest_key, e) !=
			0)
		goto out;
	if (use == AUTH_KEYS_OPEN && load_private(&folder, keys, e) != 0)
		goto out;
	*out = keys;
	keys = NULL;
	rc = 0;
out:
	auth_keys_free(keys);
	(void)close(folder.fd);
	return rc;
}

void
auth_keys_free(struct auth_keys *keys)
{
	sodium_free(keys); /* wipes; NULL is legal */
}
