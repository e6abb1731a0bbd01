/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES 16384U

bool
proc_stream_read(struct proc_stream *stream)
{
	char chunk[CHUNK_BYTES];
	size_t room = PROC_OUTPUT_MAX - stream->text.len;
	ssize_t n = read(stream->fd, chunk, sizeof(chunk));

	if (n > 0) {
		buf_put(&stream->text, chunk,
			(size_t)n < room ? (size_t)n : room);
		explicit_bzero(chunk, (size_t)n); /* may quote secrets */
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		proc_fd_close(&stream->fd);
	}
	return n > 0;
}

void
proc_stream_drain(struct proc_stream *stream)
{
	/* The bound is for a process that left the group and writes on. */
	for (size_t got = 0; got < PROC_OUTPUT_MAX; got += CHUNK_BYTES) {
		if (stream->fd == -1 || !proc_stream_read(stream))
			return;
	}
}
