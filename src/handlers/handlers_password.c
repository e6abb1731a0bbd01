/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_password.h"

#include "handlers/handlers_nice.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A thread reads all but out and owner, which belong to the loop, and writes
 * is_right and result. */
struct handlers_job {
	TAILQ_ENTRY(handlers_job) link;
	struct arena *arena; /* owns the job itself; wiped when freed */
	struct api_password_job *out;
	void *owner; /* NULL: nobody waits any more */
	bool is_queued;
	bool is_verify;
	const char *hash;
	struct bytes password;
	bool is_right;
	char result[AUTH_HASH_SIZE];
};

static void
job_free(struct handlers_job *job)
{
	arena_free(job->arena);
}

static void
job_run(struct handlers_job *job)
{
	if (job->is_verify)
		job->is_right = auth_password_verify(job->hash, job->password);
	else
		auth_password_hash(job->password, job->result);
}

/* The next job; NULL when it is time to end. */
static struct handlers_job *
take(struct handlers_password *p)
{
	struct handlers_job *job = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->is_stopping && TAILQ_EMPTY(&p->todo))
		pthread_cond_wait(&p->has_work, &p->lock);
	if (!p->is_stopping) {
		job = TAILQ_FIRST(&p->todo);
		TAILQ_REMOVE(&p->todo, job, link);
		job->is_queued = false;
		p->n_todo--;
	}
	pthread_mutex_unlock(&p->lock);
	return job;
}

static void
give(struct handlers_password *p, struct handlers_job *job)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&p->lock);
	TAILQ_INSERT_TAIL(&p->done, job, link);
	pthread_mutex_unlock(&p->lock);
	if (write(p->fd, &one, sizeof(one)) != (ssize_t)sizeof(one))
		abort();
}

static void *
thread_main(void *arg)
{
	struct handlers_password *p = arg;
	struct handlers_job *job;

	handlers_nice_thread();
	while ((job = take(p)) != NULL) {
		job_run(job);
		give(p, job);
	}
	return NULL;
}

static struct handlers_job *
take_done(struct handlers_password *p)
{
	struct handlers_job *job;

	pthread_mutex_lock(&p->lock);
	job = TAILQ_FIRST(&p->done);
	if (job != NULL)
		TAILQ_REMOVE(&p->done, job, link);
	pthread_mutex_unlock(&p->lock);
	return job;
}

static void
job_deliver(struct handlers_password *p, struct handlers_job *job)
{
	void *owner = job->owner;

	if (owner != NULL) {
		job->out->is_right = job->is_right;
		memcpy(job->out->result, job->result, sizeof(job->result));
	}
	job_free(job);
	if (owner != NULL)
		p->ended(owner);
}

static void
on_event(void *arg, int is_hangup)
{
	struct handlers_password *p = arg;
	struct handlers_job *job;
	uint64_t count;

	(void)is_hangup;
	p->event.flags = 0;
	if (read(p->fd, &count, sizeof(count)) == -1)
		return; /* an earlier turn took these */
	while ((job = take_done(p)) != NULL)
		job_deliver(p, job);
}

/* Threads get no signals: these are for Kore's loop. */
static void
start_threads(struct handlers_password *p, unsigned count)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	while (p->n_threads < count) {
		if (pthread_create(&p->threads[p->n_threads], NULL, thread_main,
			    p) != 0)
			abort();
		p->n_threads++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
handlers_password_start(struct handlers_password *p, unsigned n_threads,
	void (*ended)(void *owner))
{
	if (n_threads == 0)
		n_threads = 1;
	if (n_threads > HANDLERS_PASSWORD_THREADS_MAX)
		n_threads = HANDLERS_PASSWORD_THREADS_MAX;
	*p = (struct handlers_password){.ended = ended};
	p->event.handle = on_event;
	TAILQ_INIT(&p->todo);
	TAILQ_INIT(&p->done);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->has_work, NULL);
	p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->fd == -1)
		abort();
	kore_platform_event_level_read(p->fd, p);
	start_threads(p, n_threads);
}

static struct handlers_job *
job_new(struct api_password_job *what, void *owner)
{
	struct arena *arena = arena_new();
	struct handlers_job *job = arena_alloc(arena, sizeof(*job));

	job->arena = arena;
	job->out = what;
	job->owner = owner;
	job->is_queued = true;
	job->is_verify = what->is_verify;
	job->hash = arena_text(arena, what->hash);
	job->password.data =
		arena_copy(arena, what->password.data, what->password.len);
	job->password.len = what->password.len;
	return job;
}

struct handlers_job *
handlers_password_submit(struct handlers_password *p,
	struct api_password_job *what, void *owner, struct err *e)
{
	struct handlers_job *job = NULL;

	pthread_mutex_lock(&p->lock);
	if (p->n_todo < HANDLERS_PASSWORD_WAITING_MAX) {
		job = job_new(what, owner);
		TAILQ_INSERT_TAIL(&p->todo, job, link);
		p->n_todo++;
		pthread_cond_signal(&p->has_work);
	}
	pthread_mutex_unlock(&p->lock);
	if (job == NULL)
		(void)err_set(e, ERR_TOO_MANY, "",
			"too many passwords are being checked");
	return job;
}

void
handlers_password_drop(struct handlers_password *p, struct handlers_job *job)
{
	bool was_queued;

	if (job == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	was_queued = job->is_queued;
	if (was_queued) {
		TAILQ_REMOVE(&p->todo, job, link);
		p->n_todo--;
	}
	pthread_mutex_unlock(&p->lock);
	if (was_queued)
		job_free(job);
	else
		job->owner = NULL;
}

static void
free_jobs(struct handlers_jobs *jobs)
{
	struct handlers_job *job;

	while ((job = TAILQ_FIRST(jobs)) != NULL) {
		TAILQ_REMOVE(jobs, job, link);
		job_free(job);
	}
}

void
handlers_password_stop(struct handlers_password *p)
{
	pthread_mutex_lock(&p->lock);
	p->is_stopping = true;
	pthread_cond_broadcast(&p->has_work);
	pthread_mutex_unlock(&p->lock);
	while (p->n_threads > 0)
		pthread_join(p->threads[--p->n_threads], NULL);
	free_jobs(&p->todo);
	free_jobs(&p->done);
}
