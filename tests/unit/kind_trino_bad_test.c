/* SPDX-License-Identifier: Apache-2.0 */
/* What intake says about each file of tests/golden/trino/bad. */
#include "kinds/kind.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tests/golden/trino/bad"

struct problem {
	const char *file; /* without .yaml */
	unsigned line;
	unsigned column;
	const char *path;
	const char *message;
};

/* All problems of a file, in the order reported. */
static const struct problem problems[] = {
	{"affinity", 17, 15, "spec.worker.affinity",
		"this is text, but a mapping (key: value) is needed"},
	{"autoscaler-order", 19, 20, "spec.worker.autoscaler.maxReplicas",
		"2 is below minReplicas (5)"},
	{"autoscaler-zero", 18, 20, "spec.worker.autoscaler.minReplicas",
		"0 is outside 1..1000"},
	{"autoscaler-zero", 18, 7, "spec.worker.autoscaler.maxReplicas",
		"is missing"},
	{"autoscaler-zero", 19, 39,
		"spec.worker.autoscaler.targetCPUUtilizationPercentage",
		"101 is outside 1..100"},
	{"coordinator-replicas", 12, 5, "spec.coordinator.replicas",
		"unknown key"},
	{"data-dir", 15, 16, "spec.coordinator.configs[0].value",
		"node.data-dir is \"data\" in line 1 of the file; it must be "
		"an absolute folder, not \"/\", in its shortest spelling"},
	{"file-name-blank", 13, 15, "spec.coordinator.configs[0].name",
		"\"config properties\" is no file name: take letters, digits, "
		"'.', '_' and '-'"},
	{"file-name-dot", 13, 15, "spec.coordinator.configs[0].name",
		"\".\" is no file name: the folder belongs into path"},
	{"file-name-dots", 13, 15, "spec.coordinator.configs[0].name",
		"\"..\" is no file name: the folder belongs into path"},
	{"file-name-path", 13, 15, "spec.coordinator.configs[0].name",
		"\"../config.properties\" is no file name: the folder belongs "
		"into path"},
	{"file-path-colon", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc/a:b\" is no folder: it holds ':' or a control "
		"character"},
	{"file-path-control", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc/?trino\" is no folder: it holds ':' or a control "
		"character"},
	{"file-path-dot", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc/./trino\" is no plain folder: leave out '.', '..', "
		"'//' and a '/' at the end"},
	{"file-path-dots", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc/../trino\" is no plain folder: leave out '.', '..', "
		"'//' and a '/' at the end"},
	{"file-path-end", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc/trino/\" is no plain folder: leave out '.', '..', '//' "
		"and a '/' at the end"},
	{"file-path-root", 14, 15, "spec.coordinator.configs[0].path",
		"\"/\" is no plain folder: leave out '.', '..', '//' and a '/' "
		"at the end"},
	{"file-path-slashes", 14, 15, "spec.coordinator.configs[0].path",
		"\"/etc//trino\" is no plain folder: leave out '.', '..', '//' "
		"and a '/' at the end"},
	{"file-path", 14, 15, "spec.coordinator.configs[0].path",
		"\"etc/trino\" is no absolute folder: it must start with '/'"},
	{"file-twice", 18, 15, "spec.coordinator.configs[1].name",
		"the same file is in line 13 already"},
	{"file-value-missing", 13, 9, "spec.coordinator.configs[0].value",
		"is missing"},
	{"group-without-version", 2, 13, "apiVersion",
		"\"trino-operator.cloudchef-labs.com\" is not of the group "
		"trino-operator.cloudchef-labs.com"},
	{"hidden-key", 6, 1, "computed", "unknown key"},
	{"image-blank", 9, 17, "spec.image.repository",
		"\"trinodb /trino\" is no image repository: write it like "
		"trinodb/trino or registry:5000/trinodb/trino"},
	{"image-digest", 9, 17, "spec.image.repository",
		"\"trinodb/trino@sha256:00\" holds a tag or digest: put the "
		"tag into image.tag"},
	{"image-missing", 7, 3, "spec.image", "is missing"},
	{"image-registry", 9, 17, "spec.image.repository",
		"\"-registry:5000/trino\" is no image repository: write it "
		"like trinodb/trino or registry:5000/trinodb/trino"},
	{"image-slashes", 9, 17, "spec.image.repository",
		"\"trinodb//trino\" is no image repository: write it like "
		"trinodb/trino or registry:5000/trinodb/trino"},
	{"image-tag", 9, 17, "spec.image.repository",
		"\"trinodb/trino:476\" holds a tag or digest: put the tag into "
		"image.tag"},
	{"image-upper", 9, 17, "spec.image.repository",
		"\"trinodb/Trino\" is no image repository: write it like "
		"trinodb/trino or registry:5000/trinodb/trino"},
	{"init-container-secret", 22, 20, "spec.worker.initContainers",
		"S3_SECRET_KEY is a credential in clear: take it from a Secret "
		"by valueFrom.secretKeyRef"},
	{"init-container", 18, 9, "spec.worker.initContainers",
		"an init container needs name"},
	{"init-container", 19, 9, "spec.worker.initContainers",
		"an init container needs image"},
	{"kind-missing", 2, 1, "kind", "is missing"},
	{"label", 8, 5, "metadata.labels",
		"key \"/x\" is not like name or domain/name"},
	{"label", 9, 5, "metadata.labels",
		"key \"-a\" is not like name or domain/name"},
	{"label", 10, 5, "metadata.labels",
		"key \"a/b/c\" is not like name or domain/name"},
	{"label", 7, 11, "metadata.labels",
		"\"data team\" is no label: take up to 63 letters, digits, "
		"'-', '_' and '.'"},
	{"list", 2, 1, "",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"many", 5, 9, "metadata.name",
		"\"ETL\" is no name: take up to 53 lower-case letters, digits "
		"and '-', with no '-' at the ends"},
	{"many", 7, 14, "spec.namespace",
		"\"kube-x\" is a namespace of Kubernetes itself: take another"},
	{"many", 14, 15, "spec.coordinator.configs[0].path",
		"\"x\" is no absolute folder: it must start with '/'"},
	{"many", 18, 15, "spec.worker.replicas",
		"\"x\" is not a whole number (0..1000)"},
	{"many", 17, 15, "spec.worker.affinity",
		"this is text, but a mapping (key: value) is needed"},
	{"name-empty", 5, 9, "metadata.name", "is empty: give it a value"},
	{"name-long", 5, 9, "metadata.name",
		"\"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\" is no name: take "
		"up to 53 lower-case letters, digits and '-', with no '-' at "
		"the ends"},
	{"name-path", 5, 9, "metadata.name",
		"\"../x\" is no name: take up to 53 lower-case letters, digits "
		"and '-', with no '-' at the ends"},
	{"namespace-kube", 7, 14, "spec.namespace",
		"\"kube-system\" is a namespace of Kubernetes itself: take "
		"another"},
	{"namespace-long", 7, 14, "spec.namespace",
		"\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\" is no namespace: "
		"take up to 63 lower-case letters, digits and '-', with no '-' "
		"at the ends"},
	{"namespace-missing", 7, 3, "spec.namespace", "is missing"},
	{"namespace-null", 7, 3, "spec.namespace", "is missing"},
	{"namespace-upper", 7, 14, "spec.namespace",
		"\"Etl\" is no namespace: take up to 63 lower-case letters, "
		"digits and '-', with no '-' at the ends"},
	{"node-selector", 18, 13, "spec.worker.nodeSelector",
		"\"a b\" is no label: take up to 63 letters, digits, '-', '_' "
		"and '.'"},
	{"port-empty", 15, 16, "spec.coordinator.configs[0].value",
		"http-server.http.port is \"\" in line 1 of the file; a port "
		"is 1..65535"},
	{"port-variable", 15, 16, "spec.coordinator.configs[0].value",
		"http-server.http.port is \"${ENV:PORT}\" in line 1 of the "
		"file; a port is 1..65535"},
	{"port-worker", 18, 60, "spec.worker.configs[0].value",
		"http-server.http.port is \"x\" in line 1 of the file; a port "
		"is 1..65535"},
	{"port-zero", 15, 16, "spec.coordinator.configs[0].value",
		"http-server.http.port is \"0\" in line 1 of the file; a port "
		"is 1..65535"},
	{"port", 15, 16, "spec.coordinator.configs[0].value",
		"http-server.http.port is \"80800\" in line 2 of the file; a "
		"port is 1..65535"},
	{"posted-namespace", 6, 14, "metadata.namespace",
		"\"a.b\" is no namespace: take up to 63 lower-case letters, "
		"digits and '-', with no '-' at the ends"},
	{"pull-policy", 11, 22, "spec.image.imagePullPolicy",
		"\"ifNotPresent\" is not one of Always, IfNotPresent, Never; "
		"did you mean \"IfNotPresent\"?"},
	{"pull-secret", 12, 15, "spec.image.imagePullSecrets[0].name",
		"\"A_B\" is no name of an object: take lower-case letters, "
		"digits, '-' and '.', with letters or digits at the ends"},
	{"quantity", 19, 14, "spec.worker.resources.requests",
		"\"1 core\" is not an amount: write it like 500m, 2, 1.5 or "
		"8Gi"},
	{"quantity", 22, 9, "spec.worker.resources.limits",
		"key \"a b\" is not like name or domain/name"},
	{"quantity", 21, 17, "spec.worker.resources.limits",
		"\"8 GB\" is not an amount: write it like 500m, 2, 1.5 or 8Gi"},
	{"replicas-many", 17, 15, "spec.worker.replicas",
		"\"many\" is not a whole number (0..1000)"},
	{"replicas-negative", 17, 15, "spec.worker.replicas",
		"\"-1\" is not a whole number (0..1000)"},
	{"replicas-too-many", 17, 15, "spec.worker.replicas",
		"1001 is outside 0..1000"},
	{"secret-flag", 16, 9, "spec.coordinator.configs[0].secret",
		"unknown key"},
	{"security-context", 8, 20, "spec.securityContext",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"service-account", 8, 23, "spec.serviceAccountName",
		"\"Trino\" is no name of an object: take lower-case letters, "
		"digits, '-' and '.', with letters or digits at the ends"},
	{"tab", 17, 1, "", "the line starts with a tab: YAML wants spaces"},
	{"tag-long", 10, 10, "spec.image.tag",
		"\"4444444444444444444444444444444444444444\" is no tag: take "
		"up to 128 letters, digits, '_', '.' and '-'"},
	{"tag", 10, 10, "spec.image.tag",
		"\"-476\" is no tag: take up to 128 letters, digits, '_', '.' "
		"and '-'"},
	{"toleration", 18, 9, "spec.worker.tolerations",
		"an item must be a mapping (key: value)"},
	{"tolerations", 17, 18, "spec.worker.tolerations",
		"this is a mapping (key: value), but a list (- item) is "
		"needed"},
	{"unknown-key", 17, 5, "spec.worker.replica",
		"unknown key; did you mean \"replicas\"?"},
	{"wrong-group", 2, 13, "apiVersion",
		"\"apps/v1\" is not of the group "
		"trino-operator.cloudchef-labs.com"},
	{"wrong-kind", 3, 7, "kind",
		"is \"Deployment\", but /v1/trino/create takes "
		"TrinoCluster"},
};

