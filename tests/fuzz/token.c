/* SPDX-License-Identifier: Apache-2.0 */
/* An Authorization header, and the token in it. */
#include "fuzz.h"

#include "api/api_headers.h"

#include <string.h>
#include <strings.h>

static void
check_changed(struct arena *arena, const char *token,
	const unsigned char digest[AUTH_DIGEST_BYTES], unsigned seed)
{
	char *other = arena_text(arena, token);
	unsigned char got[AUTH_DIGEST_BYTES];

	other[seed % strlen(other)] ^= (char)(1 + seed % 7);
	fuzz_must(auth_token_digest(other, got) != 0 ||
			  memcmp(got, digest, sizeof(got)) != 0,
		"another text is another token");
}

void
fuzz_token(struct arena *arena, struct bytes in)
{
	unsigned char digest[AUTH_DIGEST_BYTES], again[AUTH_DIGEST_BYTES];
	unsigned seed = fuzz_byte(&in);
	const char *header = fuzz_text(arena, in);
	const char *token = header + strcspn(header, "r");
	char made[AUTH_TOKEN_SIZE];

	if (api_credential_read(header, digest) == API_CREDENTIAL_TOKEN)
		fuzz_must(strncasecmp(header + strspn(header, " \t"), "bearer",
				  6) == 0,
			"a token follows the word");
	if (auth_token_digest(token, digest) == 0)
		check_changed(arena, token, digest, seed);
	auth_token_new(made, digest);
	fuzz_must(auth_token_digest(made, again) == 0 &&
			  memcmp(again, digest, sizeof(again)) == 0,
		"a token that was made is known");
	check_changed(arena, made, digest, seed);
}
