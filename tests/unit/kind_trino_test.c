/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TrinoCluster against tests/golden/trino: NAME.yaml becomes
 * NAME.canonical.json, and that NAME.values.json. With GOLDEN_WRITE set in the
 * environment they are written instead: then read the difference.
 */
#include "kind_trino_unit.h"

static const char *const golden[] = {"sample", "full", "minimal", "bytes"};

static void
posted_files_become_the_golden_ones(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(golden); i++) {
		struct run run = run_file(golden[i]);

		assert_golden(run.arena, golden[i], "canonical",
			run.intake.canonical);
		assert_golden(run.arena, golden[i], "values",
			run.plan.releases[0].values);
		arena_free(run.arena);
	}
}

static void
secrets_are_in_neither_canonical_text_nor_values(void **cookie)
{
	static const char *const canaries[] = {
		"canary", "any-access-key", "any-secret-key"};

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(golden) * COUNT_OF(canaries); i++) {
		const char *canary = canaries[i % COUNT_OF(canaries)];
		struct run run = run_file(golden[i / COUNT_OF(canaries)]);
		struct bytes values = run.plan.releases[0].values;

		assert_null(memmem(run.intake.canonical.data,
			run.intake.canonical.len, canary, strlen(canary)));
		assert_null(memmem(
			values.data, values.len, canary, strlen(canary)));
		arena_free(run.arena);
	}
}

static void
secret_files_are_handed_over_whole(void **cookie)
{
	struct run run = run_file("full");
	const struct kind_secret *secrets = run.intake.secrets;
	const struct kind_secret_object *object = &run.plan.secrets[0];

	(void)cookie;
	assert_int_equal(run.intake.n_secrets, 3);
	assert_string_equal(
		secrets[1].pointer, "/coordinator/etc/trino/node.properties");
	assert_string_equal(secrets[1].value.data,
		"node.environment=test\nnode.data-dir=/srv/trino\n"
		"node.token=canary-node\n");
	assert_int_equal(secrets[1].value.len, strlen(secrets[1].value.data));
	assert_string_equal(
		secrets[2].pointer, "/worker/etc/trino/password.db");
	assert_string_equal(
		secrets[2].value.data, "alice:canary-worker-hash\n");
	assert_int_equal(run.plan.n_secrets, 1);
	assert_string_equal(object->name, "full-config");
	assert_int_equal(object->count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(
			object->keys[i].parts[0].name, secrets[i].pointer);
	arena_free(run.arena);
}

/* What values say of the file with ${name} in ${role}. */
static const struct doc_node *
file_in(const struct run *run, const char *role, const char *name)
{
	const struct doc_node *files =
		doc_get(doc_get(run->values, role), "files");

	assert_non_null(files);
	for (size_t i = 0; i < files->count; i++) {
		if (strcmp(doc_text(files->items[i], "name", ""), name) == 0)
			return files->items[i];
	}
	fail_msg("no file %s", name);
	return NULL;
}

static void
keys_of_values_are_those_of_the_secret(void **cookie)
{
	static const char *const files[][2] = {
		{"coordinator", "config.properties"},
		{"coordinator", "node.properties"},
		{"worker", "password.db"},
	};
	struct run run = run_file("full");

	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		const struct doc_node *file =
			file_in(&run, files[i][0], files[i][1]);
		const char *key = doc_text(file, "key", "");

		assert_string_equal(key, run.plan.secrets[0].keys[i].key);
		assert_int_equal(
			strncmp(key, files[i][0], strlen(files[i][0])), 0);
		assert_string_equal(doc_text(file, "secret", ""), "true");
		assert_null(doc_get(file, "value"));
	}
	arena_free(run.arena);
}

static void
files_of_one_name_have_keys_of_their_own(void **cookie)
{
	struct run run = run_file("full");
	const struct doc_node *files = doc_at(run.values, "coordinator.files");
	const struct doc_node *first = files->items[2];
	const struct doc_node *second = files->items[3];

	(void)cookie;
	assert_string_equal(
		doc_text(first, "name", ""), doc_text(second, "name", ""));
	assert_string_not_equal(
		doc_text(first, "key", ""), doc_text(second, "key", ""));
	arena_free(run.arena);
}

static void
every_byte_of_a_file_survives(void **cookie)
{
	static const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	struct run run = run_file("bytes");
	const struct doc_node *posted;
	const struct doc_node *files;
	struct err e;

	(void)cookie;
	assert_int_equal(doc_parse_yaml(run.arena,
				 read_file(run.arena, FOLDER "/bytes.yaml"),
				 &limits, &posted, &e),
		0);
	files = doc_at(posted, "spec.coordinator.configs");
	assert_true(files->count > 10);
	for (size_t i = 0; i < files->count; i++) {
		const struct doc_node *value =
			doc_get(files->items[i], "value");
		const struct doc_node *got =
			doc_get(file_in(&run, "coordinator",
					doc_text(files->items[i], "name", "")),
				"value");

		assert_int_equal(got->text.len, value->text.len);
		assert_memory_equal(
			got->text.data, value->text.data, value->text.len);
	}
	arena_free(run.arena);
}

