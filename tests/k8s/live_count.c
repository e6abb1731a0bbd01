/* SPDX-License-Identifier: Apache-2.0 */
#include "live.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX 4096

/* What somebody who asks for a watch is told. */
static const struct {
	const char *word;
	const char *answer;
} answers[] = {
	{"close", ""},
	{"gone", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		 "Connection: close\r\n\r\n"
		 "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\","
		 "\"code\":410,\"message\":\"too old\"}}\n"},
	{"busy", "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n"
		 "Content-Length: 0\r\n\r\n"},
	{"elsewhere", "HTTP/1.1 307 Temporary Redirect\r\nLocation: "
		      "https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
	{"cut", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		"Content-Length: 99\r\n\r\n{\"kind\":"},
	{"html", "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n"
		 "Content-Length: 6\r\n\r\n<html>"},
};

static const char *
answer_of(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		if (strcmp(answers[i].word, word) == 0)
			return answers[i].answer;
	}
	abort();
}

/* A listening socket on a free port of 127.0.0.1, which is told. */
static int
open_door(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	int door = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(door, (const void *)&address, len) != 0 ||
		listen(door, 16) != 0 ||
		getsockname(door, (void *)&address, &len) != 0)
		abort();
	live_say("port %u", ntohs(address.sin_port));
	return door;
}

static void
serve(int door, const char *answer)
{
	const int guest = accept(door, NULL, NULL);
	char request[REQUEST_MAX];
	ssize_t n = read(guest, request, sizeof(request));

	if (n > 0)
		n = write(guest, answer, strlen(answer));
	(void)n;
	close(guest);
}

/* SECONDS WORD: count who knocks, and answer all in the same way. */
int
live_count(char **args)
{
	const char *answer = answer_of(args[1]);
	const time_t end = time(NULL) + strtol(args[0], NULL, 10);
	struct pollfd door = {.fd = open_door(), .events = POLLIN};
	unsigned count = 0;

	while (time(NULL) < end) {
		if (poll(&door, 1, 100) != 1)
			continue;
		serve(door.fd, answer);
		count++;
	}
	close(door.fd);
	live_say("count %u", count);
	return 0;
}
