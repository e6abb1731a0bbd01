/* SPDX-License-Identifier: Apache-2.0 */
#include "fail/fail.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = {
#define X(name, moment) #name,
	FAIL_POINTS(X)
#undef X
};

/* The folder is asked of the environment: a point can stand in any room, also
 * where nobody knows the configuration. */
void
fail_here(enum fail_point point)
{
	const char *state = getenv("ROASTER_STATE_DIR");
	char path[PATH_MAX];
	int n;

	if (state == NULL)
		return;
	n = snprintf(
		path, sizeof(path), "%s/failpoints/%s", state, names[point]);
	if (n > 0 && (size_t)n < sizeof(path) && unlink(path) == 0)
		(void)raise(SIGSTOP);
}
