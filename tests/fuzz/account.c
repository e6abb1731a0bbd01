/* SPDX-License-Identifier: Apache-2.0 */
/* The name of an account in its first line, then a password. */
#include "fuzz.h"

#include "auth/auth.h"

#include <string.h>

static void
check_name(struct arena *arena, struct bytes in)
{
	char *name, *again;
	struct err e;

	if (auth_name(arena, in, &name, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	fuzz_must(strlen(name) >= 1 && strlen(name) <= 100, "a name's length");
	fuzz_must(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._@-") ==
			  strlen(name),
		"a name's characters");
	fuzz_must(auth_name(arena, fuzz_bytes(name), &again, &e) == 0,
		"a name that was read is one");
	fuzz_equal(fuzz_bytes(again), fuzz_bytes(name), "of one spelling");
}

void
fuzz_account(struct arena *arena, struct bytes in)
{
	struct bytes name = fuzz_cut(&in, '\n');
	const char *text = fuzz_text(arena, name);
	enum auth_role role;
	struct err e;

	check_name(arena, name);
	if (auth_role_parse(text, &role) == 0)
		fuzz_equal(fuzz_bytes(auth_role_text(role)), fuzz_bytes(text),
			"a role has one spelling");
	if (auth_password_check(in, &e) != 0)
		fuzz_error(&e, in);
	else
		fuzz_must(in.len >= AUTH_PASSWORD_MIN &&
				  in.len <= AUTH_PASSWORD_MAX,
			"a password's length");
}
