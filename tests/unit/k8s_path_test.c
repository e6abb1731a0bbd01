/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s.h"
#include "k8s/k8s_path.h"
#include "unit.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void
k8s_path_fills_its_holes(void **state)
{
	assert_string_equal(k8s_path(*state, "/api/v1/namespaces/{}/secrets/{}",
				    "ns", "sh.helm.release.v1.a-b.v1"),
		"/api/v1/namespaces/ns/secrets/sh.helm.release.v1.a-b.v1");
	assert_string_equal(k8s_path(*state, "/api/v1/nodes"), "/api/v1/nodes");
	assert_string_equal(k8s_path(*state, "{}{}", "a", "b"), "ab");
}

static void
k8s_path_escapes_what_is_not_unreserved(void **state)
{
	assert_string_equal(
		k8s_path(*state, "/x/{}?y={}", "../secrets?a#b", "a=b,c&d e"),
		"/x/..%2Fsecrets%3Fa%23b?y=a%3Db%2Cc%26d%20e");
	assert_string_equal(k8s_path(*state, "{}", "%2F+\xc3\xa4\x01{}~_"),
		"%252F%2B%C3%A4%01%7B%7D~_");
}

static bool
is_asserted(struct arena *arena, const char *name)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		close(STDERR_FILENO);
		k8s_path(arena, "/api/v1/namespaces/{}", name);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
k8s_path_refuses_names_that_mean_another_object(void **state)
{
	assert_true(is_asserted(*state, ""));
	assert_true(is_asserted(*state, NULL));
	assert_true(is_asserted(*state, "."));
	assert_true(is_asserted(*state, ".."));
	assert_false(is_asserted(*state, "..."));
}

static void
k8s_path_is_list_tells_collections_from_objects(void **state)
{
	static const struct {
		const char *path;
		bool is_list;
	} rows[] = {
		{"/api/v1/namespaces", true},
		{"/api/v1/namespaces/x", false},
		{"/api/v1/namespaces/x/secrets", true},
		{"/api/v1/namespaces/x/secrets/y", false},
		{"/api/v1/namespaces/x/pods/y/log", false},
		{"/api/v1/nodes", true},
		{"/api/v1/nodes/x", false},
		{"/apis/apps/v1/deployments", true},
		{"/apis/apps/v1/namespaces/x/deployments", true},
		{"/apis/apps/v1/namespaces/x/deployments/y", false},
		{"/apis/storage.k8s.io/v1/storageclasses", true},
		{"/apis/storage.k8s.io/v1/storageclasses/y", false},
		{"/api/v1", false},
		{"/version", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (k8s_path_is_list(rows[i].path) != rows[i].is_list)
			fail_msg("%s", rows[i].path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(k8s_path_fills_its_holes),
		UNIT_TEST(k8s_path_escapes_what_is_not_unreserved),
		UNIT_TEST(k8s_path_refuses_names_that_mean_another_object),
		UNIT_TEST(k8s_path_is_list_tells_collections_from_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
