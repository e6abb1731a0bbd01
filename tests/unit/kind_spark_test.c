/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SparkApplication against tests/golden/spark_thrift_server: NAME.yaml becomes
 * NAME.canonical.json, and that NAME.values.json. With GOLDEN_WRITE set in the
 * environment they are written instead: then read the difference.
 */
#include "kind_spark_unit.h"

/* As users post them, with what they send beside them. */
static const struct golden {
	const char *name;
	struct sent form[FORM_MAX];
} golden[] = {
	{"sample",
		{{"nfs_storage_class", "standard"}, {"nfs_storage_size", "1"},
			{"s3_access_key", "canary-access\n"},
			{"s3_secret_key", "canary-secret\r\n"},
			{"pvc_size", "1"}}},
	{"full", {{"s3_access_key", "canary-access"},
			 {"s3_secret_key", "canary-secret"},
			 {"pvc_size", "65536"}}},
	{"minimal", {{NULL, NULL}}},
	{"existing", {{"nfs_storage_class", "not-used"}}},
};

/* Everything that becomes of one of them. */
struct run {
	struct arena *arena;
	struct kind_intake intake;
	struct kind_plan plan;
	const struct doc_node *values;
};

/* From the canonical text alone, as the applier does; digests are ${digest}
 * with a number. */
static void
make_plan(struct run *run, const char *digest)
{
	struct kind_sealed *sealed = arena_array(
		run->arena, run->intake.n_secrets + 1, sizeof(*sealed));
	const struct kind_context context = {run->intake.identity.namespace,
		run->intake.identity.name, run->intake.n_secrets, sealed};
	const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DOC_DEPTH_MAX, DOC_NODES_MAX};
	struct err e = {0};
	void *spec;

	for (size_t i = 0; i < run->intake.n_secrets; i++)
		sealed[i] = (struct kind_sealed){
			run->intake.secrets[i].pointer,
			arena_format(run->arena, "%s%zu", digest, i),
		};
	if (kind_load(run->arena, spark(), run->intake.canonical, &spec, &e) !=
		0)
		fail_msg("%s: %s", e.path, e.message);
	spark()->plan(run->arena, spec, &context, &run->plan);
	assert_int_equal(run->plan.n_releases, 1);
	assert_int_equal(
		doc_parse_json(run->arena, run->plan.releases[0].values,
			&limits, &run->values, &e),
		0);
}

static struct run
run_golden(const char *name)
{
	struct run run = {.arena = arena_new()};
	struct err_list errors = {0};
	size_t i = 0;

	while (strcmp(golden[i].name, name) != 0)
		i++;
	if (take_in(run.arena,
		    read_file(run.arena,
			    arena_format(run.arena, FOLDER "/%s.yaml", name)),
		    golden[i].form, &run.intake, &errors) != 0)
		fail_msg("%s.yaml:%u:%u %s: %s", name, errors.items[0].line,
			errors.items[0].column, errors.items[0].path,
			errors.items[0].message);
	make_plan(&run, "feed");
	return run;
}

static void
write_file(const char *path, struct bytes text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fputc('\n', file), '\n');
	assert_int_equal(fclose(file), 0);
}

static void
assert_golden(struct arena *arena, const char *name, const char *what,
	struct bytes got)
{
	const char *path =
		arena_format(arena, FOLDER "/%s.%s.json", name, what);
	struct bytes wanted;

	if (getenv("GOLDEN_WRITE") != NULL)
		write_file(path, got);
	wanted = read_file(arena, path);
	assert_string_equal(
		arena_format(arena, "%.*s\n", (int)got.len, got.data),
		arena_copy(arena, wanted.data, wanted.len));
}

static void
posted_files_become_the_golden_ones(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(golden); i++) {
		struct run run = run_golden(golden[i].name);

		assert_golden(run.arena, golden[i].name, "canonical",
			run.intake.canonical);
		assert_golden(run.arena, golden[i].name, "values",
			run.plan.releases[0].values);
		arena_free(run.arena);
	}
}

static void
secrets_are_in_neither_canonical_text_nor_values(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(golden); i++) {
		struct run run = run_golden(golden[i].name);
		struct bytes values = run.plan.releases[0].values;

		assert_null(memmem(run.intake.canonical.data,
			run.intake.canonical.len, "canary", 6));
		assert_null(memmem(values.data, values.len, "canary", 6));
		arena_free(run.arena);
	}
}

static void
keys_are_handed_over_without_their_line_break(void **cookie)
{
	struct run run = run_golden("sample");
	const struct kind_secret *secrets = run.intake.secrets;
	const struct kind_secret_object *object = &run.plan.secrets[0];
	static const char *const keys[] = {"accessKey", "secretKey"};
	static const char *const values[] = {"canary-access", "canary-secret"};

	(void)cookie;
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
	arena_free(run.arena);
}

