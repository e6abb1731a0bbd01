/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords, tokens, roles, sealing. The only room that knows libsodium. No
 * function here logs; buffers that held secrets are wiped.
 */
#ifndef AUTH_H
#define AUTH_H

#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#include <stdbool.h>
#include <stdint.h>

/** Once per process, before anything else here. Aborts if it cannot. */
void auth_init(void);

/** ${size} random bytes of the kernel. */
void auth_random(void *out, size_t size);

/* Random bytes for what is no secret, like the id of a request: the kernel is
 * asked for many at once, as each time costs more than all the rest of it.
 * Empty when zeroed; processes must not share one. */
struct auth_pool {
	unsigned char bytes[1000];
	size_t left;
};

/** ${size} of them, at most as many as it holds. */
void auth_pool_take(struct auth_pool *pool, void *out, size_t size);

/* --- roles ------------------------------------------------------------- */

enum auth_role { AUTH_VIEWER, AUTH_OPERATOR, AUTH_ADMIN, AUTH_ROLE_COUNT };

/* clang-format off */
/* action, viewer, operator, admin */
#define AUTH_ACTIONS(X)                         \
	X(READ,         true,  true,  true)     \
	X(CHANGE,       false, true,  true)     \
	X(OWN_SESSION,  true,  true,  true)     \
	X(OWN_PASSWORD, true,  true,  true)     \
	X(LIST_USERS,   false, false, true)     \
	X(CHANGE_USERS, false, false, true)
/* clang-format on */

enum auth_action {
#define X(name, viewer, operator_, admin) AUTH_##name,
	AUTH_ACTIONS(X)
#undef X
		AUTH_ACTION_COUNT
};

bool auth_may(enum auth_role role, enum auth_action action);
const char *auth_role_text(enum auth_role role);
int auth_role_parse(const char *text, enum auth_role *out);

/* --- names and passwords -------------------------------------------------- */

#define AUTH_PASSWORD_MAX 1024U
#define AUTH_PASSWORD_MIN 4U /* people's scripts have short ones */
#define AUTH_HASH_SIZE 128U

/** The one spelling of an account name: trimmed, lower case, 1..100 of
 * [a-z0-9._@-], first and last alphanumeric. -1 with INVALID for others. */
int auth_name(
	struct arena *arena, struct bytes name, char **out, struct err *e);

/** -1 with INVALID unless ${password} may become one. */
int auth_password_check(struct bytes password, struct err *e);

/** Argon2id, 64 MiB, about 80 ms: never in an event loop. */
void auth_password_hash(struct bytes password, char out[AUTH_HASH_SIZE]);

/** Whether ${password} is that of ${hash}; a NULL ${hash} takes as long and
 * gives false (unknown user). Never in an event loop. */
bool auth_password_verify(const char *hash, struct bytes password);

/** 32 hex digits for a first or lost password. */
void auth_password_generate(char out[33]);

/* --- tokens -----------------------------------------------------------------
 */

#define AUTH_TOKEN_SIZE 64U /* with NUL */
#define AUTH_DIGEST_BYTES 32U

/** A new token, "roaster_" + 256 random bits and a checksum in base64url, and
 * the digest it is stored as. */
void auth_token_new(
	char token[AUTH_TOKEN_SIZE], unsigned char digest[AUTH_DIGEST_BYTES]);

/** The digest of a token a client sent; -1 if it was never one of ours (form
 * or checksum), so that no query is spent on it. */
int auth_token_digest(
	const char *token, unsigned char digest[AUTH_DIGEST_BYTES]);

/* --- digests and sealing
 * ------------------------------------------------------ */

struct auth_keys; /* wiped when freed */

enum auth_keys_use {
	AUTH_KEYS_SEAL, /* the API: public key and digest key */
	AUTH_KEYS_OPEN, /* the applier: the private key too */
};

/** Make what is missing of seal.key (0400), seal.pub and digest.key (0400) in
 * folder ${dir} (exists, 0700). -1 with UNAVAILABLE. Safe when two run. */
int auth_keys_create(const char *dir, struct err *e);

/** Load from ${dir}; refuses a seal.key or digest.key that others can read.
 * -1 with UNAVAILABLE, message says what to do. */
int auth_keys_load(const char *dir, enum auth_keys_use use,
	struct auth_keys **out, struct err *e);

void auth_keys_free(struct auth_keys *keys);

/* A value, and the place it is bound to: "kind/namespace/name/pointer". */
struct auth_plain {
	const char *place;
	struct bytes value;
};

/**
 * Seal ${n} values of one document into ${out}: one fresh key for all of them
 * under crypto_box_seal to the applier's public key, each value under
 * XChaCha20-Poly1305 with its place as associated data and its own nonce.
 */
void auth_seal(struct arena *arena, const struct auth_keys *keys,
	const struct auth_plain *plains, size_t n, struct bytes *out);

/** The inverse, with AUTH_KEYS_OPEN keys. -1 with INTERNAL: another key (its
 * id is in the message), another place, or changed bytes. */
int auth_unseal(struct arena *arena, const struct auth_keys *keys,
	const char *place, struct bytes sealed, struct bytes *out,
	struct err *e);

/** Keyed BLAKE2b of ${value} at ${place}: equal secrets are seen as equal
 * without being known. */
void auth_digest_keyed(const struct auth_keys *keys, const char *place,
	struct bytes value, unsigned char out[AUTH_DIGEST_BYTES]);

/** BLAKE2b of ${n} parts, each with its length, so that no two splits of the
 * same bytes agree. */
void auth_digest(const struct bytes *parts, size_t n,
	unsigned char out[AUTH_DIGEST_BYTES]);

#endif
