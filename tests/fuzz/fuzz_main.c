/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libFuzzer calls. FUZZER chooses the fuzzer; FUZZ_SLOW_MS, if set, is the
 * CPU time one input may take, else only a crash is a finding.
 */
#include "fuzz.h"

#include "auth/auth.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A machine that is busy makes one try slow, but hardly all of them. */
#define TRIES 3

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer's functions take no argument of ours. */
static struct {
	fuzz_one *one;
	int64_t limit_us; /* 0: none */
	int64_t slowest_us;
	size_t slowest_bytes;
} app;

static const struct {
	const char *name;
	fuzz_one *one;
} fuzzers[] = {
#define X(name) {#name, fuzz_##name},
	FUZZERS(X)
#undef X
};

static fuzz_one *
find(const char *name)
{
	for (size_t i = 0; name != NULL && i < COUNT_OF(fuzzers); i++)
		if (strcmp(fuzzers[i].name, name) == 0)
			return fuzzers[i].one;
	return NULL;
}

static void
report(void)
{
	fprintf(stderr, "slowest_us: %lld of %zu bytes\n",
		(long long)app.slowest_us, app.slowest_bytes);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *limit = getenv("FUZZ_SLOW_MS");

	(void)argc;
	(void)argv;
	app.one = find(getenv("FUZZER"));
	if (app.one == NULL) {
		fprintf(stderr, "FUZZER has to be one of:");
		for (size_t i = 0; i < COUNT_OF(fuzzers); i++)
			fprintf(stderr, " %s", fuzzers[i].name);
		fprintf(stderr, "\n");
		exit(2);
	}
	if (limit != NULL)
		app.limit_us = strtoll(limit, NULL, 10) * 1000;
	auth_init();
	return atexit(report);
}

static int64_t
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t
run(struct bytes in)
{
	int64_t begin = cpu_us();
	struct arena *arena = arena_new();

	app.one(arena, in);
	arena_free(arena);
	return cpu_us() - begin;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bytes in = {(const char *)data, size};
	int64_t us = run(in);

	for (int i = 1; i < TRIES && app.limit_us != 0 && us > app.limit_us;
		i++) {
		int64_t again = run(in);

		us = again < us ? again : us;
	}
	if (us > app.slowest_us) {
		app.slowest_us = us;
		app.slowest_bytes = size;
	}
	if (app.limit_us != 0)
		fuzz_must(us <= app.limit_us, "an input is quick");
	return 0;
}
