/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_buf.h"
#include "k8s/k8s_config_internal.h"
#include "k8s/k8s_file.h"
#include "k8s_files.h"
#include "unit.h"

#define SERVER "server: 'https://127.0.0.1:6443'"
#define HEAD                                                              \
	"{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":" \
	"\"roaster\",\"clusters\":[{\"name\":\"roaster\",\"cluster\":"
#define MIDDLE "}],\"users\":[{\"name\":\"roaster\",\"user\":"
#define TAIL                                                               \
	"}],\"contexts\":[{\"name\":\"roaster\",\"context\":{\"cluster\":" \
	"\"roaster\",\"user\":\"roaster\"}}]}"
#define PLAIN "{\"server\":\"https://127.0.0.1:6443\"}"

/* What is read is what helm is given: nothing is lost on the way. */
static const struct {
	const char *cluster;
	const char *user;
	const char *rendered;
} good[] = {
	{SERVER, "token: t0k", HEAD PLAIN MIDDLE "{\"token\":\"t0k\"}" TAIL},
	{SERVER, "", HEAD PLAIN MIDDLE "{}" TAIL},
	{"server: 'https://h/k8s/c-1//', certificate-authority-data: Q0E=, "
	 "tls-server-name: api.example, proxy-url: 'http://p:3128', "
	 "disable-compression: true, extensions: []",
		"token: t",
		HEAD "{\"server\":\"https://h/k8s/c-1\",\"tls-server-name\":"
		     "\"api.example\",\"proxy-url\":\"http://p:3128\","
		     "\"certificate-authority-data\":\"Q0E=\"}" MIDDLE
		     "{\"token\":\"t\"}" TAIL},
	{"server: 'HTTPS://[::1]:6443/', insecure-skip-tls-verify: true",
		"username: u, password: 'p:w'",
		HEAD "{\"server\":\"HTTPS://[::1]:6443\","
		     "\"insecure-skip-tls-verify\":true}" MIDDLE
		     "{\"username\":\"u\",\"password\":\"p:w\"}" TAIL},
	{SERVER ", insecure-skip-tls-verify: false",
		"client-certificate-data: Q0VSVA==, client-key-data: S0VZ",
		HEAD PLAIN MIDDLE "{\"client-certificate-data\":\"Q0VSVA==\","
				  "\"client-key-data\":\"S0VZ\"}" TAIL},
	{SERVER, "token: t, as: jane, as-uid: '7', as-groups: [a, b]",
		HEAD PLAIN MIDDLE
		"{\"token\":\"t\",\"as\":\"jane\",\"as-uid\":\"7\","
		"\"as-groups\":[\"a\",\"b\"]}" TAIL},
	{SERVER, "token: t, as: jane, as-groups: null, auth-provider: null",
		HEAD PLAIN MIDDLE "{\"token\":\"t\",\"as\":\"jane\","
				  "\"as-groups\":[]}" TAIL},
	{"server: 'http://127.0.0.1:8001'", "",
		HEAD "{\"server\":\"http://127.0.0.1:8001\"}" MIDDLE "{}" TAIL},
};

static void
k8s_config_renders_what_it_read(void **state)
{
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct k8s_config *config =
			files_load(*state, good[i].cluster, good[i].user);

		assert_string_equal(
			files_render(*state, config), good[i].rendered);
		k8s_config_free(config);
	}
}

