/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth_internal.h"

#include <stdlib.h>

_Static_assert(crypto_pwhash_STRBYTES == AUTH_HASH_SIZE, "a hash fits");

/* What an unknown user's password is compared with: the hash of 32 random
 * bytes that nobody kept, with the parameters of auth_password_hash. */
static const char dummy_hash[] =
	"$argon2id$v=19$m=65536,t=2,p=1$9gsw9ZSIPXntfa0zMSCKYg$"
	"9eLqXkpPt1/KESr+oXtBOocLRHs0tZIX7jFnxNh4twA";

void
auth_init(void)
{
	if (sodium_init() < 0)
		abort();
}

void
auth_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}

/* Typed by accident more often than meant: the end of a line of a file. */
static bool
has_control(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < ' ' || c == 0x7f)
			return true;
	}
	return false;
}

int
auth_password_check(struct bytes password, struct err *e)
{
	if (password.len < AUTH_PASSWORD_MIN ||
		password.len > AUTH_PASSWORD_MAX)
		return err_set(e, ERR_INVALID, "password",
			"a password has %u to %u bytes, this one has %zu",
			AUTH_PASSWORD_MIN, AUTH_PASSWORD_MAX, password.len);
	if (has_control(password))
		return err_set(e, ERR_INVALID, "password",
			"a password has no control characters (a line end?)");
	return 0;
}

void
auth_password_hash(struct bytes password, char out[AUTH_HASH_SIZE])
{
	/* It fails only for want of memory. */
	if (crypto_pwhash_str(out, (const char *)auth_data(password),
		    password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		abort();
}

bool
auth_password_verify(const char *hash, struct bytes password)
{
	bool is_right =
		crypto_pwhash_str_verify(hash == NULL ? dummy_hash : hash,
			(const char *)auth_data(password), password.len) == 0;

	return is_right && hash != NULL;
}

void
auth_password_generate(char out[33])
{
	unsigned char raw[16];

	auth_random(raw, sizeof(raw));
	(void)sodium_bin2hex(out, 33, raw, sizeof(raw));
	sodium_memzero(raw, sizeof(raw));
}