/* One that was made for keys posted before is then removed. */
static void
without_keys_the_secret_is_planned_with_nothing_in_it(void **cookie)
{
	struct run run = run_golden("existing");

	(void)cookie;
	assert_int_equal(run.intake.n_secrets, 0);
	assert_int_equal(run.plan.n_secrets, 1);
	assert_string_equal(run.plan.secrets[0].name, "existing-s3");
	assert_int_equal(run.plan.secrets[0].count, 0);
	assert_string_equal(
		doc_text(run.values, "existingSecret", ""), "s3-secret");
	assert_null(doc_get(run.values, "secretChecksum"));
	arena_free(run.arena);
}

static void
other_keys_are_another_checksum(void **cookie)
{
	struct run run = run_golden("sample");
	const char *before = doc_text(run.values, "secretChecksum", "");

	(void)cookie;
	assert_int_equal(strlen(before), 16);
	make_plan(&run, "feed");
	assert_string_equal(doc_text(run.values, "secretChecksum", ""), before);
	make_plan(&run, "beef");
	assert_string_not_equal(
		doc_text(run.values, "secretChecksum", ""), before);
	arena_free(run.arena);
}

static void
identity_and_plan_are_those_of_the_document(void **cookie)
{
	struct run run = run_golden("sample");
	const struct kind_release *release = &run.plan.releases[0];
	const struct kind_endpoint *endpoint = &run.plan.endpoints[0];

	(void)cookie;
	assert_ptr_equal(run.intake.kind, spark());
	assert_string_equal(run.intake.identity.name, "spark-thrift-server");
	assert_string_equal(
		run.intake.identity.namespace, "spark-thrift-server");
	assert_string_equal(
		run.intake.identity.posted_namespace, "spark-operator");
	assert_string_equal(release->chart, "spark-thrift-server");
	assert_string_equal(release->name, "spark-thrift-server");
	assert_int_equal(release->controllers, 1);
	assert_int_equal(run.plan.n_endpoints, 1);
	assert_string_equal(endpoint->service, "spark-thrift-server-service");
	assert_int_equal(endpoint->port, 10016);
	assert_string_equal(endpoint->scheme, "jdbc:hive2");
	assert_string_equal(
		doc_text(run.values, "owner.kind", ""), "spark_thrift_server");
	arena_free(run.arena);
	run = run_golden("minimal");
	assert_string_equal(run.intake.identity.posted_namespace, "");
	arena_free(run.arena);
}

static void
assert_names(const char *name, const struct kind_name *wanted, size_t count)
{
	struct run run = run_golden(name);

	assert_int_equal(run.intake.names.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(
			run.intake.names.items[i].type, wanted[i].type);
		assert_string_equal(
			run.intake.names.items[i].name, wanted[i].name);
	}
	arena_free(run.arena);
}

static void
names_are_what_fits_once_in_a_namespace(void **cookie)
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

	(void)cookie;
	assert_names("full", wanted, COUNT_OF(wanted));
}

/* Nobody owns what was there before. */
static void
claims_that_are_there_are_no_names(void **cookie)
{
	struct run run = run_golden("existing");

	(void)cookie;
	for (size_t i = 0; i < run.intake.names.count; i++)
		assert_string_not_equal(run.intake.names.items[i].type,
			"PersistentVolumeClaim");
	arena_free(run.arena);
}

static void
stages_go_from_namespace_to_release(void **cookie)
{
	static const struct kind_stage wanted[] = {
		{KIND_STAGE_NAMESPACE, NULL, "namespace"},
		{KIND_STAGE_SECRETS, NULL, "secrets"},
		{KIND_STAGE_RELEASE, "spark-thrift-server",
			"release spark-thrift-server"},
	};

	(void)cookie;
	assert_int_equal(spark()->n_stages, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		assert_int_equal(spark()->stages[i].type, wanted[i].type);
		assert_string_equal(spark()->stages[i].name, wanted[i].name);
	}
	assert_string_equal(spark()->stages[2].chart, "spark-thrift-server");
}

/* The size of the NFS volume is not used, so it is no change. */
static void
layout_and_unused_fields_do_not_change_the_spec(void **cookie)
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
	struct run run = run_golden("minimal");
	struct err_list errors = {0};
	struct kind_intake other;

	(void)cookie;
	assert_int_equal(
		take_in(run.arena, unit_bytes(same), sent, &other, &errors), 0);
	assert_string_equal(run.intake.canonical.data, other.canonical.data);
	arena_free(run.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posted_files_become_the_golden_ones),
		cmocka_unit_test(
			secrets_are_in_neither_canonical_text_nor_values),
		cmocka_unit_test(keys_are_handed_over_without_their_line_break),
		cmocka_unit_test(
			without_keys_the_secret_is_planned_with_nothing_in_it),
		cmocka_unit_test(other_keys_are_another_checksum),
		cmocka_unit_test(identity_and_plan_are_those_of_the_document),
		cmocka_unit_test(names_are_what_fits_once_in_a_namespace),
		cmocka_unit_test(claims_that_are_there_are_no_names),
		cmocka_unit_test(stages_go_from_namespace_to_release),
		cmocka_unit_test(
			layout_and_unused_fields_do_not_change_the_spec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