static const struct {
	const char *cluster;
	const char *user;
	enum err_code code;
	const char *path;
	const char *message; /* its end */
} bad[] = {
	{"", "", ERR_INVALID, "clusters[k].server", "server is missing"},
	{"server: 'ftp://x'", "", ERR_INVALID, "clusters[k].server",
		"server is not an https:// or http:// address"},
	{"server: 'https://u:p@x'", "", ERR_INVALID, "clusters[k].server",
		"server is not an https:// or http:// address"},
	{"server: 'https:///x'", "", ERR_INVALID, "clusters[k].server",
		"server is not an https:// or http:// address"},
	{"server: 'https://x y'", "", ERR_INVALID, "clusters[k].server",
		"server is not an https:// or http:// address"},
	{SERVER ", certificate-authority-data: '!'", "", ERR_INVALID,
		"clusters[k].certificate-authority-data",
		"certificate-authority-data is not base64"},
	{SERVER ", certificate-authority: missing.crt", "", ERR_UNAVAILABLE,
		"clusters[k].certificate-authority",
		"missing.crt: No such file or directory"},
	{SERVER ", tls-server-name: 'a b'", "", ERR_INVALID,
		"clusters[k].tls-server-name",
		"tls-server-name is not a DNS name"},
	{SERVER ", certificate-authority-data: Q0E=, "
		"insecure-skip-tls-verify: true",
		"", ERR_INVALID, "clusters[k].insecure-skip-tls-verify",
		"contradicts the certificate authority given"},
	{SERVER, "token: \"a\\r\\nX: y\"", ERR_INVALID, "users[u].token",
		"token has characters that no header may have"},
	{SERVER, "as: \"\\x7f\"", ERR_INVALID, "users[u].as",
		"as has characters that no header may have"},
	{SERVER, "auth-provider: {name: gcp}", ERR_INVALID,
		"users[u].auth-provider", "since 1.26: use exec"},
	{SERVER, "as-user-extra: {a: [b]}", ERR_INVALID,
		"users[u].as-user-extra", "is not supported"},
	{SERVER, "as: a, as-groups: {b: c}", ERR_INVALID, "users[u].as-groups",
		"as-groups is not a list"},
	{SERVER, "as: a, as-groups: [[b]]", ERR_INVALID, "users[u].as-groups",
		"as-groups is not a list of names"},
	{SERVER, "as: a, as-groups: [\"b\\n\"]", ERR_INVALID,
		"users[u].as-groups", "as-groups is not a list of names"},
	{SERVER, "as-groups: [b]", ERR_INVALID, "users[u].as",
		"as is missing beside as-uid or as-groups"},
	{SERVER, "as-uid: '1'", ERR_INVALID, "users[u].as",
		"as is missing beside as-uid or as-groups"},
	{SERVER, "client-certificate-data: Q0E=", ERR_INVALID,
		"users[u].client-key",
		"client-key is missing beside client-certificate"},
	{SERVER, "client-key-data: Q0E=", ERR_INVALID,
		"users[u].client-certificate",
		"client-certificate is missing beside client-key"},
	{SERVER, "client-key-data: ':'", ERR_INVALID,
		"users[u].client-key-data", "client-key-data is not base64"},
	{SERVER, "client-certificate-data: ':'", ERR_INVALID,
		"users[u].client-certificate-data",
		"client-certificate-data is not base64"},
	{"server: 'http://x'", "token: t", ERR_INVALID, "users[u]",
		"the user has a credential and the server is not https://"},
	{"server: 'http://x'", "username: t", ERR_INVALID, "users[u]",
		"the user has a credential and the server is not https://"},
	{"server: 'http://x'", "tokenFile: t", ERR_INVALID, "users[u]",
		"the user has a credential and the server is not https://"},
};

/* What is said of a configuration that cannot be had. */
static const char *
refused(const char *path, const char *env_path, const char *pod,
	const char *home, struct err *e)
{
	struct k8s_config *config;

	assert_int_equal(
		k8s_config_load(path, env_path, pod, home, &config, e), -1);
	assert_null(config);
	return e->message;
}

static void
assert_refused(const char *path, enum err_code code, const char *where,
	const char *ending)
{
	struct err e;
	const char *message = refused(path, NULL, NO_POD, NULL, &e);
	const char *end = strstr(message, ending);

	assert_string_equal(e.path, where);
	if (end == NULL || strlen(end) != strlen(ending))
		fail_msg("%s: %s", e.path, e.message);
	assert_int_equal(e.code, code);
}

static void
k8s_config_names_file_and_key_of_what_is_wrong(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_refused(
			files_put_config(*state, bad[i].cluster, bad[i].user),
			bad[i].code, bad[i].path, bad[i].message);
}

