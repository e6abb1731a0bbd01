/* SPDX-License-Identifier: Apache-2.0 */
/* Fields beside the document, and what they change in it. */
#include "kind_unit.h"

#define HEAD                                                              \
	"{apiVersion: spark-operator.cloudchef-labs.com/v1alpha1, kind: " \
	"SparkApplication, metadata: {name: sql}, spec: {"
#define CORE                                                                   \
	"core: {namespace: sql, container: {image: 'apache/spark:3.5.8'}%s}%s" \
	"}}\n"

#define KIND "spark_thrift_server"

/* A small document with more in spec.core and in spec. */
static struct bytes
document(struct arena *arena, const char *core, const char *spec)
{
	return unit_bytes(arena_format(arena, HEAD CORE, core, spec));
}

#define THIRTY "111111111111111111111111111111"

static void
wrong_fields_are_refused_by_their_name(void **state)
{
	static const struct {
		struct sent sent[3];
		const char *path;
		const char *message;
	} cases[] = {
		{{{"pvc_size", "-1"}}, "pvc_size",
			"\"-1\" is not a whole number of Gi (1..65536)"},
		{{{"pvc_size", "1Gi; rm"}}, "pvc_size",
			"\"1Gi; rm\" is not a whole number of Gi (1..65536)"},
		{{{"pvc_size", THIRTY}}, "pvc_size",
			"\"" THIRTY
			"\" is not a whole number of Gi (1..65536)"},
		{{{"pvc_size", "0"}}, "pvc_size",
			"\"0\" is not a whole number of Gi (1..65536)"},
		{{{"pvc_size", ""}}, "pvc_size",
			"\"\" is not a whole number of Gi (1..65536)"},
		{{{"pvc_size", "65537"}}, "pvc_size",
			"\"65537\" is not a whole number of Gi (1..65536)"},
		{{{"nfs_storage_size", "1 "}}, "nfs_storage_size",
			"\"1 \" is not a whole number of Gi (1..65536)"},
		{{{"nfs_storage_class", "a\nb: c"}}, "nfs_storage_class",
			"\"a?b: c\" is no name of an object: take lower-case "
			"letters, digits, '-' and '.', with letters or digits "
			"at the ends"},
		{{{"s3_access_key", "hunter2"}}, "s3_secret_key",
			"is missing: s3_access_key needs it beside it"},
		{{{"s3_secret_key", "hunter2"}}, "s3_access_key",
			"is missing: s3_secret_key needs it beside it"},
		{{{"s3_access_key", "aaa"}, {"s3_secret_key", "\n"}},
			"s3_secret_key",
			"is empty: leave it out or send the key"},
		{{{"s3_access_key", "aa\n"}, {"s3_secret_key", "bbb"}},
			"s3_access_key", "is shorter than any S3 key"},
		{{{"s3_access_key", "hunter2\n\n"}, {"s3_secret_key", "bbb"}},
			"s3_access_key",
			"holds a blank, a line break or what is no ASCII: send "
			"the base64 of the key alone (printf %s KEY | base64)"},
		{{{"s3_access_key", "aaa"}, {"s3_secret_key", "hunt er2"}},
			"s3_secret_key",
			"holds a blank, a line break or what is no ASCII: send "
			"the base64 of the key alone (printf %s KEY | base64)"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err_list errors = refuse(
			*state, KIND, document(*state, "", ""), cases[i].sent);

		assert_int_equal(errors.total, 1);
		assert_string_equal(errors.items[0].path, cases[i].path);
		assert_string_equal(errors.items[0].message, cases[i].message);
		assert_int_equal(errors.items[0].line, 0);
	}
}

static void
a_key_is_at_most_1024_bytes(void **state)
{
	char key[1025 + 1];
	const struct sent sent[] = {
		{"s3_access_key", "aaa"}, {"s3_secret_key", key}, {NULL, NULL}};
	struct err_list errors;

	memset(key, 'k', sizeof(key));
	key[1025] = '\0';
	errors = refuse(*state, KIND, document(*state, "", ""), sent);
	assert_string_equal(
		errors.items[0].message, "is longer than any S3 key");
	key[1024] = '\0';
	(void)run_yaml(*state, KIND, document(*state, "", ""), sent);
}

/* A NUL is a byte of a key like any other that is wrong. */
static void
a_key_with_a_nul_is_refused(void **state)
{
	struct text_pair pairs[] = {
		{"s3_access_key", UNIT_BYTES("aaa\0b")},
		{"s3_secret_key", UNIT_BYTES("ccc")},
	};
	const struct text_form form = {pairs, 2};
	struct err_list errors = {0};
	struct kind_intake intake;

	assert_int_equal(
		kind_intake(*state, kind_find(KIND), document(*state, "", ""),
			&form, &intake, &errors),
		-1);
	assert_string_equal(errors.items[0].path, "s3_access_key");
}

static void
the_fields_are_those_of_the_route(void **state)
{
	static const struct {
		const char *name;
		bool is_key;
	} wanted[] = {
		{"nfs_storage_class", false},
		{"nfs_storage_size", false},
		{"s3_access_key", true},
		{"s3_secret_key", true},
		{"pvc_size", false},
	};
	const struct kind *spark = kind_of(*state, KIND);

	assert_int_equal(spark->n_params, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		const struct kind_param *param = &spark->params[i];

		assert_string_equal(param->name, wanted[i].name);
		assert_int_equal(param->is_base64, wanted[i].is_key);
		assert_int_equal(param->is_secret, wanted[i].is_key);
	}
}

/* The values of the chart that the small document becomes. */
static const struct doc_node *
values_of(struct arena *arena, const char *core, const char *spec,
	const struct sent *sent)
{
	return run_yaml(arena, KIND, document(arena, core, spec), sent).values;
}

/* Where the keys were is then not looked at. */
static void
posted_keys_replace_those_of_the_document(void **state)
{
	static const char refs[] =
		", s3: {accessKey: {valueFrom: {secretKeyRef: {name: one, key: "
		"a}}}}";
	static const struct sent sent[] = {{"s3_access_key", "aaa"},
		{"s3_secret_key", "bbb"}, {NULL, NULL}};
	const struct doc_node *values = values_of(*state, refs, "", sent);

	assert_string_equal(doc_text(values, "existingSecret", ""), "sql-s3");
	assert_null(doc_at(values, "s3.accessKeyKey"));
}

static void
packages_are_what_the_image_lacks(void **state)
{
	static const struct {
		const char *core;
		const char *package; /* NULL: none */
	} cases[] = {
		{"apache/spark:3.5.8', imagePullPolicy: Always}, s3: {bucket: "
		 "b",
			"org.apache.hadoop:hadoop-aws:3.3.4"},
		{"apache/spark:3.5.8'}, s3: {endpoint: 'http://s3:9000'",
			"org.apache.hadoop:hadoop-aws:3.3.4"},
		{"apache/spark:3.3.1'}, applicationFileUrl: s3a://b/x, s3: {",
			"org.apache.hadoop:hadoop-aws:3.3.2"},
		{"registry:5000/x/apache/spark:v4.1.0'}, s3: {bucket: b",
			"org.apache.hadoop:hadoop-aws:3.4.2"},
		{"cloudcheflabs/spark:3.2'}, s3: {bucket: b",
			"org.apache.hadoop:hadoop-aws:3.3.1"},
		{"cloudcheflabs/spark:v3.1.1'}, s3: {bucket: b",
			"com.amazonaws:aws-java-sdk-s3:1.11.375"},
		{"apache/spark:3.50.0'}, s3: {bucket: b", NULL},
		{"apache/spark:latest'}, s3: {bucket: b", NULL},
		{"notapache/spark:3.5.8'}, s3: {bucket: b", NULL},
		{"spark:3.5.8'}, s3: {bucket: b", NULL},
		{"apache/spark:3.5.8'}, s3: {region: r", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *yaml = arena_format(*state,
			HEAD "core: {namespace: sql, container: {image: "
			     "'%s}}}}\n",
			cases[i].core);
		struct run run = run_yaml(*state, KIND, unit_bytes(yaml), NULL);
		const char *values = run.plan.releases[0].values.data;

		if (cases[i].package == NULL)
			assert_null(strstr(values, "packages"));
		else
			assert_non_null(strstr(values,
				arena_format(*state, "\"packages\":[\"%s\"",
					cases[i].package)));
	}
}

static void
no_packages_can_be_asked_for(void **state)
{
	const struct doc_node *values = values_of(*state, ", s3: {bucket: b}",
		", confs: {spark.jars.packages: ''}", NULL);

	assert_null(doc_get(values, "packages"));
	assert_null(doc_get(values, "confs"));
}

/* Names with words of credentials, that say where one is. */
static void
settings_that_only_sound_secret_are_taken(void **state)
{
	static const char *const confs[] = {
		"spark.hadoop.fs.s3a.aws.credentials.provider: a.B",
		"spark.hadoop.hadoop.security.credential.provider.path: x",
		"spark.io.encryption.keySizeBits: 128",
		"spark.redaction.regex: (?i)secret|password",
		"spark.security.credentials.hive.enabled: false",
	};

	for (size_t i = 0; i < COUNT_OF(confs); i++)
		assert_non_null(doc_get(
			values_of(*state, "",
				arena_format(*state, ", confs: {%s}", confs[i]),
				NULL),
			"confs"));
}

static void
a_limit_may_be_what_is_requested(void **state)
{
	const struct doc_node *values = values_of(*state, "",
		", driver: {resources: {cores: 2, limitCores: 2000m}}", NULL);

	assert_string_equal(doc_text(values, "driver.limitCores", ""), "2000m");
}

/* What becomes of a claim, of each type, for each role. */
static void
a_claim_is_made_if_it_has_a_size(void **state)
{
	static const struct {
		const char *type;
		const char *claim;
		const char *role;
		const char *size; /* sent; NULL: not */
		const char *source;
	} cases[] = {
		{"SparkLocalDir", "a", "driver", "3",
			"\"claim\":{\"name\":\"a\",\"size\":\"3Gi\"}"},
		{"Any", "a", "driver", "3",
			"\"claim\":{\"name\":\"a\",\"size\":\"3Gi\"}"},
		{"SparkLocalDir", "a", "executor", "3",
			"\"claim\":{\"size\":\"3Gi\"}"},
		{"Any", "OnDemand", "executor", "3",
			"\"claim\":{\"size\":\"3Gi\"}"},
		{"SparkLocalDir", "a", "driver", NULL, "\"emptyDir\":{}"},
		{"SparkLocalDir", "OnDemand", "executor", NULL,
			"\"emptyDir\":{}"},
		{"Any", "a", "driver", NULL, "\"existingClaim\":\"a\""},
		{"Any", "a", "executor", NULL, "\"existingClaim\":\"a\""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct sent sent[] = {
			{cases[i].size == NULL ? NULL : "pvc_size",
				cases[i].size},
			{NULL, NULL}};
		const char *spec = arena_format(*state,
			", volumes: [{name: v, type: %s, "
			"persistentVolumeClaim: {claimName: %s}}], %s: "
			"{volumeMounts: [{name: v, mountPath: /v}]}",
			cases[i].type, cases[i].claim, cases[i].role);
		const struct doc_node *values =
			values_of(*state, "", spec, sent);
		struct json json;
		struct buf out;

		buf_init(&out, *state);
		json_init(&json, &out);
		doc_write_json(doc_get(values, cases[i].role), &json);
		if (strstr(buf_string(&out), cases[i].source) == NULL)
			fail_msg("%zu: %s", i, buf_string(&out));
	}
}

/* Scratch space is nobody's: each pod has its own. */
static void
scratch_space_of_one_name_is_a_claim_for_each(void **state)
{
	static const struct sent sent[] = {{"pvc_size", "1"}, {NULL, NULL}};
	const struct doc_node *values = values_of(*state, "",
		", volumes: [{name: v, type: SparkLocalDir, "
		"persistentVolumeClaim: {claimName: a}}], "
		"driver: {volumeMounts: [{name: v, mountPath: /v}]}, "
		"executor: {volumeMounts: [{name: v, mountPath: /v}]}",
		sent);

	assert_string_equal(doc_text(doc_at(values, "driver.volumes")->items[0],
				    "claim.name", ""),
		"a");
	assert_null(doc_at(
		doc_at(values, "executor.volumes")->items[0], "claim.name"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(wrong_fields_are_refused_by_their_name),
		UNIT_TEST(a_key_is_at_most_1024_bytes),
		UNIT_TEST(a_key_with_a_nul_is_refused),
		UNIT_TEST(the_fields_are_those_of_the_route),
		UNIT_TEST(posted_keys_replace_those_of_the_document),
		UNIT_TEST(packages_are_what_the_image_lacks),
		UNIT_TEST(no_packages_can_be_asked_for),
		UNIT_TEST(settings_that_only_sound_secret_are_taken),
		UNIT_TEST(a_limit_may_be_what_is_requested),
		UNIT_TEST(a_claim_is_made_if_it_has_a_size),
		UNIT_TEST(scratch_space_of_one_name_is_a_claim_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
