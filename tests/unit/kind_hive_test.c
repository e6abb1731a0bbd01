/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HelmChart of a Hive metastore against tests/golden/hive_metastore: NAME.yaml
 * becomes NAME.canonical.json, and that the values NAME.CHART.json and the
 * file NAME.metastore-site.xml, where [[POINTER]] stands for what only the
 * applier knows. With GOLDEN_WRITE set in the environment they are written
 * instead: then read the difference.
 */
#include "kind_hive_unit.h"

#define LICENCE "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"

static const struct {
	const char *name;
	const struct sent *sent;
} golden[] = {
	{"sample", &with_database},
	{"full", &with_database},
	{"minimal", &no_database},
	{"own-database", &no_database},
};

static void
write_file(const char *path, struct bytes text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

static void
assert_golden(
	struct arena *arena, const char *name, const char *what, struct buf got)
{
	const char *path = arena_format(arena, FOLDER "/%s.%s", name, what);
	struct bytes wanted;

	if (getenv("GOLDEN_WRITE") != NULL)
		write_file(path, buf_bytes(&got));
	wanted = read_file(arena, path);
	assert_string_equal(
		buf_string(&got), arena_copy(arena, wanted.data, wanted.len));
}

static struct buf
line_of(struct arena *arena, struct bytes text)
{
	struct buf out;

	buf_init(&out, arena);
	buf_put(&out, text.data, text.len);
	buf_put(&out, "\n", 1);
	return out;
}

/* The last Secret of a plan is the metastore's. */
static const struct kind_secret_object *
config_of(const struct run *run)
{
	return &run->plan.secrets[run->plan.n_secrets - 1];
}

/* Below a line that is only in the golden file. */
static struct buf
site_of(const struct run *run)
{
	const struct kind_secret_key *key = &config_of(run)->keys[0];
	struct buf out;

	buf_init(&out, run->arena);
	buf_text(&out, LICENCE);
	for (size_t i = 0; i < key->count; i++) {
		const struct kind_part *part = &key->parts[i];

		assert_int_equal(part->is_xml, part->type != KIND_PART_TEXT);
		if (part->type == KIND_PART_TEXT)
			buf_put(&out, part->text.data, part->text.len);
		else
			buf_format(&out, "[[%s]]", part->name);
	}
	return out;
}

static void
posted_files_become_the_golden_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(golden); i++) {
		const char *name = golden[i].name;
		struct run run = run_file(name, golden[i].sent);

		assert_golden(run.arena, name, "canonical.json",
			line_of(run.arena, run.intake.canonical));
		for (size_t k = 0; k < run.plan.n_releases; k++)
			assert_golden(run.arena, name,
				arena_format(run.arena, "%s.json",
					run.plan.releases[k].chart),
				line_of(run.arena,
					run.plan.releases[k].values));
		assert_golden(
			run.arena, name, "metastore-site.xml", site_of(&run));
		arena_free(run.arena);
	}
}

static void
assert_without(struct bytes text, const char *canary)
{
	if (memmem(text.data, text.len, canary, strlen(canary)) != NULL)
		fail_msg("%s in %.*s", canary, (int)text.len, text.data);
}

static void
secrets_are_where_nobody_reads(void **state)
{
	static const char *const canaries[] = {
		"canary", "any-access-key", "any-secret-key"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(golden) * COUNT_OF(canaries); i++) {
		const char *canary = canaries[i % COUNT_OF(canaries)];
		size_t file = i / COUNT_OF(canaries);
		struct run run = run_file(golden[file].name, golden[file].sent);
		struct buf site = site_of(&run);

		assert_without(run.intake.canonical, canary);
		assert_without(buf_bytes(&site), canary);
		for (size_t k = 0; k < run.plan.n_releases; k++)
			assert_without(run.plan.releases[k].values, canary);
		arena_free(run.arena);
	}
}

struct wanted_secret {
	const char *pointer;
	const char *value;
};

static void
assert_secrets(
	const struct run *run, const struct wanted_secret *wanted, size_t count)
{
	assert_int_equal(run->intake.n_secrets, count);
	for (size_t i = 0; i < count; i++) {
		const struct kind_secret *got = &run->intake.secrets[i];

		assert_string_equal(got->pointer, wanted[i].pointer);
		assert_string_equal(got->value.data, wanted[i].value);
		assert_int_equal(got->value.len, strlen(wanted[i].value));
	}
}