static void
k8s_config_finds_files_beside_the_kubeconfig(void **state)
{
	struct files *files = *state;
	struct k8s_config *config;
	const char *key;

	files_put(files, "ca.crt", unit_bytes("CA"));
	files_put(files, "me.crt", unit_bytes("CERT"));
	key = files_put(files, "me.key", unit_bytes("KEY"));
	config = files_load(files, SERVER ", certificate-authority: ca.crt",
		arena_format(files->arena,
			"client-certificate: ./me.crt, client-key: '%s'", key));
	assert_string_equal(files_render(files, config),
		HEAD "{\"server\":\"https://127.0.0.1:6443\","
		     "\"certificate-authority-data\":\"Q0E=\"}" MIDDLE
		     "{\"client-certificate-data\":\"Q0VSVA==\","
		     "\"client-key-data\":\"S0VZ\"}" TAIL);
	assert_string_equal(
		k8s_config_server(config), "https://127.0.0.1:6443");
	k8s_config_free(config);
	k8s_config_free(NULL);
}

static void
k8s_file_beside_keeps_paths_without_a_folder(void **state)
{
	struct files *files = *state;

	assert_string_equal(
		k8s_file_beside(files->arena, "config", "ca.crt"), "ca.crt");
	assert_string_equal(
		k8s_file_beside(files->arena, "a/config", "/b"), "/b");
	assert_string_equal(
		k8s_file_beside(files->arena, "/config", "b"), "/b");
}

static const struct {
	const char *text;
	const char *path;
	const char *message; /* its end */
} broken[] = {
	{"a: *b", "", NULL},
	{"a: 1", "current-context", "current-context is not set"},
	{"current-context: x", "contexts[x]", "there is no context \"x\""},
	{"current-context: x\ncontexts: {}", "contexts[x]",
		"there is no context \"x\""},
	{"current-context: x\ncontexts:\n- {name: y}", "contexts[x]",
		"there is no context \"x\""},
	{"current-context: x\ncontexts:\n- {name: x}", "contexts[x].cluster",
		"cluster is missing"},
	{"current-context: x\ncontexts:\n- {name: x, context: {cluster: k}}",
		"clusters[k]", "there is no cluster \"k\""},
	{"current-context: x\ncontexts:\n- {name: x, context: {cluster: k, "
	 "user: u}}\nclusters:\n- {name: k, cluster: {" SERVER "}}",
		"users[u]", "there is no user \"u\""},
};

static void
k8s_config_says_what_a_kubeconfig_lacks(void **state)
{
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		const char *path =
			files_put(*state, "config", unit_bytes(broken[i].text));
		struct err e;

		if (broken[i].message != NULL) {
			assert_refused(path, ERR_INVALID, broken[i].path,
				broken[i].message);
			continue;
		}
		(void)refused(path, NULL, NO_POD, NULL, &e);
		assert_int_equal(e.code, ERR_INVALID);
		assert_memory_equal(e.message, path, strlen(path));
		assert_int_equal(e.line, 1);
	}
}

static void
k8s_config_needs_no_user(void **state)
{
	const char *path = files_put(*state, "config",
		unit_bytes("current-context: x\ncontexts:\n- {name: x, "
			   "context: {cluster: k}}\nclusters:\n- {name: k, "
			   "cluster: {" SERVER "}}\n"));
	struct k8s_config *config;
	struct err e;

	assert_int_equal(k8s_config_load(path, "", NO_POD, "", &config, &e), 0);
	assert_string_equal(
		files_render(*state, config), HEAD PLAIN MIDDLE "{}" TAIL);
	k8s_config_free(config);
}

static void
k8s_config_takes_json(void **state)
{
	struct files *files = *state;
	struct k8s_config *config = files_load(files, SERVER, "token: t");
	const char *rendered = files_render(files, config);
	const char *path = files_put(files, "json", unit_bytes(rendered));
	struct k8s_config *again;
	struct err e;

	assert_int_equal(
		k8s_config_load(path, NULL, NO_POD, NULL, &again, &e), 0);
	assert_string_equal(files_render(files, again), rendered);
	k8s_config_free(again);
	k8s_config_free(config);
}

static void
k8s_config_merges_a_list_the_first_wins(void **state)
{
	struct files *files = *state;
	const char *one = files_put(files, "one",
		unit_bytes("users:\n- {name: u, user: {token: first}}\n"));
	const char *two = files_put_config(files, SERVER, "token: second");
	const char *list =
		arena_format(files->arena, ":%s:/nonexistent:%s", one, two);
	struct k8s_config *config;
	struct err e;

	assert_int_equal(
		k8s_config_load("", list, NO_POD, NULL, &config, &e), 0);
	assert_non_null(strstr(files_render(files, config), "first"));
	k8s_config_free(config);
	(void)refused("", "/nonexistent:", NO_POD, NULL, &e);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(e.path, "KUBECONFIG");
	files_put(files, "one", unit_bytes("{"));
	(void)refused("", list, NO_POD, NULL, &e);
	assert_int_equal(e.code, ERR_INVALID);
}

