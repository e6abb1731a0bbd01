/* SPDX-License-Identifier: Apache-2.0 */
/*
 * argon SECONDS: as many threads as there are cores verify a password, with
 * the functions and the cost of roasterd; prints how many a second.
 */
#include "auth/auth.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS_MAX 64

static const char password[] = "correct horse";

struct thread {
	pthread_t id;
	const char *hash;
	double until;
	unsigned count;
};

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *
verify(void *arg)
{
	const struct bytes word = {password, strlen(password)};
	struct thread *t = arg;

	while (now_s() < t->until) {
		if (!auth_password_verify(t->hash, word))
			abort();
		t->count++;
	}
	return NULL;
}

static int
cores(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	n = CPU_COUNT(&set);
	return n > THREADS_MAX ? THREADS_MAX : n;
}

int
main(int argc, char **argv)
{
	struct thread threads[THREADS_MAX];
	char hash[AUTH_HASH_SIZE];
	unsigned count = 0;
	int n = cores();
	double begin;

	if (argc != 2)
		return 2;
	auth_init();
	auth_password_hash((struct bytes){password, strlen(password)}, hash);
	begin = now_s();
	for (int i = 0; i < n; i++) {
		threads[i] = (struct thread){
			.hash = hash, .until = begin + strtod(argv[1], NULL)};
		if (pthread_create(&threads[i].id, NULL, verify, &threads[i]) !=
			0)
			return 1;
	}
	for (int i = 0; i < n; i++) {
		pthread_join(threads[i].id, NULL);
		count += threads[i].count;
	}
	printf("%.2f\n", count / (now_s() - begin));
	return 0;
}
