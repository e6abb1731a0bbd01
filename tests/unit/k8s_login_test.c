/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_login.h"
#include "k8s_files.h"
#include "unit.h"

#define SERVER "server: 'https://127.0.0.1:6443'"
#define EXEC(more)                                                      \
	"exec: {apiVersion: client.authentication.k8s.io/v1, command: " \
	"get-token" more "}"

/* A plugin that answers what it is told to. */
struct plugin {
	const char *output; /* NULL: it fails */
	unsigned runs;
	struct k8s_exec seen;
};

static int
run(void *cookie, struct arena *arena, const struct k8s_exec *exec,
	struct bytes *output, struct err *e)
{
	struct plugin *plugin = cookie;

	plugin->runs++;
	plugin->seen = *exec;
	if (plugin->output == NULL)
		return err_set(e, ERR_UNAVAILABLE, "", "it ended with 1");
	*output = unit_bytes(arena_text(arena, plugin->output));
	return 0;
}

static void
k8s_login_reads_the_token_file_at_each_use(void **state)
{
	struct files *files = *state;
	struct k8s_config *config =
		files_load(files, SERVER, "tokenFile: tok, token: other");
	struct k8s_credential who;
	struct err e;

	assert_int_equal(k8s_login_get(config, files->arena, &who, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	files_put(files, "tok", unit_bytes("one\r\n"));
	assert_int_equal(k8s_login_get(config, files->arena, &who, &e), 0);
	assert_string_equal(who.token, "one");
	files_put(files, "tok", unit_bytes("two"));
	assert_int_equal(k8s_login_get(config, files->arena, &who, &e), 0);
	assert_string_equal(who.token, "two");
	files_put(files, "tok", unit_bytes(" \n"));
	assert_int_equal(k8s_login_get(config, files->arena, &who, &e), -1);
	assert_non_null(strstr(e.message, "tok holds no token"));
	files_put(files, "tok", unit_bytes("s3cret\r\nX-Evil: 1"));
	assert_int_equal(k8s_login_get(config, files->arena, &who, &e), -1);
	assert_null(strstr(e.message, "s3cret"));
	k8s_config_free(config);
}

static void
k8s_login_refuses_plugins_that_nobody_runs(void **state)
{
	struct files *files = *state;
	struct k8s_config *config = files_load(files, SERVER, EXEC(""));
	struct bytes out;
	struct err e;

	assert_int_equal(k8s_config_render(config, files->arena, &out, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(e.message,
		"the kubeconfig wants exec plugin get-token, and this program "
		"runs none: use a token or certificate");
	k8s_config_free(config);
}

static void
k8s_login_tells_the_plugin_what_the_kubeconfig_says(void **state)
{
	struct files *files = *state;
	struct plugin plugin = {.output = "{\"status\":{\"token\":\"t\"}}"};
	struct k8s_config *config = files_load(files, SERVER,
		EXEC(", args: [a, '--b=c d'], provideClusterInfo: true, env: "
		     "[{name: A, value: '1'}, {name: B}]"));

	k8s_config_set_exec(config, run, &plugin);
	assert_non_null(
		strstr(files_render(files, config), "{\"token\":\"t\"}"));
	assert_string_equal(plugin.seen.command, "get-token");
	assert_string_equal(plugin.seen.argv[0], "get-token");
	assert_string_equal(plugin.seen.argv[1], "a");
	assert_string_equal(plugin.seen.argv[2], "--b=c d");
	assert_null(plugin.seen.argv[3]);
	assert_string_equal(plugin.seen.env[0], "A=1");
	assert_string_equal(plugin.seen.env[1], "B=");
	assert_string_equal(plugin.seen.env[2],
		"KUBERNETES_EXEC_INFO={\"apiVersion\":"
		"\"client.authentication.k8s.io/v1\",\"kind\":"
		"\"ExecCredential\",\"spec\":{\"interactive\":false,"
		"\"cluster\":{\"server\":\"https://127.0.0.1:6443\"}}}");
	assert_null(plugin.seen.env[3]);
	k8s_config_free(config);
}

static void
k8s_login_finds_plugins_beside_the_kubeconfig(void **state)
{
	struct files *files = *state;
	struct plugin plugin = {.output = "{\"status\":{\"token\":\"t\"}}"};
	struct k8s_config *config = files_load(files, SERVER,
		"exec: {apiVersion: client.authentication.k8s.io/v1beta1, "
		"command: ./bin/x, interactiveMode: IfAvailable}");

	k8s_config_set_exec(config, run, &plugin);
	files_render(files, config);
	assert_string_equal(plugin.seen.command,
		arena_format(files->arena, "%s/./bin/x", files->folder));
	assert_string_equal(plugin.seen.env[0],
		"KUBERNETES_EXEC_INFO={\"apiVersion\":"
		"\"client.authentication.k8s.io/v1beta1\",\"kind\":"
		"\"ExecCredential\",\"spec\":{\"interactive\":false}}");
	k8s_config_free(config);
}

static const struct {
	const char *output;
	unsigned runs; /* of two uses */
} lifetimes[] = {
	{"{\"status\":{\"token\":\"t\"}}", 1},
	{"{\"status\":{\"token\":\"t\",\"expirationTimestamp\":"
	 "\"2999-01-01T00:00:00Z\"}}",
		1},
	{"{\"status\":{\"token\":\"t\",\"expirationTimestamp\":"
	 "\"2001-01-01T00:00:00+02:00\"}}",
		2},
};

static void
k8s_login_keeps_what_a_plugin_gave_until_it_expires(void **state)
{
	for (size_t i = 0; i < COUNT_OF(lifetimes); i++) {
		struct plugin plugin = {.output = lifetimes[i].output};
		struct k8s_config *config =
			files_load(*state, SERVER, EXEC(""));

		k8s_config_set_exec(config, run, &plugin);
		files_render(*state, config);
		files_render(*state, config);
		assert_int_equal(plugin.runs, lifetimes[i].runs);
		k8s_login_forget(config);
		files_render(*state, config);
		assert_int_equal(plugin.runs, lifetimes[i].runs + 1);
		k8s_config_free(config);
	}
}

static void
k8s_login_takes_certificates_of_plugins(void **state)
{
	struct plugin plugin = {
		.output = "{\"status\":{\"clientCertificateData\":\"CERT\","
			  "\"clientKeyData\":\"KEY\"}}"};
	struct k8s_config *config = files_load(*state, SERVER, EXEC(""));

	k8s_config_set_exec(config, run, &plugin);
	assert_non_null(strstr(files_render(*state, config),
		"\"user\":{\"client-certificate-data\":\"Q0VSVA==\","
		"\"client-key-data\":\"S0VZ\"}"));
	k8s_config_free(config);
}

static void
k8s_login_prefers_a_token_to_a_plugin(void **state)
{
	struct plugin plugin = {.output = NULL};
	struct k8s_config *config =
		files_load(*state, SERVER, "token: mine, " EXEC(""));

	k8s_config_set_exec(config, run, &plugin);
	assert_non_null(strstr(files_render(*state, config), "mine"));
	assert_int_equal(plugin.runs, 0);
	k8s_config_free(config);
}

static const struct {
	const char *output;
	const char *message;
} failures[] = {
	{NULL, "it ended with 1"},
	{"hunter2", "exec plugin get-token gave no JSON"},
	{"{\"status\":{\"token\":\"hunter2\\r\\nX: y\"}}",
		"exec plugin get-token gave no credential"},
	{"{\"status\":{\"clientCertificateData\":\"hunter2\"}}",
		"exec plugin get-token gave no credential"},
	{"{}", "exec plugin get-token gave no credential"},
	{"{\"status\":{\"token\":\"hunter2\",\"expirationTimestamp\":"
	 "\"soon\"}}",
		"exec plugin get-token gave a bad expirationTimestamp"},
};

static void
k8s_login_says_why_a_plugin_is_of_no_use(void **state)
{
	struct files *files = *state;
	struct plugin plugin;
	struct k8s_config *config = files_load(files, SERVER, EXEC(""));
	struct bytes out;
	struct err e;

	k8s_config_set_exec(config, run, &plugin);
	for (size_t i = 0; i < COUNT_OF(failures); i++) {
		plugin.output = failures[i].output;
		assert_int_equal(
			k8s_config_render(config, files->arena, &out, &e), -1);
		assert_int_equal(e.code, ERR_UNAVAILABLE);
		assert_string_equal(e.message, failures[i].message);
	}
	k8s_config_free(config);
}

static const struct {
	const char *exec;
	const char *path;
} bad[] = {
	{"exec: {apiVersion: client.authentication.k8s.io/v1}",
		"users[u].exec.command"},
	{"exec: {command: x}", "users[u].exec.apiVersion"},
	{"exec: {command: x, apiVersion: client.authentication.k8s.io/v2}",
		"users[u].exec.apiVersion"},
	{EXEC(", interactiveMode: Always"), "users[u].exec.interactiveMode"},
	{EXEC(", args: x"), "users[u].exec.args"},
	{EXEC(", args: [{}]"), "users[u].exec.args"},
	{EXEC(", env: {}"), "users[u].exec.env"},
	{EXEC(", env: [{value: x}]"), "users[u].exec.env"},
	{EXEC(", env: [{name: 'A=B'}]"), "users[u].exec.env"},
};

static void
k8s_plugin_parse_names_the_key_that_is_wrong(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct k8s_config *config;
		struct err e;

		assert_int_equal(k8s_config_load(files_put_config(*state,
							 SERVER, bad[i].exec),
					 NULL, NO_POD, NULL, &config, &e),
			-1);
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.path, bad[i].path);
		assert_int_equal(e.line, 9);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILES_TEST(k8s_login_reads_the_token_file_at_each_use),
		FILES_TEST(k8s_login_refuses_plugins_that_nobody_runs),
		FILES_TEST(k8s_login_tells_the_plugin_what_the_kubeconfig_says),
		FILES_TEST(k8s_login_finds_plugins_beside_the_kubeconfig),
		FILES_TEST(k8s_login_keeps_what_a_plugin_gave_until_it_expires),
		FILES_TEST(k8s_login_takes_certificates_of_plugins),
		FILES_TEST(k8s_login_prefers_a_token_to_a_plugin),
		FILES_TEST(k8s_login_says_why_a_plugin_is_of_no_use),
		FILES_TEST(k8s_plugin_parse_names_the_key_that_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
