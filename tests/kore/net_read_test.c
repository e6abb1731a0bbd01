/* SPDX-License-Identifier: Apache-2.0 */
/* How often Kore reads a connection. */
#include "unit.h"

#include <kore/kore.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM 4

static unsigned reads;
static char taken[64];

ssize_t __real_recv(int fd, void *buf, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *buf, size_t len, int flags);

ssize_t
__wrap_recv(int fd, void *buf, size_t len, int flags)
{
	reads++;
	return __real_recv(fd, buf, len, flags);
}

/* Takes what is there and has the next bytes come to the same place. */
static int
take(struct netbuf *nb)
{
	(void)strncat(taken, (const char *)nb->buf, nb->s_off);
	net_recv_reset(nb->owner, ROOM, take);
	nb->flags |= NETBUF_CALL_CB_ALWAYS;
	return KORE_RESULT_OK;
}

/* What a connection reads of ${sent}. */
static void
receive(const char *sent)
{
	struct connection c = {.read = net_read,
		.evt = {.flags = KORE_EVENT_READ},
		.proto = CONN_PROTO_HTTP};
	int ends[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	assert_int_equal(write(ends[1], sent, strlen(sent)), strlen(sent));
	c.fd = ends[0];
	reads = 0;
	taken[0] = '\0';
	net_recv_queue(&c, ROOM, NETBUF_CALL_CB_ALWAYS, take);
	assert_int_equal(net_recv_flush(&c), KORE_RESULT_OK);
	assert_string_equal(taken, sent);
	assert_int_equal(c.evt.flags & KORE_EVENT_READ, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void
what_came_is_read_once(void **state)
{
	(void)state;
	receive("abc");
	assert_int_equal(reads, 1);
}

static void
more_than_there_is_room_for_is_read_to_its_end(void **state)
{
	(void)state;
	receive("abcdefghij");
	assert_int_equal(reads, 3);
}

static void
what_just_fills_the_room_is_asked_for_more(void **state)
{
	(void)state;
	receive("abcd");
	assert_int_equal(reads, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(what_came_is_read_once),
		UNIT_TEST(more_than_there_is_room_for_is_read_to_its_end),
		UNIT_TEST(what_just_fills_the_room_is_asked_for_more),
	};

	kore_mem_init();
	net_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