static void
secrets_are_handed_over_as_posted(void **state)
{
	static const struct wanted_secret full[] = {
		{"/values/s3/accessKey", "canary-<access>&"},
		{"/values/s3/secretKey", "canary-secret"},
		{"/values/properties/fs.s3a.bucket.other.secret.key",
			"canary-other"},
		{"/values/properties/metastore.hook",
			"https://user:canary-hook@example.com"},
	};
	static const struct wanted_secret own[] = {
		{"/values/jdbc/password", "canary]]>password"},
		{"/values/jdbc/url",
			"jdbc:postgresql://db.example.com:5432/metastore?"
			"ssl=true&user=hive&password=canary-url"},
		{"/values/properties/fs.s3a.access.key", "canary-key"},
	};
	struct run run = run_file("full", &with_database);

	(void)state;
	assert_secrets(&run, full, COUNT_OF(full));
	arena_free(run.arena);
	run = run_file("own-database", &no_database);
	assert_secrets(&run, own, COUNT_OF(own));
	arena_free(run.arena);
}

static void
the_database_and_its_secret_have_one_volume(void **state)
{
	static const char *const keys[] = {"root-password", "user-password"};
	struct run run = run_file("sample", &with_database);
	const struct kind_secret_object *secret = &run.plan.secrets[0];

	(void)state;
	assert_int_equal(run.plan.n_secrets, 2);
	assert_string_equal(secret->name, "mysql-passwords");
	assert_string_equal(secret->volume, "mysql-data-disk");
	assert_int_equal(secret->count, COUNT_OF(keys));
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct kind_secret_key *key = &secret->keys[i];

		assert_string_equal(key->key, keys[i]);
		assert_int_equal(key->count, 1);
		assert_int_equal(key->parts[0].type, KIND_PART_GENERATED);
		assert_string_equal(key->parts[0].name, keys[i]);
	}
	assert_string_equal(config_of(&run)->name, "hive-metastore-config");
	assert_null(config_of(&run)->volume);
	assert_int_equal(config_of(&run)->count, 1);
	assert_string_equal(config_of(&run)->keys[0].key, "metastore-site.xml");
	arena_free(run.arena);
}

static void
the_metastore_knows_the_password_that_is_generated(void **state)
{
	struct run run = run_file("sample", &with_database);
	const struct kind_secret_key *key = &config_of(&run)->keys[0];
	size_t generated = 0;

	(void)state;
	for (size_t i = 0; i < key->count; i++) {
		if (key->parts[i].type != KIND_PART_GENERATED)
			continue;
		assert_string_equal(key->parts[i].name, "user-password");
		generated++;
	}
	assert_int_equal(generated, 1);
	arena_free(run.arena);
}

static void
assert_names(
	const struct run *run, const struct kind_name *wanted, size_t count)
{
	assert_int_equal(run->intake.names.count, count);
	for (size_t i = 0; i < count; i++) {
		const struct kind_name *got = &run->intake.names.items[i];

		assert_string_equal(got->type, wanted[i].type);
		assert_string_equal(got->name, wanted[i].name);
	}
}

static void
names_of_the_database_are_held_only_with_it(void **state)
{
	static const struct kind_name wanted[] = {
		{"release", "hive-metastore"},
		{"Service", "metastore"},
		{"Deployment", "metastore"},
		{"ServiceAccount", "metastore"},
		{"Secret", "hive-metastore-config"},
		{"release", "mysql"},
		{"Service", "mysql-service"},
		{"StatefulSet", "mysql-statefulset"},
		{"ServiceAccount", "mysql"},
		{"PersistentVolumeClaim", "mysql-data-disk"},
		{"Secret", "mysql-passwords"},
	};
	static const struct kind_name wanted_alone[] = {
		{"release", "etl"},
		{"Service", "metastore"},
		{"Deployment", "metastore"},
		{"ServiceAccount", "metastore"},
		{"Secret", "etl-config"},
	};
	struct run run = run_file("sample", &with_database);

	(void)state;
	assert_names(&run, wanted, COUNT_OF(wanted));
	assert_string_equal(run.intake.identity.name, "hive-metastore");
	assert_string_equal(run.intake.identity.namespace, "hive-metastore");
	assert_string_equal(
		run.intake.identity.posted_namespace, "dataroaster-operator");
	arena_free(run.arena);
	run = run_file("minimal", &no_database);
	assert_names(&run, wanted_alone, COUNT_OF(wanted_alone));
	assert_string_equal(run.intake.identity.posted_namespace, "");
	arena_free(run.arena);
}

