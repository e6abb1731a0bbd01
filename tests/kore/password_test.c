/* SPDX-License-Identifier: Apache-2.0 */
/* The threads of handlers_password, with a loop of our own. */
#include "handlers/handlers_password.h"

#include "unit.h"

#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_MS 20000

/* One that waits for a password. */
struct owner {
	struct api_password_job job;
	unsigned ended;
	pthread_t by;
};

/* What the pool wants of Kore. */
void
kore_platform_event_level_read(int fd, void *watcher)
{
	assert_true(fd >= 0);
	assert_non_null(watcher);
}

static void
on_ended(void *cookie)
{
	struct owner *o = cookie;

	o->ended++;
	o->by = pthread_self();
}

/* One turn of the loop, once there is something. */
static void
turn(struct handlers_password *p)
{
	struct pollfd ready = {.fd = p->fd, .events = POLLIN};

	assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
	p->event.handle(p, 0);
}

static void
await(struct handlers_password *p, const struct owner *o)
{
	while (o->ended == 0)
		turn(p);
}

static unsigned
count_waiting(struct handlers_password *p)
{
	unsigned n;

	pthread_mutex_lock(&p->lock);
	n = p->n_todo;
	pthread_mutex_unlock(&p->lock);
	return n;
}

static void
await_taken(struct handlers_password *p)
{
	while (count_waiting(p) > 0)
		usleep(1000);
}

static struct handlers_job *
submit(struct handlers_password *p, struct owner *o)
{
	struct err e;

	return handlers_password_submit(p, &o->job, o, &e);
}

static void
password_is_hashed_and_verified(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	struct owner hash = {.job.password = UNIT_BYTES("correct horse")};
	struct owner right = {.job.is_verify = true}, wrong = right,
		     nobody = right;

	handlers_password_start(p, 2, on_ended);
	assert_non_null(submit(p, &hash));
	await(p, &hash);
	right.job.hash = wrong.job.hash = hash.job.result;
	right.job.password = nobody.job.password = hash.job.password;
	wrong.job.password = UNIT_BYTES("correct house");
	assert_non_null(submit(p, &right));
	assert_non_null(submit(p, &wrong));
	assert_non_null(submit(p, &nobody));
	await(p, &right);
	await(p, &wrong);
	await(p, &nobody);
	assert_true(right.job.is_right);
	assert_false(wrong.job.is_right);
	assert_false(nobody.job.is_right);
	assert_true(pthread_equal(right.by, pthread_self()));
	handlers_password_stop(p);
}

static void
password_inputs_are_copied(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	char text[] = "secret", hash[AUTH_HASH_SIZE];
	struct owner o = {.job = {.is_verify = true, .hash = hash}};

	auth_password_hash((struct bytes){text, 6}, hash);
	o.job.password = (struct bytes){text, 6};
	handlers_password_start(p, 1, on_ended);
	assert_non_null(submit(p, &o));
	memset(text, 'x', 6);
	memset(hash, 'x', sizeof(hash));
	await(p, &o);
	assert_true(o.job.is_right);
	handlers_password_stop(p);
}

static void
password_queue_is_bounded(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	struct owner o[HANDLERS_PASSWORD_WAITING_MAX + 1] = {{.ended = 0}};
	struct handlers_job *jobs[COUNT_OF(o)];
	struct owner late = {.job.password = UNIT_BYTES("late")};
	struct err e;

	handlers_password_start(p, 1, on_ended);
	for (size_t i = 0; i < COUNT_OF(o); i++) {
		o[i].job.password = UNIT_BYTES("secret");
		jobs[i] = submit(p, &o[i]);
		assert_non_null(jobs[i]);
		if (i == 0)
			await_taken(p);
	}
	assert_null(handlers_password_submit(p, &late.job, &late, &e));
	assert_int_equal(e.code, ERR_TOO_MANY);
	for (size_t i = 1; i < COUNT_OF(o); i++)
		handlers_password_drop(p, jobs[i]);
	assert_non_null(submit(p, &late));
	await(p, &o[0]);
	await(p, &late);
	assert_int_equal(o[1].ended, 0);
	handlers_password_stop(p);
}

/* Its owner is gone: the outputs must not be touched any more. */
static void
password_that_was_begun_can_be_dropped(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	struct owner gone = {.job.password = UNIT_BYTES("secret")};
	struct owner next = gone;
	struct handlers_job *job;

	handlers_password_start(p, 1, on_ended);
	job = submit(p, &gone);
	assert_non_null(job);
	await_taken(p);
	handlers_password_drop(p, job);
	assert_non_null(submit(p, &next));
	await(p, &next);
	assert_int_equal(gone.ended, 0);
	assert_string_equal(gone.job.result, "");
	handlers_password_drop(p, NULL);
	handlers_password_stop(p);
}

static void
password_stop_does_not_wait_for_the_queue(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	struct owner o[32] = {{.ended = 0}};

	handlers_password_start(p, 1, on_ended);
	for (size_t i = 0; i < COUNT_OF(o); i++) {
		o[i].job.password = UNIT_BYTES("secret");
		assert_non_null(submit(p, &o[i]));
	}
	handlers_password_stop(p);
	assert_int_equal(p->n_threads, 0);
	assert_int_equal(o[31].ended, 0);
}

static void
password_threads_are_one_to_four(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));

	handlers_password_start(p, 0, on_ended);
	assert_int_equal(p->n_threads, 1);
	handlers_password_stop(p);
	handlers_password_start(p, 99, on_ended);
	assert_int_equal(p->n_threads, 4);
	handlers_password_stop(p);
}

/* How long a thread wants to stay on a processor, in ns: the fourth word of the
 * kernel's struct. 0 before Linux 6.12. */
static uint64_t
slice_of(int thread)
{
	uint64_t attributes[6] = {0};

	assert_int_equal(syscall(SYS_sched_getattr, thread, attributes,
				 sizeof(attributes), 0),
		0);
	return attributes[3];
}

static bool
is_nice(int thread)
{
	return getpriority(PRIO_PROCESS, (id_t)thread) >
		       getpriority(PRIO_PROCESS, 0) &&
	       (slice_of(0) == 0 || slice_of(thread) > slice_of(0));
}

/* Nice threads of this process; its first one is what the test was begun as. */
static unsigned
count_nice(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	unsigned n = 0;

	assert_non_null(tasks);
	while ((entry = readdir(tasks)) != NULL)
		n += entry->d_name[0] != '.' && is_nice(atoi(entry->d_name));
	assert_int_equal(closedir(tasks), 0);
	return n;
}

static void
password_threads_give_way_to_the_loop(void **state)
{
	struct handlers_password *p = arena_alloc(*state, sizeof(*p));
	struct owner o = {.job = {.password = UNIT_BYTES("secret")}};

	if (getpriority(PRIO_PROCESS, 0) == 19)
		skip();
	handlers_password_start(p, 1, on_ended);
	assert_non_null(submit(p, &o));
	await(p, &o);
	assert_int_equal(count_nice(), 1);
	handlers_password_stop(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(password_is_hashed_and_verified),
		UNIT_TEST(password_inputs_are_copied),
		UNIT_TEST(password_queue_is_bounded),
		UNIT_TEST(password_that_was_begun_can_be_dropped),
		UNIT_TEST(password_stop_does_not_wait_for_the_queue),
		UNIT_TEST(password_threads_are_one_to_four),
		UNIT_TEST(password_threads_give_way_to_the_loop),
	};

	auth_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
