/* SPDX-License-Identifier: Apache-2.0 */
/* What the text spec.values becomes, and what is filled in. */
#include "kind_unit.h"

#define HEAD                                                     \
	"apiVersion: helm-operator.cloudchef-labs.com/v1beta1\n" \
	"kind: HelmChart\n"                                      \
	"metadata: {name: etl}\n"                                \
	"spec:\n"                                                \
	"  chartName: dataroaster-hivemetastore\n"               \
	"  name: etl\n"                                          \
	"  namespace: etl\n"

#define S3                                                           \
	"    s3: {bucket: b, accessKey: a, secretKey: s, endpoint: " \
	"http://h}\n"

static const struct sent with_database[] = {
	{"mysql_storage_class", "standard"},
	{"mysql_storage_size", "5"},
	{NULL, NULL},
};

static struct run
run_hive(struct arena *arena, const char *yaml, const struct sent *sent)
{
	return run_yaml(arena, "hive_metastore", unit_bytes(yaml), sent);
}

/* Without a database of its own. */
static struct run
run_values(struct arena *arena, const char *more)
{
	return run_hive(arena,
		arena_format(arena, HEAD "  values: |\n" S3 "%s", more), NULL);
}

/* The only problem of ${yaml}. */
static struct err
refuse_hive(struct arena *arena, const char *yaml)
{
	struct err_list errors = refuse(
		arena, "hive_metastore", unit_bytes(yaml), with_database);

	assert_int_equal(errors.total, 1);
	return errors.items[0];
}

static const struct doc_node *
stored(const struct run *run)
{
	return doc_at(
		unit_json(run->arena, run->intake.canonical), "spec.values");
}

/* What follows from the database's URL, its type and the image. */
static const struct {
	const char *values;
	const char *type, *driver, *user;
} databases[] = {
	{"    jdbc: {password: p}\n", "mysql", "com.mysql.jdbc.Driver", "root"},
	{"    image: apache/hive:4.0.0\n"
	 "    jdbc: {password: p, user: u}\n",
		"mysql", "com.mysql.cj.jdbc.Driver", "u"},
	{"    image: notcloudcheflabs/hive:4.0.0\n"
	 "    jdbc: {password: p}\n",
		"mysql", "com.mysql.cj.jdbc.Driver", "root"},
	{"    image: localhost:5000/cloudcheflabs/x:1\n"
	 "    jdbc: {password: p, type: mysql}\n",
		"mysql", "com.mysql.jdbc.Driver", "root"},
	{"    jdbc: {password: p, url: 'jdbc:mariadb://h/m'}\n", "mysql",
		"org.mariadb.jdbc.Driver", "root"},
	{"    jdbc: {password: p, url: 'jdbc:postgresql://h/m', user: u}\n",
		"postgres", "org.postgresql.Driver", "u"},
	{"    jdbc: {password: p, url: 'jdbc:sqlserver://h', user: u}\n",
		"mssql", "com.microsoft.sqlserver.jdbc.SQLServerDriver", "u"},
	{"    jdbc: {password: p, url: 'jdbc:oracle:thin:h', user: u}\n",
		"oracle", "oracle.jdbc.OracleDriver", "u"},
	{"    jdbc: {url: 'jdbc:derby:;databaseName=/tmp/m;create=true'}\n",
		"derby", "org.apache.derby.jdbc.EmbeddedDriver", "APP"},
	{"    jdbc: {password: p, url: 'jdbc:p6spy:mysql://h/m', type: mysql,\n"
	 "      driver: com.p6spy.engine.spy.P6SpyDriver}\n",
		"mysql", "com.p6spy.engine.spy.P6SpyDriver", "root"},
};

static void
the_database_decides_on_what_is_not_given(void **state)
{
	for (size_t i = 0; i < COUNT_OF(databases); i++) {
		struct run run = run_values(*state, databases[i].values);
		const struct doc_node *jdbc = doc_get(stored(&run), "jdbc");

		assert_string_equal(
			doc_text(jdbc, "type", ""), databases[i].type);
		assert_string_equal(
			doc_text(jdbc, "driver", ""), databases[i].driver);
		assert_string_equal(
			doc_text(jdbc, "user", ""), databases[i].user);
	}
}

static void
derby_needs_no_password(void **state)
{
	struct run run = run_values(*state, databases[8].values);
	const struct kind_secret_key *key = &run.plan.secrets[0].keys[0];

	for (size_t i = 0; i < key->count; i++)
		assert_null(strstr(arena_copy(*state, key->parts[i].text.data,
					   key->parts[i].text.len),
			"ConnectionPassword"));
	assert_int_equal(run.intake.n_secrets, 2);
}

