/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What intake says about each file of tests/golden/hive_metastore/bad. Those
 * called own-x are posted without the fields of a database that comes with the
 * metastore, all others with them.
 */
#include "kind_hive_unit.h"

#include <dirent.h>

struct problem {
	const char *file; /* without .yaml */
	unsigned line;
	unsigned column;
	const char *path;
	const char *message;
};

/* All problems of a file, in the order reported. */
static const struct problem problems[] = {
	{"affinity", 16, 15, "spec.values.affinity",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"aux-jars", 16, 14, "spec.values.auxJars",
		"\"/jars/*:/x\" is no folder: it holds ':' or a control "
		"character"},
	{"chart-missing", 7, 3, "spec.chartName", "is missing"},
	{"chart-other", 7, 14, "spec.chartName",
		"\"dataroastermysql\" is not one of dataroaster-hivemetastore"},
	{"chart-path", 7, 14, "spec.chartName",
		"\"../../etc\" is not one of dataroaster-hivemetastore"},
	{"dns-policy", 16, 16, "spec.values.dnsPolicy",
		"\"None\" is not one of ClusterFirst, ClusterFirstWithHostNet, "
		"Default"},
	{"hidden-key", 6, 1, "secrets", "unknown key"},
	{"image-digest", 16, 12, "spec.values.image",
		"\"apache/hive@sha256:00\" has a digest that is not sha256: "
		"and 64 hex digits"},
	{"image-tag", 16, 12, "spec.values.image",
		"\"apache/hive\" has no tag: write it like group/name:1.2.3"},
	{"init-container", 20, 40, "spec.values.initContainers",
		"DB_PASSWORD is a credential in clear: take it from a Secret "
		"by valueFrom.secretKeyRef"},
	{"java-options", 16, 18, "spec.values.javaOptions",
		"holds what looks like a credential, which whoever sees the "
		"pod could read: give it by properties"},
	{"jdbc-control", 16, 18, "spec.values.jdbc.user",
		"holds a control character, which no file of properties can"},
	{"jdbc-driver", 16, 20, "spec.values.jdbc.driver",
		"\"com.example Driver\" is no class: write it like "
		"com.example.Server, in letters, digits, '.', '_' and '$'"},
	{"jdbc-password-list", 16, 22, "spec.values.jdbc.password",
		"this is a list (- item), but text is needed"},
	{"jdbc-type", 16, 18, "spec.values.jdbc.type",
		"the database of mysql_storage_class and mysql_storage_size is "
		"mysql: leave it out"},
	{"jdbc-url", 17, 12, "spec.values.jdbc.url",
		"the database is the one of mysql_storage_class and "
		"mysql_storage_size: leave out those two, or this"},
	{"label", 6, 18, "metadata.labels",
		"\"data team\" is no label: take up to 63 letters, digits, "
		"'-', '_' and '.'"},
	{"many", 11, 5, "spec.values.key0", "unknown key"},
	{"many", 12, 5, "spec.values.key1", "unknown key"},
	{"many", 13, 5, "spec.values.key2", "unknown key"},
	{"many", 14, 5, "spec.values.key3", "unknown key"},
	{"many", 15, 5, "spec.values.key4", "unknown key"},
	{"many", 16, 5, "spec.values.key5", "unknown key"},
	{"many", 17, 5, "spec.values.key6", "unknown key"},
	{"many", 18, 5, "spec.values.key7", "unknown key"},
	{"many", 19, 5, "spec.values.key8", "unknown key"},
	{"many", 20, 5, "spec.values.key9", "unknown key"},
	{"many", 21, 5, "spec.values.key10", "unknown key"},
	{"many", 22, 5, "spec.values.key11", "unknown key"},
	{"many", 23, 5, "spec.values.key12", "unknown key"},
	{"many", 24, 5, "spec.values.key13", "unknown key"},
	{"many", 25, 5, "spec.values.key14", "unknown key"},
	{"many", 26, 5, "spec.values.key15", "unknown key"},
	{"many", 27, 5, "spec.values.key16", "unknown key"},
	{"many", 28, 5, "spec.values.key17", "unknown key"},
	{"many", 29, 5, "spec.values.key18", "unknown key"},
	{"many", 30, 5, "spec.values.key19", "unknown key"},
	{"name-path", 8, 9, "spec.name",
		"\"../hive\" is no name: take up to 53 lower-case letters, "
		"digits and '-', with no '-' at the ends"},
	{"namespace-kube", 9, 14, "spec.namespace",
		"\"kube-system\" is a namespace of Kubernetes itself: take "
		"another"},
	{"namespace-other", 16, 16, "spec.values.namespace",
		"is not spec.namespace (etl), where the metastore runs: leave "
		"it out"},
	{"node-selector", 16, 20, "spec.values.nodeSelector",
		"key \"a b\" is not like name or domain/name"},
	{"own-jdbc-missing", 11, 5, "spec.values.jdbc.password",
		"is missing: give it, or send "
		"mysql_storage_class and mysql_storage_size for a database "
		"that comes with the metastore"},
	{"own-password-empty", 17, 17, "spec.values.jdbc.password",
		"is empty: give it a value"},
	{"own-password-missing", 17, 7, "spec.values.jdbc.password",
		"is missing: give it, or send "
		"mysql_storage_class and mysql_storage_size for a database "
		"that comes with the metastore"},
	{"own-type-alone", 17, 13, "spec.values.jdbc.url",
		"is missing: it begins with "
		"jdbc:postgresql:"},
	{"own-type-alone", 17, 7, "spec.values.jdbc.user",
		"is missing: give it, or send "
		"mysql_storage_class and mysql_storage_size for a database "
		"that comes with the metastore"},
	{"own-type-other", 18, 13, "spec.values.jdbc.type",
		"is oracle, but jdbc.url is one of mysql"},
	{"own-type-wrong", 17, 13, "spec.values.jdbc.type",
		"\"mariadb\" is not one of derby, mssql, mysql, oracle, "
		"postgres"},
	{"own-url-control", 17, 12, "spec.values.jdbc.url",
		"holds a control character, which no file of properties can"},
	{"own-url-no-jdbc", 17, 12, "spec.values.jdbc.url",
		"is no JDBC URL: write it like jdbc:mysql://host:3306/name"},
	{"own-url-type", 17, 12, "spec.values.jdbc.url",
		"is no JDBC URL: write it like jdbc:mysql://host:3306/name"},
	{"own-url-unknown", 17, 12, "spec.values.jdbc.url",
		"is of no database that is known here: say what it is by "
		"jdbc.type and jdbc.driver"},
	{"own-user-missing", 17, 7, "spec.values.jdbc.user",
		"is missing: give it, or send "
		"mysql_storage_class and mysql_storage_size for a database "
		"that comes with the metastore"},
	{"own-user-missing", 17, 7, "spec.values.jdbc.password",
		"is missing: give it, or send "
		"mysql_storage_class and mysql_storage_size for a database "
		"that comes with the metastore"},
	{"properties-list", 16, 17, "spec.values.properties",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"property-names", 17, 7, "spec.values.properties",
		"\"a b\" is no name of a property: take up to 200 characters "
		"of ASCII without blanks"},
	{"property-names", 18, 7, "spec.values.properties",
		"\"\" is no name of a property: take up to 200 characters of "
		"ASCII without blanks"},
	{"property-names", 19, 7, "spec.values.properties",
		"\"é\" is no name of a property: take up to 200 characters of "
		"ASCII without blanks"},
	{"property-names", 20, 7, "spec.values.properties",
		"\"pppppppppppppppppppppppppppppppppppppppp\" is no name of a "
		"property: take up to 200 characters of ASCII without blanks"},
	{"property-taken", 17, 7, "spec.values.properties",
		"javax.jdo.option.ConnectionURL is set by values.jdbc.url: "
		"give it there"},
	{"property-taken", 18, 7, "spec.values.properties",
		"javax.jdo.option.ConnectionDriverName is set by "
		"values.jdbc.driver: give it there"},
	{"property-taken", 19, 7, "spec.values.properties",
		"javax.jdo.option.ConnectionUserName is set by "
		"values.jdbc.user: give it there"},
	{"property-taken", 20, 7, "spec.values.properties",
		"javax.jdo.option.ConnectionPassword is set by "
		"values.jdbc.password: give it there"},
	{"property-taken", 21, 7, "spec.values.properties",
		"fs.s3a.endpoint is set by values.s3.endpoint: give it there"},
	{"property-taken", 22, 7, "spec.values.properties",
		"fs.s3a.endpoint.region is set by values.s3.region: give it "
		"there"},
	{"property-taken", 23, 7, "spec.values.properties",
		"fs.s3a.access.key is set by values.s3.accessKey: give it "
		"there"},
	{"property-taken", 24, 7, "spec.values.properties",
		"fs.s3a.secret.key is set by values.s3.secretKey: give it "
		"there"},
	{"property-taken", 25, 7, "spec.values.properties",
		"metastore.thrift.port is 9083, as the Service's port: leave "
		"it out"},
	{"property-taken", 26, 7, "spec.values.properties",
		"hive.metastore.port is 9083, as the Service's port: leave it "
		"out"},
	{"property-values", 18, 10, "spec.values.properties.b",
		"this is a list (- item), but text is needed"},
	{"property-values", 17, 10, "spec.values.properties.a",
		"holds a control character, which no file of properties can"},
	{"property-values", 19, 10, "spec.values.properties.d",
		"holds a control character, which no file of properties can"},
	{"release-mysql", 8, 9, "spec.name",
		"is the release of the MySQL server that comes with the "
		"metastore: take another name"},
	{"replicas-many", 16, 15, "spec.values.replicas",
		"101 is outside 1..100"},
	{"replicas", 16, 15, "spec.values.replicas", "0 is outside 1..100"},
	{"repo-file", 10, 9, "spec.repo",
		"roaster brings its own chart and fetches none: leave repo "
		"out"},
	{"repo-folder", 10, 9, "spec.repo",
		"roaster brings its own chart and fetches none: leave repo "
		"out"},
	{"repo-host", 10, 9, "spec.repo",
		"roaster brings its own chart and fetches none: leave repo "
		"out"},
	{"repo-list", 10, 9, "spec.repo",
		"this is a list (- item), but text is needed"},
	{"repo-metadata", 10, 9, "spec.repo",
		"roaster brings its own chart and fetches none: leave repo "
		"out"},
	{"resources", 16, 33, "spec.values.resources.requests",
		"\"1 core\" is not an amount: write it like 500m, 2, 1.5 or "
		"8Gi"},
	{"s3-bucket", 12, 15, "spec.values.s3.bucket",
		"\"s3a://tables/folder\" is no bucket: write its name alone, "
		"without s3a:// and folder"},
	{"s3-empty", 11, 9, "spec.values.s3.bucket", "is missing"},
	{"s3-empty", 11, 9, "spec.values.s3.accessKey", "is missing"},
	{"s3-empty", 11, 9, "spec.values.s3.secretKey", "is missing"},
	{"s3-empty", 11, 9, "spec.values.s3.endpoint", "is missing"},
	{"s3-endpoint-empty", 15, 17, "spec.values.s3.endpoint",
		"is empty: give it a value"},
	{"s3-endpoint-file", 15, 17, "spec.values.s3.endpoint",
		"this is no endpoint: write it like https://s3.example.com, "
		"with http:// or https://, without user and folder"},
	{"s3-endpoint-folder", 15, 17, "spec.values.s3.endpoint",
		"this is no endpoint: write it like https://s3.example.com, "
		"with http:// or https://, without user and folder"},
	{"s3-endpoint-host", 15, 17, "spec.values.s3.endpoint",
		"this is no endpoint: write it like https://s3.example.com, "
		"with http:// or https://, without user and folder"},
	{"s3-endpoint-list", 15, 17, "spec.values.s3.endpoint",
		"this is a list (- item), but text is needed"},
	{"s3-endpoint-scheme", 15, 17, "spec.values.s3.endpoint",
		"this is no endpoint: write it like https://s3.example.com, "
		"with http:// or https://, without user and folder"},
	{"s3-endpoint-user", 15, 17, "spec.values.s3.endpoint",
		"this is no endpoint: write it like https://s3.example.com, "
		"with http:// or https://, without user and folder"},
	{"s3-key-control", 13, 18, "spec.values.s3.accessKey",
		"holds a control character, which no file of properties can"},
	{"s3-key-control", 14, 18, "spec.values.s3.secretKey",
		"holds a control character, which no file of properties can"},
	{"s3-key-empty", 13, 18, "spec.values.s3.accessKey",
		"is empty: give it a value"},
	{"s3-missing", 11, 5, "spec.values.s3",
		"is missing: give it, or say where tables are "
		"by properties: metastore.warehouse.dir"},
	{"s3-null", 11, 5, "spec.values.s3",
		"is missing: give it, or say where tables are "
		"by properties: metastore.warehouse.dir"},
	{"s3-region", 16, 15, "spec.values.s3.region",
		"\"eu west\" is no region: write it like eu-west-1"},
	{"s3-text", 11, 9, "spec.values.s3",
		"this is text, but a mapping (key: value) is needed"},
	{"tolerations", 16, 19, "spec.values.tolerations",
		"an item must be a mapping (key: value)"},
	{"values-anchor", 16, 19, "spec.values",
		"an anchor (&) is not accepted: put text with '&' in quotes, "
		"or write the value out"},
	{"values-colon", 16, 13, "spec.values",
		"a ':' cannot stand here: check the indentation, or put the "
		"value in quotes"},
	{"values-comment", 10, 11, "spec.values",
		"the text is empty: a YAML document is expected"},
	{"values-empty", 10, 11, "spec.values",
		"the text is empty: a YAML document is expected"},
	{"values-folded", 10, 11, "spec.values.replica",
		"unknown key; did you mean \"replicas\"?"},
	{"values-folded", 10, 11, "spec.values.s3",
		"is missing: give it, or say where tables are "
		"by properties: metastore.warehouse.dir"},
	{"values-indented", 16, 7, "spec.values.replica",
		"unknown key; did you mean \"replicas\"?"},
	{"values-list", 11, 5, "spec.values",
		"this is a list (- item), but a mapping (key: value) is "
		"needed"},
	{"values-mapping", 11, 5, "spec.values",
		"this is a mapping (key: value), but text is needed"},
	{"values-missing", 7, 3, "spec.values", "is missing"},
	{"values-quoted", 10, 11, "spec.values.replica",
		"unknown key; did you mean \"replicas\"?"},
	{"values-tab", 17, 5, "spec.values",
		"the line starts with a tab: YAML wants spaces"},
	{"values-text", 11, 5, "spec.values",
		"this is text, but a mapping (key: value) is needed"},
	{"values-twice", 17, 5, "spec.values",
		"the key \"replicas\" stands twice in one mapping, in lines 16 "
		"and 17: remove one"},
	{"values-two", 16, 5, "spec.values",
		"a second document starts here: send one document at a time"},
	{"values-unknown", 15, 7, "spec.values.s3.bucket", "is missing"},
	{"values-unknown", 15, 7, "spec.values.s3.buckett",
		"unknown key; did you mean \"bucket\"?"},
	{"version", 10, 12, "spec.version",
		"\"v3.0.0\" is not one of v2.0.0, v2.1.0, v2.2.0, 2.0.0, "
		"2.1.0, 2.2.0; did you mean \"v2.0.0\"?"},
	{"warehouse-null", 11, 5, "spec.values.s3",
		"is missing: give it, or say where tables are "
		"by properties: metastore.warehouse.dir"},
	{"wrong-group", 2, 13, "apiVersion",
		"\"trino-operator.cloudchef-labs.com/v1beta1\" is not of the "
		"group helm-operator.cloudchef-labs.com"},
	{"wrong-kind", 3, 7, "kind",
		"is TrinoCluster: post it to /v1/trino/create"},
};

