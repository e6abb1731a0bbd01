/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Hive metastore: its two releases and the file of the metastore, which is
 * NAME.metastore-site.xml of tests/golden/hive_metastore with [[POINTER]] for
 * what only the applier knows.
 */
#include "kind_assert.h"

#define LICENCE "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"

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
the_file_of_the_metastore_is_the_golden_one(void **state)
{
	static const char *const documents[] = {
		"hive_metastore/sample",
		"hive_metastore/full",
		"hive_metastore/minimal",
		"hive_metastore/own-database",
	};

	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		struct run run = run_file(*state, documents[i]);
		struct buf site = site_of(&run);

		unit_file_golden(*state,
			arena_format(*state, GOLDEN "%s.metastore-site.xml",
				documents[i]),
			buf_string(&site));
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
	struct run run = run_file(*state, "hive_metastore/full");

	assert_secrets(&run, full, COUNT_OF(full));
	run = run_file(*state, "hive_metastore/own-database");
	assert_secrets(&run, own, COUNT_OF(own));
}

static void
the_database_and_its_secret_have_one_volume(void **state)
{
	static const char *const keys[] = {"root-password", "user-password"};
	struct run run = run_file(*state, "hive_metastore/sample");
	const struct kind_secret_object *secret = &run.plan.secrets[0];

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
}

static void
the_metastore_knows_the_password_that_is_generated(void **state)
{
	struct run run = run_file(*state, "hive_metastore/sample");
	const struct kind_secret_key *key = &config_of(&run)->keys[0];
	size_t generated = 0;

	for (size_t i = 0; i < key->count; i++) {
		if (key->parts[i].type != KIND_PART_GENERATED)
			continue;
		assert_string_equal(key->parts[i].name, "user-password");
		generated++;
	}
	assert_int_equal(generated, 1);
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
	struct run run = run_file(*state, "hive_metastore/sample");

	assert_names(&run, wanted, COUNT_OF(wanted));
	assert_identity(&run, "hive-metastore", "hive-metastore",
		"dataroaster-operator");
	run = run_file(*state, "hive_metastore/minimal");
	assert_names(&run, wanted_alone, COUNT_OF(wanted_alone));
	assert_identity(&run, "etl", "etl", "");
}

static void
releases_and_endpoint_are_those_of_the_document(void **state)
{
	static const struct kind_endpoint endpoint = {
		.name = "thrift",
		.service = "metastore",
		.port = 9083,
		.scheme = "thrift",
	};
	struct run run = run_file(*state, "hive_metastore/full");

	assert_int_equal(run.plan.n_releases, 2);
	assert_release(&run, 0, "mysql", "mysql", 1);
	assert_release(&run, 1, "hive-metastore", "full-release", 1);
	assert_endpoint(&run, &endpoint);
	/* without its own database it may have any name */
	run = run_file(*state, "hive_metastore/own-database");
	assert_int_equal(run.plan.n_releases, 1);
	assert_release(&run, 0, "hive-metastore", "mysql", 1);
	assert_int_equal(run.plan.n_secrets, 1);
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
	assert_stages(kind_find("hive_metastore"), wanted, COUNT_OF(wanted));
}

static void
a_changed_secret_changes_the_metastore_alone(void **state)
{
	struct run run = run_file(*state, "hive_metastore/sample");
	const struct kind_release *before = run.plan.releases;

	make_plan(&run);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(before[i].values.data,
			run.plan.releases[i].values.data);
	run.sealed[1].digest = "cc";
	make_plan(&run);
	assert_string_equal(
		before[0].values.data, run.plan.releases[0].values.data);
	assert_string_not_equal(
		before[1].values.data, run.plan.releases[1].values.data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(the_file_of_the_metastore_is_the_golden_one),
		UNIT_TEST(secrets_are_handed_over_as_posted),
		UNIT_TEST(the_database_and_its_secret_have_one_volume),
		UNIT_TEST(the_metastore_knows_the_password_that_is_generated),
		UNIT_TEST(names_of_the_database_are_held_only_with_it),
		UNIT_TEST(releases_and_endpoint_are_those_of_the_document),
		UNIT_TEST(stages_go_from_namespace_to_the_metastore),
		UNIT_TEST(a_changed_secret_changes_the_metastore_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
