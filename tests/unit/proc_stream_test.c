/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

static struct proc_stream
stream_of(struct arena *arena, int fd)
{
	struct proc_stream stream = {.fd = fd};

	assert_true(fd >= 0);
	buf_init(&stream.text, arena);
	return stream;
}

static void
proc_stream_read_ends_with_its_writer(void **state)
{
	struct proc_stream stream;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	stream = stream_of(*state, ends[0]);
	assert_false(proc_stream_read(&stream));
	assert_int_equal(stream.fd, ends[0]); /* nothing yet */
	assert_int_equal(write(ends[1], "ab", 2), 2);
	assert_true(proc_stream_read(&stream));
	assert_int_equal(write(ends[1], "c", 1), 1);
	(void)close(ends[1]);
	proc_stream_drain(&stream);
	assert_string_equal(buf_string(&stream.text), "abc");
	assert_int_equal(stream.fd, -1);
	proc_stream_drain(&stream); /* of an ended one: nothing */
	assert_int_equal(stream.text.len, 3);
}

static void
proc_stream_read_gives_up_what_cannot_be_read(void **state)
{
	struct proc_stream stream =
		stream_of(*state, open("/", O_RDONLY | O_CLOEXEC));

	assert_false(proc_stream_read(&stream));
	assert_int_equal(stream.fd, -1);
}

static void
proc_stream_drain_is_bounded(void **state)
{
	struct proc_stream stream =
		stream_of(*state, open("/dev/zero", O_RDONLY | O_CLOEXEC));

	proc_stream_drain(&stream);
	assert_int_equal(stream.text.len, PROC_OUTPUT_MAX);
	proc_stream_drain(&stream);
	assert_int_equal(stream.text.len, PROC_OUTPUT_MAX);
	proc_fd_close(&stream.fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(proc_stream_read_ends_with_its_writer),
		UNIT_TEST(proc_stream_read_gives_up_what_cannot_be_read),
		UNIT_TEST(proc_stream_drain_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
