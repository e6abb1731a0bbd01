/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run.h"

#include "run/run_apply.h"
#include "run/run_check.h"
#include "run/run_first.h"
#include "run/run_supervise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

struct command {
	const char *name;
	const char *operand; /* NULL: none */
	const char *help;
	/* Returns the exit code; NULL: the caller goes on (api). */
	int (*carry_out)(struct run_shell *shell, const char *operand);
};

struct arguments {
	const struct command *command;
	const char *operand;
	const char *config_file;
};

static int
do_run(struct run_shell *shell, const char *operand)
{
	(void)operand;
	return run_supervise(shell);
}

static int
do_apply(struct run_shell *shell, const char *operand)
{
	(void)operand;
	return run_apply(shell);
}

static int
do_check(struct run_shell *shell, const char *operand)
{
	(void)operand;
	return run_check(shell);
}

static int
say_failure(const struct err *e)
{
	fprintf(stderr, "roasterd: %s\n", e->message);
	return EXIT_FAILURE;
}

static int
do_migrate(struct run_shell *shell, const char *operand)
{
	struct err e;

	(void)operand;
	if (run_first_prepare(shell, &e) == -1 ||
		run_first_admin(shell, &e) == -1)
		return say_failure(&e);
	return EXIT_SUCCESS;
}

static int
do_reset(struct run_shell *shell, const char *operand)
{
	struct err e;

	if (run_first_reset(shell, operand, &e) == -1)
		return say_failure(&e);
	return EXIT_SUCCESS;
}

static const struct command commands[] = {
	{"run", NULL,
		"all of it: PostgreSQL if none is configured, api and apply",
		do_run},
	{"api", NULL, "the REST server alone", NULL},
	{"apply", NULL, "an applier alone", do_apply},
	{"migrate", NULL, "bring the database's schema up to date", do_migrate},
	{"reset-password", "USER", "print a new password for USER", do_reset},
	{"check", NULL, "say what is missing here", do_check},
};

static void
print_help(FILE *f)
{
	fprintf(f, "usage: roasterd [COMMAND] [--config=FILE]\n\n");
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		fprintf(f, "  %-14s %-5s %s\n", commands[i].name,
			commands[i].operand == NULL ? "" : commands[i].operand,
			commands[i].help);
	fprintf(f, "  %-14s %-5s %s\n", "version", "", "print the version");
	fprintf(f,
		"\nWithout a command: run. Settings: docs/configuration.md.\n");
}

static _Noreturn void
die_of_usage(const char *what, const char *word)
{
	fprintf(stderr, "roasterd: %s \"%s\"; see roasterd help\n", what, word);
	exit(EXIT_USAGE);
}

/* What needs no configuration is answered here. */
static void
answer_simple(const char *word)
{
	if (strcmp(word, "version") == 0 || strcmp(word, "--version") == 0) {
		printf("roasterd %s\n", run_version());
		exit(EXIT_SUCCESS);
	}
	if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0) {
		print_help(stdout);
		exit(EXIT_SUCCESS);
	}
}

static const struct command *
find_command(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(commands[i].name, word) == 0)
			return &commands[i];
	}
	die_of_usage("unknown command", word);
}

static void
take_word(struct arguments *args, const char *word)
{
	static const char option[] = "--config=";

	answer_simple(word);
	if (strncmp(word, option, sizeof(option) - 1) == 0)
		args->config_file = word + sizeof(option) - 1;
	else if (word[0] == '-')
		die_of_usage("unknown option", word);
	else if (args->command == NULL)
		args->command = find_command(word);
	else if (args->operand == NULL && args->command->operand != NULL)
		args->operand = word;
	else
		die_of_usage("one word too many,", word);
}

static void
read_arguments(int argc, char **argv, struct arguments *out)
{
	*out = (struct arguments){0};
	for (int i = 1; i < argc; i++)
		take_word(out, argv[i]);
	if (out->command == NULL)
		out->command = &commands[0];
	if (out->command->operand != NULL && out->operand == NULL)
		die_of_usage("missing operand of", out->command->name);
}

void
run_main(int argc, char **argv, struct run_api *out)
{
	struct run_shell *shell = calloc(1, sizeof(*shell));
	struct arguments args;
	struct err e;

	if (shell == NULL)
		abort();
	read_arguments(argc, argv, &args);
	if (run_shell_open(shell, args.command->name, args.config_file, &e) ==
		-1)
		exit(say_failure(&e));
	if (args.command->carry_out != NULL)
		exit(args.command->carry_out(shell, args.operand));
	*out = (struct run_api){.config = &shell->config,
		.conninfo = shell->paths.api,
		.keys_dir = shell->paths.keys,
		.config_file = shell->config_file};
}
