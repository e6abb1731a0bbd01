/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"
#include "unit.h"

/* --- argv and environment --- */

static const struct helm_run upgrade = {
	.verb = HELM_UPGRADE,
	.helm = "/opt/helm",
	.namespace = "etl",
	.release = "trino-etl",
	.chart_path = "/store/abc.tgz",
	.timeout_s = 300,
	.revision = 7,
	.stamp = {"0190-op", "42", "d1"},
};

static void
assert_argv(enum helm_verb verb, const char *const *wanted)
{
	struct arena *arena = arena_new();
	struct helm_run run = upgrade;
	char **argv;
	size_t i = 0;

	run.verb = verb;
	argv = helm_argv(arena, &run);
	for (; wanted[i] != NULL; i++) {
		assert_non_null(argv[i]);
		assert_string_equal(argv[i], wanted[i]);
	}
	assert_null(argv[i]);
	arena_free(arena);
}

static void
install_takes_the_recipe_without_flags_of_upgrade(void **cookie)
{
	static const char *const wanted[] = {
		"/opt/helm",
		"install",
		"--namespace=etl",
		"--timeout=300s",
		"--values=-",
		"--hide-notes",
		"--labels=roaster-op=0190-op,roaster-fence=42,"
		"roaster-digest=d1",
		"--",
		"trino-etl",
		"/store/abc.tgz",
		NULL,
	};

	(void)cookie;
	assert_argv(HELM_INSTALL, wanted);
}

static void
upgrade_resets_values_and_limits_history(void **cookie)
{
	static const char *const wanted[] = {
		"/opt/helm",
		"upgrade",
		"--install",
		"--namespace=etl",
		"--timeout=300s",
		"--values=-",
		"--reset-values",
		"--history-max=10",
		"--hide-notes",
		"--labels=roaster-op=0190-op,roaster-fence=42,"
		"roaster-digest=d1",
		"--",
		"trino-etl",
		"/store/abc.tgz",
		NULL,
	};

	(void)cookie;
	assert_argv(HELM_UPGRADE, wanted);
}

static void
rollback_names_a_revision_and_no_chart(void **cookie)
{
	static const char *const wanted[] = {
		"/opt/helm",
		"rollback",
		"--namespace=etl",
		"--timeout=300s",
		"--",
		"trino-etl",
		"7",
		NULL,
	};

	(void)cookie;
	assert_argv(HELM_ROLLBACK, wanted);
}

static void
uninstall_is_content_when_nothing_is_there(void **cookie)
{
	static const char *const wanted[] = {
		"/opt/helm",
		"uninstall",
		"--namespace=etl",
		"--timeout=300s",
		"--ignore-not-found",
		"--",
		"trino-etl",
		NULL,
	};

	(void)cookie;
	assert_argv(HELM_UNINSTALL, wanted);
}

static void
environment_is_exactly_this(void **cookie)
{
	static const char *const wanted[] = {
		"HOME=/p",
		"HELM_CACHE_HOME=/p/cache",
		"HELM_CONFIG_HOME=/p/config",
		"HELM_DATA_HOME=/p/data",
		"HELM_REPOSITORY_CACHE=/p/cache/repository",
		"HELM_REPOSITORY_CONFIG=/p/config/repositories.yaml",
		"HELM_REGISTRY_CONFIG=/p/config/registry.json",
		"HELM_CONTENT_CACHE=/p/cache/content",
		"HELM_DRIVER=secret",
		"HELM_NO_PLUGINS=1",
		"GOGC=off",
		"GOMEMLIMIT=256MiB",
		"GOMAXPROCS=1",
		"PATH=/nonexistent",
		"NO_COLOR=1",
		"KUBECACHEDIR=/p/none",
		"KUBECONFIG=/proc/self/fd/9",
		NULL,
	};
	struct arena *arena = arena_new();
	char **got = helm_environ(arena, "/p", "/p/none", 9);
	size_t i = 0;

	(void)cookie;
	for (; wanted[i] != NULL; i++)
		assert_string_equal(got[i], wanted[i]);
	assert_null(got[i]);
	arena_free(arena);
}