static void
assert_release(
	const struct run *run, size_t i, const char *chart, const char *name)
{
	const struct kind_release *release = &run->plan.releases[i];

	assert_string_equal(release->chart, chart);
	assert_string_equal(release->name, name);
	assert_int_equal(release->controllers, 1);
}

static void
releases_and_endpoint_are_those_of_the_document(void **state)
{
	struct run run = run_file("full", &with_database);
	const struct kind_endpoint *endpoint = run.plan.endpoints;

	(void)state;
	assert_int_equal(run.plan.n_releases, 2);
	assert_release(&run, 0, "mysql", "mysql");
	assert_release(&run, 1, "hive-metastore", "full-release");
	assert_int_equal(run.plan.n_endpoints, 1);
	assert_string_equal(endpoint->name, "thrift");
	assert_string_equal(endpoint->service, "metastore");
	assert_int_equal(endpoint->port, 9083);
	assert_string_equal(endpoint->scheme, "thrift");
	arena_free(run.arena);
	/* without its own database it may have any name */
	run = run_file("own-database", &no_database);
	assert_int_equal(run.plan.n_releases, 1);
	assert_release(&run, 0, "hive-metastore", "mysql");
	assert_int_equal(run.plan.n_secrets, 1);
	arena_free(run.arena);
}

static void
stages_go_from_namespace_to_the_metastore(void **state)
{
	static const struct kind_stage wanted[] = {
		{KIND_STAGE_NAMESPACE, NULL, "namespace"},
		{KIND_STAGE_SECRETS, NULL, "secrets"},
		{KIND_STAGE_RELEASE, "mysql", "release mysql"},
		{KIND_STAGE_READY, "mysql", "mysql ready"},
		{KIND_STAGE_RELEASE, "hive-metastore",
			"release hive-metastore"},
	};

	(void)state;
	assert_int_equal(hive()->n_stages, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		const struct kind_stage *got = &hive()->stages[i];

		assert_int_equal(got->type, wanted[i].type);
		assert_string_equal(got->name, wanted[i].name);
		if (wanted[i].chart == NULL)
			assert_null(got->chart);
		else
			assert_string_equal(got->chart, wanted[i].chart);
	}
}

static void
a_changed_secret_changes_the_metastore_alone(void **state)
{
	struct kind_sealed sealed[] = {
		{"/values/s3/accessKey", "aa"}, {"/values/s3/secretKey", "bb"}};
	const struct kind_context context = {"x", "y", 2, sealed};
	struct run run = run_file("sample", &with_database);
	const struct kind_release *before;

	(void)state;
	make_plan(&run, &context);
	before = run.plan.releases;
	make_plan(&run, &context);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(before[i].values.data,
			run.plan.releases[i].values.data);
	sealed[1].digest = "cc";
	make_plan(&run, &context);
	assert_string_equal(
		before[0].values.data, run.plan.releases[0].values.data);
	assert_string_not_equal(
		before[1].values.data, run.plan.releases[1].values.data);
	arena_free(run.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posted_files_become_the_golden_ones),
		cmocka_unit_test(secrets_are_where_nobody_reads),
		cmocka_unit_test(secrets_are_handed_over_as_posted),
		cmocka_unit_test(the_database_and_its_secret_have_one_volume),
		cmocka_unit_test(
			the_metastore_knows_the_password_that_is_generated),
		cmocka_unit_test(names_of_the_database_are_held_only_with_it),
		cmocka_unit_test(
			releases_and_endpoint_are_those_of_the_document),
		cmocka_unit_test(stages_go_from_namespace_to_the_metastore),
		cmocka_unit_test(a_changed_secret_changes_the_metastore_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
