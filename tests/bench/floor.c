/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor CONNINFO PROGRAM COUNT FILE: the shortest way from a stored operation
 * to a program that runs. COUNT times: the statement in FILE stores one ("%u"
 * in it is a number of its own), a NOTIFY wakes another connection, that claims
 * it and starts PROGRAM. Prints, for each, the time (monotonic, ns) at which
 * the statement was committed; PROGRAM writes down when it was started.
 */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STATEMENT_BYTES 65536U
#define WAIT_MS 5000

static const char claim[] = "SELECT component FROM apply_claim('floor', 30, "
			    "false)";

static _Noreturn void
give_up(const char *why)
{
	fprintf(stderr, "floor: %s\n", why);
	exit(1);
}

static PGconn *
open_session(const char *conninfo)
{
	PGconn *pg = PQconnectdb(conninfo);

	if (PQstatus(pg) != CONNECTION_OK)
		give_up(PQerrorMessage(pg));
	return pg;
}

/* Returns the number of rows. */
static int
take(PGconn *pg, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	int rows = PQntuples(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		give_up(PQerrorMessage(pg));
	PQclear(result);
	return rows;
}

static int
ask(PGconn *pg, const char *sql)
{
	return take(pg, PQexecParams(pg, sql, 0, NULL, NULL, NULL, NULL, 0));
}

static void
read_statement(const char *path, char out[STATEMENT_BYTES])
{
	FILE *f = fopen(path, "r");
	size_t len = f == NULL ? 0 : fread(out, 1, STATEMENT_BYTES - 1, f);

	if (len == 0)
		give_up("no statement");
	out[len] = '\0';
	fclose(f);
}

/* "%u" becomes ${number}. */
static void
number_statement(const char *text, unsigned number, char out[STATEMENT_BYTES])
{
	size_t len = 0;

	while (*text != '\0' && len < STATEMENT_BYTES - 16) {
		if (strncmp(text, "%u", 2) == 0) {
			len += (size_t)snprintf(out + len, 16, "%u", number);
			text += 2;
		} else {
			out[len++] = *text++;
		}
	}
	out[len] = '\0';
}

static void
await_notify(PGconn *pg)
{
	struct pollfd p = {.fd = PQsocket(pg), .events = POLLIN};
	PGnotify *note;

	while ((note = PQnotifies(pg)) == NULL) {
		if (poll(&p, 1, WAIT_MS) <= 0 || PQconsumeInput(pg) == 0)
			give_up("no NOTIFY came");
	}
	PQfreemem(note);
}

static void
start_program(char *path)
{
	char *argv[] = {path, NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execv(path, argv);
		_exit(127);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid || status != 0)
		give_up("the program did not run");
}

static void
go_once(PGconn *writer, PGconn *worker, const char *put, char *program)
{
	struct timespec now;

	(void)ask(writer, put);
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)ask(writer, "NOTIFY roaster_wake");
	await_notify(worker);
	if (take(worker, PQexecPrepared(
				 worker, "claim", 0, NULL, NULL, NULL, 0)) != 1)
		give_up("nothing to claim");
	start_program(program);
	printf("%lld\n", (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
}

int
main(int argc, char **argv)
{
	static char text[STATEMENT_BYTES], put[STATEMENT_BYTES];
	PGconn *writer, *worker;
	unsigned count;

	if (argc != 5)
		give_up("usage: floor CONNINFO PROGRAM COUNT FILE");
	count = (unsigned)strtoul(argv[3], NULL, 10);
	read_statement(argv[4], text);
	writer = open_session(argv[1]);
	worker = open_session(argv[1]);
	(void)ask(worker, "LISTEN roaster_wake");
	(void)take(worker, PQprepare(worker, "claim", claim, 0, NULL));
	for (unsigned i = 0; i < count; i++) {
		number_statement(text, i, put);
		go_once(writer, worker, put, argv[2]);
	}
	PQfinish(writer);
	PQfinish(worker);
	return 0;
}
