/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_loop.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 64
#define NEVER INT64_MAX

struct k8s_loop {
	CURLM *multi;
	int epoll_fd;
	int wake_fd;
	int64_t timer_ms; /* when libcurl wants to be called, monotonic */
};

int64_t
k8s_loop_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t
events_of(int what)
{
	switch (what) {
	case CURL_POLL_IN:
		return EPOLLIN;
	case CURL_POLL_OUT:
		return EPOLLOUT;
	case CURL_POLL_INOUT:
		return EPOLLIN | EPOLLOUT;
	default:
		return 0;
	}
}

/* libcurl begins, changes or ends its interest in ${fd}. A number may come
 * again for another socket: the kernel forgets one that was closed. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *cookie, void *unused)
{
	struct k8s_loop *loop = cookie;
	struct epoll_event event = {.events = events_of(what), .data.fd = fd};

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return errno == ENOENT
		       ? epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event)
		       : -1;
}

static int
on_timer(CURLM *multi, long delay_ms, void *cookie)
{
	struct k8s_loop *loop = cookie;

	(void)multi;
	loop->timer_ms = delay_ms < 0 ? NEVER : k8s_loop_now_ms() + delay_ms;
	return 0;
}

struct k8s_loop *
k8s_loop_new(void)
{
	struct k8s_loop *loop = calloc(1, sizeof(*loop));
	struct epoll_event event = {.events = EPOLLIN};

	if (loop == NULL)
		abort();
	loop->multi = curl_multi_init();
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	loop->timer_ms = NEVER;
	event.data.fd = loop->wake_fd;
	if (loop->multi == NULL || loop->wake_fd == -1 ||
		epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_fd,
			&event) == -1)
		abort();
	(void)curl_multi_setopt(
		loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	(void)curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
	return loop;
}

void
k8s_loop_free(struct k8s_loop *loop)
{
	/* It takes its last sockets out of epoll. */
	(void)curl_multi_cleanup(loop->multi);
	close(loop->epoll_fd);
	close(loop->wake_fd);
	free(loop);
}

CURLM *
k8s_loop_multi(struct k8s_loop *loop)
{
	return loop->multi;
}

void
k8s_loop_wake(struct k8s_loop *loop)
{
	(void)eventfd_write(loop->wake_fd, 1);
}

static void
act(struct k8s_loop *loop, curl_socket_t fd, int bits)
{
	int running;

	if (curl_multi_socket_action(loop->multi, fd, bits, &running) !=
		CURLM_OK)
		abort();
}

static void
attend(struct k8s_loop *loop, const struct epoll_event *event)
{
	int bits = 0;
	eventfd_t count;

	if (event->data.fd == loop->wake_fd) {
		(void)eventfd_read(loop->wake_fd, &count);
		return;
	}
	if ((event->events & EPOLLIN) != 0)
		bits |= CURL_CSELECT_IN;
	if ((event->events & EPOLLOUT) != 0)
		bits |= CURL_CSELECT_OUT;
	if ((event->events & (EPOLLERR | EPOLLHUP)) != 0)
		bits |= CURL_CSELECT_ERR;
	act(loop, event->data.fd, bits);
}

static int
patience_ms(const struct k8s_loop *loop, int wait_ms)
{
	int64_t left_ms;

	if (loop->timer_ms == NEVER)
		return wait_ms;
	left_ms = loop->timer_ms - k8s_loop_now_ms();
	if (left_ms <= 0)
		return 0;
	return left_ms < wait_ms ? (int)left_ms : wait_ms;
}

void
k8s_loop_turn(struct k8s_loop *loop, int wait_ms)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(
		loop->epoll_fd, events, EVENTS_MAX, patience_ms(loop, wait_ms));

	for (int i = 0; i < n; i++)
		attend(loop, &events[i]);
	if (loop->timer_ms == NEVER || loop->timer_ms > k8s_loop_now_ms())
		return;
	loop->timer_ms = NEVER; /* libcurl sets the next one */
	act(loop, CURL_SOCKET_TIMEOUT, 0);
}
