/* SPDX-License-Identifier: Apache-2.0 */
/* A Spark thrift server: its keys, its claims and its release. */
#include "kind_assert.h"

static void
keys_are_handed_over_without_their_line_break(void **state)
{
	static const char *const keys[] = {"accessKey", "secretKey"};
	static const char *const values[] = {"canary-access", "canary-secret"};
	struct run run = run_file(*state, "spark_thrift_server/sample");
	const struct kind_secret *secrets = run.intake.secrets;
	const struct kind_secret_object *object = &run.plan.secrets[0];

	assert_int_equal(run.intake.n_secrets, 2);
	assert_int_equal(run.plan.n_secrets, 1);
	assert_string_equal(object->name, "spark-thrift-server-s3");
	assert_null(object->volume);
	assert_int_equal(object->count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(secrets[i].value.len, strlen(values[i]));
		assert_memory_equal(
			secrets[i].value.data, values[i], strlen(values[i]));
		assert_string_equal(object->keys[i].key, keys[i]);
		assert_int_equal(object->keys[i].count, 1);
		assert_int_equal(
			object->keys[i].parts[0].type, KIND_PART_SEALED);
		assert_string_equal(
			object->keys[i].parts[0].name, secrets[i].pointer);
	}
}

/* One that was made for keys posted before is then removed. */
static void
without_keys_the_secret_is_planned_with_nothing_in_it(void **state)
{
	struct run run = run_file(*state, "spark_thrift_server/existing");

	assert_int_equal(run.intake.n_secrets, 0);
	assert_int_equal(run.plan.n_secrets, 1);
	assert_string_equal(run.plan.secrets[0].name, "existing-s3");
	assert_int_equal(run.plan.secrets[0].count, 0);
	assert_string_equal(
		doc_text(run.values, "existingSecret", ""), "s3-secret");
	assert_null(doc_get(run.values, "secretChecksum"));
}

static void
other_keys_are_another_checksum(void **state)
{
	struct run run = run_file(*state, "spark_thrift_server/sample");
	const char *before = doc_text(run.values, "secretChecksum", "");

	assert_int_equal(strlen(before), 16);
	make_plan(&run);
	assert_string_equal(doc_text(run.values, "secretChecksum", ""), before);
	run.sealed[0].digest = "beef";
	make_plan(&run);
	assert_string_not_equal(
		doc_text(run.values, "secretChecksum", ""), before);
}

static void
keys_without_a_digest_are_a_checksum_of_their_own(void **state)
{
	struct run run = run_file(*state, "spark_thrift_server/sample");
	const char *before = doc_text(run.values, "secretChecksum", "");

	run.sealed[0].pointer = "/of/another";
	make_plan(&run);
	assert_int_equal(
		strlen(doc_text(run.values, "secretChecksum", "")), 16);
	assert_string_not_equal(
		doc_text(run.values, "secretChecksum", ""), before);
}

static void
identity_and_plan_are_those_of_the_document(void **state)
{
	static const struct kind_endpoint endpoint = {
		.name = "jdbc",
		.service = "spark-thrift-server-service",
		.port = 10016,
		.scheme = "jdbc:hive2",
	};
	struct run run = run_file(*state, "spark_thrift_server/sample");

	assert_ptr_equal(run.intake.kind, kind_find("spark_thrift_server"));
	assert_identity(&run, "spark-thrift-server", "spark-thrift-server",
		"spark-operator");
	assert_int_equal(run.plan.n_releases, 1);
	assert_release(
		&run, 0, "spark-thrift-server", "spark-thrift-server", 1);
	assert_endpoint(&run, &endpoint);
	assert_string_equal(
		doc_text(run.values, "owner.kind", ""), "spark_thrift_server");
	run = run_file(*state, "spark_thrift_server/minimal");
	assert_identity(&run, "sql", "sql", "");
}

static void
names_are_what_fits_once_in_a_namespace(void **state)
{
	static const struct kind_name wanted[] = {
		{"release", "full"},
		{"Service", "spark-thrift-server-service"},
		{"Service", "spark-thrift-server-driver"},
		{"Deployment", "spark-thrift-server"},
		{"ConfigMap", "spark-thrift-server"},
		{"Role", "spark-thrift-server"},
		{"RoleBinding", "spark-thrift-server"},
		{"ServiceAccount", "engine"},
		{"Secret", "full-s3"},
		{"PersistentVolumeClaim", "scratch-claim"},
		{"PersistentVolumeClaim", "driver-data"},
	};
	struct run run = run_file(*state, "spark_thrift_server/full");

	assert_names(&run, wanted, COUNT_OF(wanted));
}

/* Nobody owns what was there before. */
static void
claims_that_are_there_are_no_names(void **state)
{
	struct run run = run_file(*state, "spark_thrift_server/existing");

	for (size_t i = 0; i < run.intake.names.count; i++)
		assert_string_not_equal(run.intake.names.items[i].type,
			"PersistentVolumeClaim");
}

static void
stages_go_from_namespace_to_release(void **state)
{
	static const struct kind_stage wanted[] = {
		{KIND_STAGE_NAMESPACE, NULL, "namespace"},
		{KIND_STAGE_SECRETS, NULL, "secrets"},
		{KIND_STAGE_RELEASE, "spark-thrift-server",
			"release spark-thrift-server"},
	};

	(void)state;
	assert_stages(
		kind_find("spark_thrift_server"), wanted, COUNT_OF(wanted));
}

/* The size of the NFS volume is not used, so it is no change. */
static void
layout_and_unused_fields_do_not_change_the_spec(void **state)
{
	static const char same[] =
		"{kind: SparkApplication, spec: {volumes: [], driver: {},\n"
		" core: {namespace: sql, deployMode: Cluster,\n"
		" applicationFileUrl: spark-internal,\n"
		" container: {image: 'apache/spark:3.5.8'}}},\n"
		" metadata: {annotations: {a: b}, namespace: ~, name: sql},\n"
		" apiVersion: spark-operator.cloudchef-labs.com/v1alpha1}\n";
	static const struct sent sent[] = {
		{"nfs_storage_size", "5"}, {NULL, NULL}};
	struct run run = run_file(*state, "spark_thrift_server/minimal");
	struct run other =
		run_yaml(*state, "spark_thrift_server", unit_bytes(same), sent);

	assert_string_equal(
		run.intake.canonical.data, other.intake.canonical.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(keys_are_handed_over_without_their_line_break),
		UNIT_TEST(
			without_keys_the_secret_is_planned_with_nothing_in_it),
		UNIT_TEST(other_keys_are_another_checksum),
		UNIT_TEST(keys_without_a_digest_are_a_checksum_of_their_own),
		UNIT_TEST(identity_and_plan_are_those_of_the_document),
		UNIT_TEST(names_are_what_fits_once_in_a_namespace),
		UNIT_TEST(claims_that_are_there_are_no_names),
		UNIT_TEST(stages_go_from_namespace_to_release),
		UNIT_TEST(layout_and_unused_fields_do_not_change_the_spec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