static const struct {
	const char *url;
	bool is_sealed;
} urls[] = {
	{"jdbc:mysql://db/m", false},
	{"jdbc:mysql://db/m?useSSL=false&user=hive", false},
	{"jdbc:mysql://db/m?Password=x", true},
	{"jdbc:mysql://hive:x@db/m", true},
	{"jdbc:mysql://db/m?trustCertificateKeyStorePassword=x", true},
	{"jdbc:oracle:thin:hive/x@db:1521:m", true},
};

static void
a_url_with_a_credential_is_sealed(void **state)
{
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		struct run run = run_values(*state,
			arena_format(*state,
				"    jdbc: {user: u, password: p, url: '%s'}\n",
				urls[i].url));
		const char *url = doc_text(stored(&run), "jdbc.url", NULL);
		const struct kind_secret *secrets = run.intake.secrets;

		assert_int_equal(
			run.intake.n_secrets, urls[i].is_sealed ? 4 : 3);
		if (urls[i].is_sealed) {
			assert_null(url);
			assert_string_equal(
				secrets[3].pointer, "/values/jdbc/url");
			assert_string_equal(secrets[3].value.data, urls[i].url);
		} else {
			assert_string_equal(url, urls[i].url);
		}
	}
}

static void
the_version_decides_on_the_image(void **state)
{
	static const char *const versions[][2] = {
		{"", "v3.0.0"},
		{"  version: v2.0.0\n", "v3.0.0"},
		{"  version: 2.1.0\n", "v3.0.0"},
		{"  version: 2.2.0\n", "v3.3.5"},
		{"  version: v2.2.0\n", "v3.3.5"},
	};

	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		const char *yaml = arena_format(*state,
			HEAD "%s  repo: https://cloudcheflabs.github.io/"
			     "hive-metastore-helm-repo\n"
			     "  values: |\n" S3,
			versions[i][0]);
		struct run run = run_hive(*state, yaml, with_database);

		assert_string_equal(doc_text(stored(&run), "image", ""),
			arena_format(*state, "cloudcheflabs/hivemetastore:%s",
				versions[i][1]));
	}
}

static void
layout_and_unused_fields_do_not_count(void **state)
{
	static const char *const same =
		HEAD "  repo: https://cloudcheflabs.github.io/"
		     "hive-metastore-helm-repo/\n"
		     "  values: \"# remark\\n"
		     "jdbc: {user: x, password: y}\\nnamespace: etl\\n"
		     "s3:\\n   secretKey: s\\n   endpoint: http://h\\n"
		     "   accessKey: a\\n   bucket: b\\nreplicas: 1\\n\"\n";
	struct run run =
		run_hive(*state, HEAD "  values: |\n" S3, with_database);
	struct run other = run_hive(*state, same, with_database);

	assert_string_equal(
		run.intake.canonical.data, other.intake.canonical.data);
	assert_int_equal(other.intake.n_secrets, 2);
}

/* What is stored is deeper than what is posted. */
static const char *
nested(struct arena *arena, unsigned depth)
{
	struct buf out;

	buf_init(&out, arena);
	buf_text(&out, HEAD "  values: |\n" S3 "    affinity: {a: ");
	for (unsigned i = 0; i < depth; i++)
		buf_text(&out, "[");
	for (unsigned i = 0; i < depth; i++)
		buf_text(&out, "]");
	buf_text(&out, "}\n");
	return buf_string(&out);
}

static void
the_deepest_values_that_are_taken_can_be_loaded(void **state)
{
	unsigned deepest = DOC_DEPTH_MAX - 4;
	struct err e;

	(void)run_hive(*state, nested(*state, deepest), with_database);
	e = refuse_hive(*state, nested(*state, deepest + 1));
	assert_string_equal(e.path, "spec.values");
	assert_string_equal(e.message, "nested deeper than 62 levels");
}

static const char *
with_properties(struct arena *arena, unsigned count)
{
	struct buf out;

	buf_init(&out, arena);
	buf_text(&out, HEAD "  values: |\n" S3 "    properties:\n");
	for (unsigned i = 0; i < count; i++)
		buf_format(&out, "      key%u: secret=%u\n", i, i);
	return buf_string(&out);
}

static void
properties_are_taken_up_to_their_limit(void **state)
{
	struct run run =
		run_hive(*state, with_properties(*state, 500), with_database);
	struct err e;

	assert_int_equal(run.intake.n_secrets, 502);
	/* each with a text before it, as the password; and one behind */
	assert_int_equal(run.plan.secrets[1].keys[0].count, 2 * 503 + 1);
	e = refuse_hive(*state, with_properties(*state, 501));
	assert_string_equal(e.message, "has 501 items; at most 500 are taken");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(the_database_decides_on_what_is_not_given),
		UNIT_TEST(derby_needs_no_password),
		UNIT_TEST(a_url_with_a_credential_is_sealed),
		UNIT_TEST(the_version_decides_on_the_image),
		UNIT_TEST(layout_and_unused_fields_do_not_count),
		UNIT_TEST(the_deepest_values_that_are_taken_can_be_loaded),
		UNIT_TEST(properties_are_taken_up_to_their_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
