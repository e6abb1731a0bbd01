/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration file, then behind NULs what is in the environment. */
#include "fuzz.h"

#include "config/config.h"

#include <string.h>

#define VARIABLES_MAX 8U

static void
check(const struct config *c)
{
	fuzz_must(c->port >= 1 && c->port <= 65535, "a port");
	fuzz_must(c->workers >= 1 && c->workers <= 64, "workers");
	fuzz_must(c->start_timeout >= 10, "a start time");
	fuzz_must(c->insecure_http || strchr(c->bind, '.') != NULL ||
			  strchr(c->bind, ':') != NULL ||
			  strcmp(c->bind, "localhost") == 0,
		"nothing but loopback without TLS");
}

void
fuzz_config(struct arena *arena, struct bytes in)
{
	struct bytes left = in;
	const char *text = fuzz_text(arena, fuzz_cut(&left, '\0'));
	char *environ[VARIABLES_MAX + 1] = {NULL};
	struct config config, again;
	struct err e;

	for (size_t i = 0; i < VARIABLES_MAX && left.len > 0; i++)
		environ[i] = fuzz_text(arena, fuzz_cut(&left, '\0'));
	if (config_load(arena, "f", text, environ, &config, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	check(&config);
	fuzz_must(config_load(arena, "f", text, environ, &again, &e) == 0,
		"what is right is so each time");
}