static void
assert_problem(const struct problem *wanted, const struct err *got)
{
	if (got->line != wanted->line || got->column != wanted->column ||
		strcmp(got->path, wanted->path) != 0 ||
		strcmp(got->message, wanted->message) != 0)
		fail_msg("%s: %u:%u %s: %s", wanted->file, got->line,
			got->column, got->path, got->message);
	assert_int_equal(got->code, ERR_INVALID);
	assert_null(strstr(got->message, "canary"));
}

/* Its problems are those of the table; beyond ERR_LIST_MAX they only count. */
static void
check_file(const char *name)
{
	struct arena *arena = arena_new();
	bool is_own = strncmp(name, "own-", strlen("own-")) == 0;
	struct err_list errors = {0};
	struct kind_intake intake;
	unsigned n = 0;

	assert_int_equal(
		take_in(arena,
			read_file(arena, arena_format(arena,
						 FOLDER "/bad/%s.yaml", name)),
			is_own ? &no_database : &with_database, &intake,
			&errors),
		-1);
	for (size_t i = 0; i < COUNT_OF(problems); i++) {
		if (strcmp(problems[i].file, name) != 0)
			continue;
		if (n >= errors.count)
			fail_msg("%s: only %u problems", name, errors.count);
		assert_problem(&problems[i], &errors.items[n++]);
	}
	if (errors.count != n)
		fail_msg("%s: %u problems, not %u", name, errors.count, n);
	arena_free(arena);
}

static void
each_bad_file_is_refused_where_it_is_wrong(void **state)
{
	DIR *folder = opendir(FOLDER "/bad");
	const struct dirent *entry;
	unsigned n = 0;

	(void)state;
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
	assert_true(n >= 77);
	(void)closedir(folder);
}

static void
problems_that_are_not_shown_are_counted(void **state)
{
	struct err_list errors = {0};
	struct kind_intake intake;

	assert_int_equal(
		take_in(*state, read_file(*state, FOLDER "/bad/many.yaml"),
			&with_database, &intake, &errors),
		-1);
	assert_int_equal(errors.count, ERR_LIST_MAX);
	assert_int_equal(errors.total, 26);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(each_bad_file_is_refused_where_it_is_wrong),
		UNIT_TEST(problems_that_are_not_shown_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
