/* SPDX-License-Identifier: Apache-2.0 */
/* A Trino cluster: its files, which of them are secret, and its release. */
#include "kind_assert.h"

static void
secret_files_are_handed_over_whole(void **state)
{
	struct run run = run_file(*state, "trino/full");
	const struct kind_secret *secrets = run.intake.secrets;
	const struct kind_secret_object *object = &run.plan.secrets[0];

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
keys_of_values_are_those_of_the_secret(void **state)
{
	static const char *const files[][2] = {
		{"coordinator", "config.properties"},
		{"coordinator", "node.properties"},
		{"worker", "password.db"},
	};
	struct run run = run_file(*state, "trino/full");

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
}

static void
files_of_one_name_have_keys_of_their_own(void **state)
{
	struct run run = run_file(*state, "trino/full");
	const struct doc_node *files = doc_at(run.values, "coordinator.files");
	const struct doc_node *first = files->items[2];
	const struct doc_node *second = files->items[3];

	assert_string_equal(
		doc_text(first, "name", ""), doc_text(second, "name", ""));
	assert_string_not_equal(
		doc_text(first, "key", ""), doc_text(second, "key", ""));
}

static void
every_byte_of_a_file_survives(void **state)
{
	struct run run = run_file(*state, "trino/bytes");
	const struct doc_node *files =
		doc_at(unit_yaml(*state, yaml_of(*state, "trino/bytes")),
			"spec.coordinator.configs");

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
}

static void
port_and_data_folder_are_known_of_sealed_files(void **state)
{
	static const struct kind_endpoint endpoint = {
		.name = "http",
		.service = "trino-coordinator-service",
		.port = 9090,
		.scheme = "http",
	};
	struct run run = run_file(*state, "trino/full");

	assert_string_equal(doc_text(run.values, "dataDir", ""), "/srv/trino");
	assert_int_equal(doc_int(run.values, "service.port", 0), 9090);
	assert_int_equal(doc_int(run.values, "worker.httpPort", 0), 9091);
	assert_endpoint(&run, &endpoint);
}

static void
a_changed_secret_changes_its_role_only(void **state)
{
	struct run run = run_file(*state, "trino/full");
	const struct doc_node *before = run.values;

	assert_string_equal(
		run.sealed[2].pointer, "/worker/etc/trino/password.db");
	run.sealed[2].digest = "cc";
	make_plan(&run);
	assert_string_equal(doc_text(before, "coordinator.secretChecksum", "a"),
		doc_text(run.values, "coordinator.secretChecksum", "b"));
	assert_string_not_equal(doc_text(before, "worker.secretChecksum", ""),
		doc_text(run.values, "worker.secretChecksum", ""));
}

static void
identity_names_and_release_are_those_of_the_document(void **state)
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
	struct run run = run_file(*state, "trino/sample");

	assert_identity(&run, "trino-cluster-etl", "trino-cluster-etl",
		"trino-operator");
	assert_ptr_equal(run.intake.kind, kind_find("trino"));
	assert_names(&run, wanted, COUNT_OF(wanted));
	assert_int_equal(run.plan.n_releases, 1);
	assert_release(&run, 0, "trino", "trino-cluster-etl", 2);
	run = run_file(*state, "trino/minimal");
	assert_identity(&run, "etl", "etl", "");
	assert_int_equal(run.plan.n_secrets, 0);
}

static void
stages_go_from_namespace_to_release(void **state)
{
	static const struct kind_stage wanted[] = {
		{KIND_STAGE_NAMESPACE, NULL, "namespace"},
		{KIND_STAGE_SECRETS, NULL, "secrets"},
		{KIND_STAGE_RELEASE, "trino", "release trino"},
	};

	(void)state;
	assert_stages(kind_find("trino"), wanted, COUNT_OF(wanted));
}

static void
layout_and_order_do_not_change_the_canonical_text(void **state)
{
	static const char *const same =
		"{kind: TrinoCluster, spec: {worker: {}, coordinator: {},\n"
		" image: {tag: '476', repository: trinodb/trino},\n"
		" namespace: etl, serviceAccountName: trino,\n"
		" securityContext: null}, metadata: {annotations: {a: b},\n"
		" namespace: ~, name: etl},\n"
		" apiVersion: trino-operator.cloudchef-labs.com/v1beta1}\n";
	struct run run = run_file(*state, "trino/minimal");
	struct run other = run_yaml(*state, "trino", unit_bytes(same), NULL);

	assert_string_equal(
		run.intake.canonical.data, other.intake.canonical.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(secret_files_are_handed_over_whole),
		UNIT_TEST(keys_of_values_are_those_of_the_secret),
		UNIT_TEST(files_of_one_name_have_keys_of_their_own),
		UNIT_TEST(every_byte_of_a_file_survives),
		UNIT_TEST(port_and_data_folder_are_known_of_sealed_files),
		UNIT_TEST(a_changed_secret_changes_its_role_only),
		UNIT_TEST(identity_names_and_release_are_those_of_the_document),
		UNIT_TEST(stages_go_from_namespace_to_release),
		UNIT_TEST(layout_and_order_do_not_change_the_canonical_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
