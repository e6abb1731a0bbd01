/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argon2id off the event loop: a few threads, one bounded queue, and an
 * eventfd back into the loop. The threads call nothing of Kore.
 */
#ifndef HANDLERS_PASSWORD_H
#define HANDLERS_PASSWORD_H

#include "api/api.h"

#include <kore/kore.h>
#include <pthread.h>
#include <sys/queue.h>

#define HANDLERS_PASSWORD_THREADS_MAX 4U
#define HANDLERS_PASSWORD_WAITING_MAX 64U

struct handlers_job; /* one password; wiped when it is freed */
TAILQ_HEAD(handlers_jobs, handlers_job);

struct handlers_password {
	struct kore_event event; /* first: Kore casts to it */
	int fd;
	/* The results are in the struct that was submitted. */
	void (*ended)(void *owner);
	unsigned n_threads;
	pthread_t threads[HANDLERS_PASSWORD_THREADS_MAX];
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t has_work;
	struct handlers_jobs todo, done;
	unsigned n_todo;
	bool is_stopping;
};

/** Start min(${n_threads}, HANDLERS_PASSWORD_THREADS_MAX) threads, at least
 * one, and watch for their results in Kore's loop. ${p}: at a fixed address. */
void handlers_password_start(struct handlers_password *p, unsigned n_threads,
	void (*ended)(void *owner));

/**
 * Queue ${what}, whose inputs are copied; ended(${owner}) is called when its
 * outputs are filled.  NULL with TOO_MANY if the queue is full.
 */
struct handlers_job *handlers_password_submit(struct handlers_password *p,
	struct api_password_job *what, void *owner, struct err *e);

/** Nobody waits for ${job} any more: ended will not be called, ${what} not be
 * touched. Only before ended was called; NULL is legal. */
void handlers_password_drop(
	struct handlers_password *p, struct handlers_job *job);

/** End the threads, after what they are at. */
void handlers_password_stop(struct handlers_password *p);

#endif