static void
port_and_data_folder_are_known_of_sealed_files(void **cookie)
{
	struct run run = run_file("full");

	(void)cookie;
	assert_string_equal(doc_text(run.values, "dataDir", ""), "/srv/trino");
	assert_int_equal(doc_int(run.values, "service.port", 0), 9090);
	assert_int_equal(doc_int(run.values, "worker.httpPort", 0), 9091);
	assert_int_equal(run.plan.n_endpoints, 1);
	assert_string_equal(run.plan.endpoints[0].name, "http");
	assert_string_equal(
		run.plan.endpoints[0].service, "trino-coordinator-service");
	assert_int_equal(run.plan.endpoints[0].port, 9090);
	assert_string_equal(run.plan.endpoints[0].scheme, "http");
	arena_free(run.arena);
}

static void
a_changed_secret_changes_its_role_only(void **cookie)
{
	struct run run = run_file("full");
	struct kind_context context = {.n_sealed = 2};
	struct kind_sealed sealed[] = {
		{"/coordinator/etc/trino/node.properties", "aa"},
		{"/worker/etc/trino/password.db", "bb"},
	};
	const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	const struct doc_node *values[2];
	struct err e;
	void *spec;

	(void)cookie;
	context.sealed = sealed;
	assert_int_equal(
		kind_load(run.arena, trino(), run.intake.canonical, &spec, &e),
		0);
	for (size_t i = 0; i < 2; i++) {
		trino()->plan(run.arena, spec, &context, &run.plan);
		assert_int_equal(
			doc_parse_json(run.arena, run.plan.releases[0].values,
				&limits, &values[i], &e),
			0);
		sealed[1].digest = "cc";
	}
	assert_string_equal(
		doc_text(values[0], "coordinator.secretChecksum", "a"),
		doc_text(values[1], "coordinator.secretChecksum", "b"));
	assert_string_not_equal(
		doc_text(values[0], "worker.secretChecksum", ""),
		doc_text(values[1], "worker.secretChecksum", ""));
	arena_free(run.arena);
}

static void
identity_names_and_release_are_those_of_the_document(void **cookie)
{
	static const struct kind_name wanted[] = {
		{"release", "trino-cluster-etl"},
		{"Service", "trino-coordinator-service"},
		{"Deployment", "trino-coordinator"},
		{"Deployment", "trino-worker"},
		{"ConfigMap", "trino-coordinator"},
		{"ConfigMap", "trino-worker"},
		{"Secret", "trino-cluster-etl-config"},
		{"ServiceAccount", "trino"},
	};
	struct run run = run_file("sample");

	(void)cookie;
	assert_string_equal(run.intake.identity.name, "trino-cluster-etl");
	assert_string_equal(run.intake.identity.namespace, "trino-cluster-etl");
	assert_string_equal(
		run.intake.identity.posted_namespace, "trino-operator");
	assert_ptr_equal(run.intake.kind, trino());
	assert_int_equal(run.intake.names.count, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		assert_string_equal(
			run.intake.names.items[i].type, wanted[i].type);
		assert_string_equal(
			run.intake.names.items[i].name, wanted[i].name);
	}
	assert_string_equal(run.plan.releases[0].chart, "trino");
	assert_string_equal(run.plan.releases[0].name, "trino-cluster-etl");
	assert_int_equal(run.plan.releases[0].controllers, 2);
	arena_free(run.arena);
	run = run_file("minimal");
	assert_string_equal(run.intake.identity.posted_namespace, "");
	assert_int_equal(run.plan.n_secrets, 0);
	arena_free(run.arena);
}

static void
stages_go_from_namespace_to_release(void **cookie)
{
	static const struct kind_stage wanted[] = {
		{KIND_STAGE_NAMESPACE, NULL, "namespace"},
		{KIND_STAGE_SECRETS, NULL, "secrets"},
		{KIND_STAGE_RELEASE, "trino", "release trino"},
	};

	(void)cookie;
	assert_int_equal(trino()->n_stages, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		assert_int_equal(trino()->stages[i].type, wanted[i].type);
		assert_string_equal(trino()->stages[i].name, wanted[i].name);
	}
}

static void
layout_and_order_do_not_change_the_canonical_text(void **cookie)
{
	static const char *const same =
		"{kind: TrinoCluster, spec: {worker: {}, coordinator: {},\n"
		" image: {tag: '476', repository: trinodb/trino},\n"
		" namespace: etl, serviceAccountName: trino,\n"
		" securityContext: null}, metadata: {annotations: {a: b},\n"
		" namespace: ~, name: etl},\n"
		" apiVersion: trino-operator.cloudchef-labs.com/v1beta1}\n";
	struct run run = run_file("minimal");
	struct run other = run_yaml((struct bytes){same, strlen(same)});

	(void)cookie;
	assert_string_equal(
		run.intake.canonical.data, other.intake.canonical.data);
	arena_free(run.arena);
	arena_free(other.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posted_files_become_the_golden_ones),
		cmocka_unit_test(
			secrets_are_in_neither_canonical_text_nor_values),
		cmocka_unit_test(secret_files_are_handed_over_whole),
		cmocka_unit_test(keys_of_values_are_those_of_the_secret),
		cmocka_unit_test(files_of_one_name_have_keys_of_their_own),
		cmocka_unit_test(every_byte_of_a_file_survives),
		cmocka_unit_test(
			port_and_data_folder_are_known_of_sealed_files),
		cmocka_unit_test(a_changed_secret_changes_its_role_only),
		cmocka_unit_test(
			identity_names_and_release_are_those_of_the_document),
		cmocka_unit_test(stages_go_from_namespace_to_release),
		cmocka_unit_test(
			layout_and_order_do_not_change_the_canonical_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
