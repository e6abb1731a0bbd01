/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"
#include "unit.h"

static char *const no_environ[] = {NULL};

static void
config_load_gives_defaults(void **state)
{
	struct config c;
	struct err e;

	memset(&c, 0xa5, sizeof(c));
	assert_int_equal(
		config_load(*state, NULL, NULL, no_environ, &c, &e), 0);
	assert_string_equal(c.bind, "127.0.0.1");
	assert_int_equal(c.port, 8089);
	assert_false(c.insecure_http);
	assert_string_equal(c.database_url, "");
	assert_int_equal(c.token_ttl, 36000);
	assert_int_equal(c.log_level, LOG_LEVEL_INFO);
}

static void
config_load_reads_the_file(void **state)
{
	struct config c;
	struct err e;

	assert_int_equal(config_load(*state, "roaster.conf",
				 "# comment\n"
				 "\n"
				 "  # another\n"
				 "port=80\r\n"
				 " insecure_http \t=  yes  # because\n"
				 "database_url = postgres://u:p#w=x@h/db?a=b\n"
				 "waiters_max = 0\n"
				 "helm =\n"
				 "bind = 0.0.0.0",
				 no_environ, &c, &e),
		0);
	assert_int_equal(c.port, 80);
	assert_true(c.insecure_http);
	assert_string_equal(c.database_url, "postgres://u:p#w=x@h/db?a=b");
	assert_int_equal(c.waiters_max, 0);
	assert_string_equal(c.helm, "");
	assert_string_equal(c.bind, "0.0.0.0");
}

static void
config_load_lets_the_environment_go_before_the_file(void **state)
{
	char port[] = "ROASTER_PORT=81", level[] = "ROASTER_LOG_LEVEL=warn";
	char other[] = "ROASTER_PORTS=1", url[] = "ROASTER_URL=http://x";
	char run_as[] = "ROASTER_RUN_AS=", bare[] = "ROASTER_WORKERS";
	char *const variables[] = {other, url, bare, port, level, run_as, NULL};
	struct config c;
	struct err e;

	assert_int_equal(config_load(*state, "f", "port = 80\nworkers = 3\n",
				 variables, &c, &e),
		0);
	assert_int_equal(c.port, 81);
	assert_int_equal(c.workers, 3);
	assert_int_equal(c.log_level, LOG_LEVEL_WARN);
	assert_string_equal(c.run_as, "");
}

static const struct bad_case {
	const char *text;
	unsigned line;
	const char *path, *message;
} bad_cases[] = {
	{"port = 1\nprot = 80\n", 2, "prot",
		"f, line 2: unknown key \"prot\"; did you mean \"port\"?"},
	{"colour = red", 1, "colour", "f, line 1: unknown key \"colour\""},
	{"\nport = 1\n#\nport = 2\n", 4, "port",
		"f, line 4: \"port\" was set before, in line 2"},
	{"port = http", 1, "port",
		"f, line 1: \"http\" is not a whole number of 1..65535"},
	{"port = 0", 1, "port",
		"f, line 1: \"0\" is not a whole number of 1..65535"},
	{"port = 65536", 1, "port",
		"f, line 1: \"65536\" is not a whole number of 1..65535"},
	{"port =", 1, "port",
		"f, line 1: \"\" is not a whole number of 1..65535"},
	{"insecure_http = true", 1, "insecure_http",
		"f, line 1: \"true\" is not yes or no"},
	{"port", 1, "", "f, line 1: this is not \"key = value\""},
	{"= 1", 1, "", "f, line 1: unknown key \"\""},
	{"log_level = loud", 1, "log_level",
		"f, line 1: \"loud\" is not debug, info, warn or error"},
	{"tls_certificate = /c.pem", 0, "tls_key",
		"tls_key = : it has to be the absolute path of the "
		"certificate's key"},
	{"tls_key = /k.pem", 0, "tls_certificate",
		"tls_certificate = : it has to be the absolute path of the "
		"key's certificate"},
	{"tls_certificate = /c.pem\ntls_key = k.pem", 0, "tls_key",
		"tls_key = k.pem: it has to be the absolute path of the "
		"certificate's key"},
};

