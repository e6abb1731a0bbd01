/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
static const bool allowed[AUTH_ACTION_COUNT][AUTH_ROLE_COUNT] = {
#define X(name, viewer, operator_, admin) \
	[AUTH_##name] = {                 \
		[AUTH_VIEWER] = viewer,   \
		[AUTH_OPERATOR] = operator_, \
		[AUTH_ADMIN] = admin,     \
	},
	AUTH_ACTIONS(X)
#undef X
};
/* clang-format on */

static const char *const role_names[AUTH_ROLE_COUNT] = {
	[AUTH_VIEWER] = "viewer",
	[AUTH_OPERATOR] = "operator",
	[AUTH_ADMIN] = "admin",
};

bool
auth_may(enum auth_role role, enum auth_action action)
{
	assert(role < AUTH_ROLE_COUNT && action < AUTH_ACTION_COUNT);
	return allowed[action][role];
}

const char *
auth_role_text(enum auth_role role)
{
	assert(role < AUTH_ROLE_COUNT);
	return role_names[role];
}

int
auth_role_parse(const char *text, enum auth_role *out)
{
	for (unsigned i = 0; i < AUTH_ROLE_COUNT; i++) {
		if (strcmp(text, role_names[i]) == 0) {
			*out = (enum auth_role)i;
			return 0;
		}
	}
	return -1;
}