/* --- version --- */

static void
versions_below_the_floor_are_refused(void **cookie)
{
	static const struct {
		const char *output;
		const char *message; /* NULL: fine */
	} cases[] = {
		{"v4.1.4", NULL},
		{"v4.1.4+g1234\n", NULL},
		{"4.2.0", NULL},
		{"v4.2.0-rc.1", NULL},
		{"v3.20.2\n", NULL},
		{"v3.21.0", NULL},
		{"v4.1.3", "helm v4.1.3 has known holes; install 4.1.4 or "
			   "newer"},
		{"v4.1.4-rc.1", "helm v4.1.4-rc.1 has known holes; install "
				"4.1.4 or newer"},
		{"v4.0.9", "helm v4.0.9 has known holes; install 4.1.4 or "
			   "newer"},
		{"v3.20.1", "helm v3.20.1 has known holes; install 3.20.2 or "
			    "newer"},
		{"v2.17.0", "helm v2.17.0 is not supported; install 4.1.4 or "
			    "a newer 4.x"},
		{"v5.0.0", "helm v5.0.0 is not supported; install 4.1.4 or a "
			   "newer 4.x"},
		{"", "'' is no version of helm; install 4.1.4 or a newer "
		     "4.x"},
		{"v4", "'v4' is no version of helm; install 4.1.4 or a newer "
		       "4.x"},
		{"v4.1", "'v4.1' is no version of helm; install 4.1.4 or a "
			 "newer 4.x"},
		{"v4.1.x", "'v4.1.x' is no version of helm; install 4.1.4 or "
			   "a newer 4.x"},
		{"v4.1.4x", "'v4.1.4x' is no version of helm; install 4.1.4 "
			    "or a newer 4.x"},
		{"v4.1.99999999999", "'v4.1.99999999999' is no version of "
				     "helm; install 4.1.4 or a newer 4.x"},
		{"\033[31mv4.1.4", "'' is no version of helm; install 4.1.4 "
				   "or a newer 4.x"},
	};

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct helm_version version;
		struct err e = {0};
		int rc = helm_version_check(
			unit_bytes(cases[i].output), &version, &e);

		assert_int_equal(rc, cases[i].message == NULL ? 0 : -1);
		assert_string_equal(e.message,
			cases[i].message == NULL ? "" : cases[i].message);
	}
}

static void
version_is_given_in_parts(void **cookie)
{
	struct helm_version version;
	struct err e;

	(void)cookie;
	assert_int_equal(
		helm_version_check(unit_bytes("v3.21.14"), &version, &e), 0);
	assert_int_equal(version.major, 3);
	assert_int_equal(version.minor, 21);
	assert_int_equal(version.patch, 14);
}

/* --- charts --- */

static void
charts_are_carried_with_their_digest(void **cookie)
{
	const struct helm_chart *trino = helm_chart_find("trino");
	size_t count;

	(void)cookie;
	assert_non_null(trino);
	assert_ptr_equal(helm_chart_find("no-such"), NULL);
	assert_true(helm_chart_all(&count) <= trino);
	assert_true(count >= 1);
	assert_int_equal(strlen(trino->sha256), 64);
	assert_true(trino->archive.len > 1000);
	assert_memory_equal(trino->archive.data, "\x1f\x8b", 2); /* gzip */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			install_takes_the_recipe_without_flags_of_upgrade),
		cmocka_unit_test(upgrade_resets_values_and_limits_history),
		cmocka_unit_test(rollback_names_a_revision_and_no_chart),
		cmocka_unit_test(uninstall_is_content_when_nothing_is_there),
		cmocka_unit_test(environment_is_exactly_this),
		cmocka_unit_test(versions_below_the_floor_are_refused),
		cmocka_unit_test(version_is_given_in_parts),
		cmocka_unit_test(charts_are_carried_with_their_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