static void
config_load_names_file_line_and_cure(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];
		struct config out;
		struct err e;

		assert_int_equal(
			config_load(*state, "f", c->text, no_environ, &out, &e),
			-1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_int_equal(e.line, c->line);
		assert_string_equal(e.path, c->path);
		assert_string_equal(e.message, c->message);
	}
}

static void
config_load_names_the_variable(void **state)
{
	char port[] = "ROASTER_PORT=http";
	char *const variables[] = {port, NULL};
	struct config c;
	struct err e;

	assert_int_equal(
		config_load(*state, NULL, NULL, variables, &c, &e), -1);
	assert_int_equal(e.line, 0);
	assert_string_equal(e.path, "port");
	assert_string_equal(e.message,
		"ROASTER_PORT: \"http\" is not a whole number of 1..65535");
}

static void
config_load_refuses_plain_http_on_the_network(void **state)
{
	static const struct {
		const char *text;
		int rc;
	} cases[] = {
		{"bind = 127.0.0.1", 0},
		{"bind = 127.1.2.3", 0},
		{"bind = ::1", 0},
		{"bind = localhost", 0},
		{"bind = 0.0.0.0", -1},
		{"bind = 128.0.0.1", -1},
		{"bind = ::", -1},
		{"bind = 10.0.0.1", -1},
		{"bind = localhost.evil.org", -1},
		{"bind =", -1},
		{"bind = 0.0.0.0\ninsecure_http = yes", 0},
		{"bind = ::\ntls_certificate = /c\ntls_key = /k", 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct config c;
		struct err e = {.code = ERR_NONE};

		assert_int_equal(config_load(*state, "f", cases[i].text,
					 no_environ, &c, &e),
			cases[i].rc);
		if (cases[i].rc == 0)
			continue;
		assert_string_equal(e.path, "bind");
		assert_non_null(strstr(e.message, "set insecure_http = yes"));
	}
}

static void
config_markdown_has_every_key(void **state)
{
	static const char *const keys[] = {
#define X(key, type, change, otherwise, min, max, help) #key,
		CONFIG_KEYS(X)
#undef X
	};
	struct buf out;

	buf_init(&out, *state);
	config_markdown(&out);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		assert_non_null(strstr(buf_string(&out),
			arena_format(*state, "\n| `%s` | `ROASTER_", keys[i])));
	assert_non_null(strstr(buf_string(&out),
		"| `port` | `ROASTER_PORT` | 1..65535 | `8089` | start | TCP "
		"port"));
	assert_non_null(strstr(buf_string(&out),
		"| `helm` | `ROASTER_HELM` | text | | start | "
		"Absolute path"));
	assert_non_null(strstr(buf_string(&out),
		"| `ROASTER_INSECURE_HTTP` | yes or no | `no` |"));
	assert_non_null(strstr(buf_string(&out),
		"| `ROASTER_LOG_LEVEL` | level | `info` | reload |"));
}

static void
config_adopt_takes_what_a_reload_may_change(void **state)
{
	struct config now, then;
	struct err e;

	assert_int_equal(
		config_load(*state, "f", "port = 80", no_environ, &now, &e), 0);
	assert_int_equal(config_load(*state, "f",
				 "port = 81\nhelm = /h\nbind = ::1\n"
				 "insecure_http = yes\ntoken_ttl = 99\n"
				 "log_level = warn",
				 no_environ, &then, &e),
		0);
	assert_string_equal(config_postponed(*state, &now, &then),
		"bind, port, insecure_http, helm");
	config_adopt(&now, &then);
	assert_int_equal(now.port, 80);
	assert_string_equal(now.helm, "");
	assert_int_equal(now.token_ttl, 99);
	assert_int_equal(now.log_level, LOG_LEVEL_WARN);
	assert_string_equal(config_postponed(*state, &now, &now), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(config_load_gives_defaults),
		UNIT_TEST(config_load_reads_the_file),
		UNIT_TEST(config_load_lets_the_environment_go_before_the_file),
		UNIT_TEST(config_load_names_file_line_and_cure),
		UNIT_TEST(config_load_names_the_variable),
		UNIT_TEST(config_load_refuses_plain_http_on_the_network),
		UNIT_TEST(config_adopt_takes_what_a_reload_may_change),
		UNIT_TEST(config_markdown_has_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
