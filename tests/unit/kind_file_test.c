/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_file.h"
#include "unit.h"

static const struct file_case {
	bool is_secret;
	const char *text;
} file_cases[] = {
	{false, ""},
	{false, "connector.name=hive\nhive.metastore.uri=thrift://m:9083\n"},
	{false, "http-server.authentication.type=PASSWORD\n"},
	{false, "io.trino=INFO\n"},
	{false, "-Xmx8G\n-Djdk.attach.allowAttachSelf=true\n"},
	{false, "discovery.uri=http://trino-coordinator-service:8080\n"},
	{true, "hive.s3.aws-secret-key=x\n"},
	{true, "hive.s3.aws-access-key=x\n"},
	{true, "fs.s3a.access.key: x\n"},
	{true, "a=b\r\nCONNECTION-PASSWORD = x\r\n"},
	{true, "a=b\rpasswd=x"},
	{true, "#old-password=x\n"},
	{true, "keystore.pwd=x\n"},
	{true, "azure.account_key=x\n"},
	{true, "sts.session-token=x\n"},
	{true, "passphrase x=y\n"},
	{true, "-Djavax.net.ssl.trustStorePassword=x\n"},
	{true, "{\"user\": \"a\", \"password\": \"x\"}\n"},
	{true, "<name>javax.jdo.option.ConnectionPassword</name>\n"},
	{true, "-----BEGIN RSA PRIVATE KEY-----\n"},
	{true, "url=jdbc:mysql://h/db?user=a&password=x\n"},
	{true, "url=jdbc:postgresql://user:pass@h:5432/db\n"},
	{true, "a=http://h, http://u:p@h\n"},
	{true, "credential=x\n"},
	{true, "Credentials: x\n"},
	{true, "api_key=x\n"},
	{true, "APIKEY=x\n"},
	{true, "encryption-key=x\n"},
	{true, "EncryptionKey=x\n"},
	{true, "json-key=x\n"},
	{true, "JSON_KEY=x\n"},
	{true, "shared.key=x\n"},
	{true, "StorageKey=x\n"},
	{true, "TOKEN=x\n"},
	{true, "secret=x\n"},
	{true, "p_wd=x\n"},
	{true, "S.ecret=x\n"},
	{false, "url=jdbc:postgresql://user@h:5432/db\n"},
	{false, "url=http://user:@h\n"},
	{false, "mail=http://h:1 a@b\n"},
	{false, "url=http://user:${ENV:PW}@h\n"},
	{true, "url=http://user:${ENV:PW}x@h\n"},
	{false, "connection-password=${ENV:PW}\n"},
	{false, "connection-password = ${ENV:PW}"},
	{false, "\"password\": \"${ENV:PW}\",\n"},
	{false, "url=jdbc:mysql://h/db?password=${ENV:PW}&user=a\n"},
	{true, "password=${ENV:PW}&secret=x\n"},
	{true, "password=${ENV:PW}x\n"},
	{true, "password=x${ENV:PW}\n"},
	{true, "password=${ENV:PW\n"},
	{true, "password=${ENV\n"},
	{true, "password=\n"},
	{false, "pass-\nword=x\n"},
	{false, "pass=word\n"},
	{false, "a=pass wor"},
};

static void
files_with_credentials_are_secret(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(file_cases); i++) {
		if (kind_file_is_secret(file_cases[i].text) !=
			file_cases[i].is_secret)
			fail_msg("wrong: %s", file_cases[i].text);
	}
}

static void
names_that_speak_of_credentials_are_seen(void **cookie)
{
	(void)cookie;
	assert_true(kind_name_is_secret("password.db"));
	assert_true(kind_name_is_secret("AWS_SECRET_ACCESS_KEY"));
	assert_true(kind_name_is_secret("MyPrivate.Key"));
	assert_false(kind_name_is_secret("config.properties"));
	assert_false(kind_name_is_secret("passwor"));
	assert_false(kind_name_is_secret(""));
}

static const struct property_case {
	const char *text;
	const char *value; /* NULL: not there */
	unsigned line;
} property_cases[] = {
	{"", NULL, 0},
	{"a.b=1", "1", 1},
	{"x=0\na.b=1\n", "1", 2},
	{"x=0\r\na.b=1\r\ny=2\r\n", "1", 2},
	{"x=0\ra.b=1\r", "1", 2},
	{"\n\n \t a.b \t= 1 2 \t\n", "1 2", 3},
	{"a.b:1\n", "1", 1},
	{"a.b 1\n", "1", 1},
	{"a.b = = 1\n", "= 1", 1},
	{"a.b\n", "", 1},
	{"a.b=\n", "", 1},
	{"a.b=1\na.b=2\n", "2", 2},
	{"#a.b=1\n!a.b=2\n", NULL, 0},
	{"a.bc=1\nxa.b=1\na.=1\n", NULL, 0},
};

static void
the_last_line_with_a_key_sets_the_property(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(property_cases); i++) {
		const struct property_case *c = &property_cases[i];
		struct kind_property got;
		bool is_found = kind_property_find(c->text, "a.b", &got);

		assert_int_equal(is_found, c->value != NULL);
		if (c->value == NULL)
			continue;
		assert_int_equal(got.line, c->line);
		assert_int_equal(got.value.len, strlen(c->value));
		assert_memory_equal(got.value.data, c->value, got.value.len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_with_credentials_are_secret),
		cmocka_unit_test(names_that_speak_of_credentials_are_seen),
		cmocka_unit_test(the_last_line_with_a_key_sets_the_property),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