static struct bytes
read_file(struct arena *arena, const char *path)
{
	char *data = arena_alloc(arena, 65536);
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		fail_msg("%s cannot be read: run this in the top folder", path);
	len = fread(data, 1, 65536, file);
	assert_true(len < 65536);
	assert_int_equal(fclose(file), 0);
	return (struct bytes){data, len};
}

static void
assert_problem(const struct problem *wanted, const struct err *got)
{
	if (got->line != wanted->line || got->column != wanted->column ||
		strcmp(got->path, wanted->path) != 0 ||
		strcmp(got->message, wanted->message) != 0)
		fail_msg("%s: %u:%u %s: %s", wanted->file, got->line,
			got->column, got->path, got->message);
	assert_int_equal(got->code, ERR_INVALID);
}

static void
check_file(const char *name)
{
	struct arena *arena = arena_new();
	const struct text_form form = {NULL, 0};
	struct err_list errors = {0};
	struct kind_intake intake;
	unsigned n = 0;
	struct bytes yaml =
		read_file(arena, arena_format(arena, FOLDER "/%s.yaml", name));

	assert_int_equal(kind_intake(arena, kind_find("trino"), yaml, &form,
				 &intake, &errors),
		-1);
	for (size_t i = 0; i < COUNT_OF(problems); i++) {
		if (strcmp(problems[i].file, name) != 0)
			continue;
		if (n >= errors.count)
			fail_msg("%s: only %u problems", name, errors.count);
		assert_problem(&problems[i], &errors.items[n++]);
	}
	if (errors.total != n)
		fail_msg("%s: %u problems, not %u", name, errors.total, n);
	arena_free(arena);
}

static void
each_bad_file_is_refused_where_it_is_wrong(void **cookie)
{
	DIR *folder = opendir(FOLDER);
	const struct dirent *entry;
	unsigned n = 0;

	(void)cookie;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		char name[256];

		(void)snprintf(name, sizeof(name), "%s", entry->d_name);
		if (strstr(name, ".yaml") == NULL)
			continue;
		*strstr(name, ".yaml") = '\0';
		check_file(name);
		n++;
	}
	assert_true(n >= 66);
	(void)closedir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_bad_file_is_refused_where_it_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