static void
k8s_config_bounds_what_it_reads(void **state)
{
	struct files *files = *state;
	size_t len = K8S_FILE_MAX + 1;
	struct bytes long_text = {arena_alloc(files->arena, len), len};
	const char *path = files_put(files, "long", long_text);
	struct buf list;
	struct err e;

	assert_non_null(strstr(refused(path, NULL, NO_POD, NULL, &e),
		"is longer than 1048576 bytes"));
	assert_non_null(strstr(refused(files->folder, NULL, NO_POD, NULL, &e),
		"Is a directory"));
	path = files_put(files, "empty", unit_bytes("{}"));
	buf_init(&list, files->arena);
	for (unsigned i = 0; i < 17; i++)
		buf_format(&list, "%s:", path);
	assert_string_equal(refused("", buf_string(&list), NO_POD, NULL, &e),
		"more than 16 kubeconfig files");
}

static void
k8s_config_looks_at_home_last(void **state)
{
	struct files *files = *state;
	struct k8s_config *config;
	struct err e;

	(void)refused("", NULL, NO_POD, NULL, &e);
	assert_non_null(strstr(refused("", "", NO_POD, files->folder, &e),
		"no Kubernetes configured"));
	assert_int_equal(mkdir(files_path(files, ".kube"), 0700), 0);
	assert_int_equal(rename(files_put_config(files, SERVER, "token: t"),
				 files_path(files, ".kube/config")),
		0);
	assert_int_equal(
		k8s_config_load("", "", NO_POD, files->folder, &config, &e), 0);
	k8s_config_free(config);
	files_put(files, "token", unit_bytes("t"));
	assert_non_null(strstr(
		refused("", "", files->folder, files->folder, &e), "ca.crt"));
}

static void
k8s_pod_config_reads_the_service_account(void **state)
{
	static const struct {
		const char *host, *port, *server;
	} rows[] = {
		{"10.96.0.1", "6443", "https://10.96.0.1:6443"},
		{"fd00::1", "443", "https://[fd00::1]:443"},
		{"10.96.0.1", NULL, "https://10.96.0.1:443"},
		{"10.96.0.1", "", "https://10.96.0.1:443"},
		{NULL, NULL, "https://kubernetes.default.svc"},
		{"", "1", "https://kubernetes.default.svc"},
	};
	struct files *files = *state;
	struct k8s_config config = {.arena = files->arena};
	struct err e;

	assert_int_equal(
		k8s_pod_config_read(&config, files->folder, NULL, NULL, &e),
		-1);
	files_put(files, "ca.crt", unit_bytes("CA"));
	files_put(files, "token", unit_bytes("t\n"));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(k8s_pod_config_read(&config, files->folder,
					 rows[i].host, rows[i].port, &e),
			0);
		assert_string_equal(k8s_config_server(&config), rows[i].server);
	}
	assert_non_null(strstr(files_render(files, &config),
		"\"certificate-authority-data\":\"Q0E=\""));
	assert_non_null(
		strstr(files_render(files, &config), "{\"token\":\"t\"}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILES_TEST(k8s_config_renders_what_it_read),
		FILES_TEST(k8s_config_names_file_and_key_of_what_is_wrong),
		FILES_TEST(k8s_config_finds_files_beside_the_kubeconfig),
		FILES_TEST(k8s_file_beside_keeps_paths_without_a_folder),
		FILES_TEST(k8s_config_says_what_a_kubeconfig_lacks),
		FILES_TEST(k8s_config_needs_no_user),
		FILES_TEST(k8s_config_takes_json),
		FILES_TEST(k8s_config_merges_a_list_the_first_wins),
		FILES_TEST(k8s_config_bounds_what_it_reads),
		FILES_TEST(k8s_config_looks_at_home_last),
		FILES_TEST(k8s_pod_config_reads_the_service_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
