/* SPDX-License-Identifier: Apache-2.0 */
#include "api_unit.h"
#include "base/base_text.h"
#include "base/base_time.h"

#include <stdlib.h>
#include <unistd.h>

#define ARRAY_HEAD 20 /* of an array in binary, before its first item */

static const char yaml[] = "apiVersion: trino-operator.cloudchef-labs.com/v1\n"
			   "kind: TrinoCluster\n"
			   "metadata: {name: etl, namespace: posted}\n"
			   "spec:\n"
			   "  namespace: ns\n"
			   "  image: {repository: trinodb/trino, tag: '476'}\n"
			   "  coordinator:\n"
			   "    configs:\n"
			   "    - name: s3.properties\n"
			   "      path: /etc/trino/catalog\n"
			   "      value: hive.s3.aws-secret-key=CANARY\n"
			   "  worker: {}\n";

static struct auth_keys *
make_keys(void)
{
	static const char *const names[] = {
		"seal.key", "seal.pub", "digest.key"};
	char dir[] = "/tmp/api_component_test.XXXXXX";
	struct auth_keys *keys;
	char path[64];
	struct err e;

	assert_non_null(mkdtemp(dir));
	assert_int_equal(auth_keys_create(dir, &e), 0);
	assert_int_equal(auth_keys_load(dir, AUTH_KEYS_OPEN, &keys, &e), 0);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
	return keys;
}

/* Post ${text}: what comes of it. */
static enum api_want
post(struct api_unit *u, const char *text, const char *query,
	const struct auth_keys *keys)
{
	struct arena *arena = u->request.arena;

	u->context.keys = keys;
	u->request.query = unit_bytes(query);
	api_unit_form(u, arena_format(arena, "yaml=%s",
				 text_base64_encode(arena, unit_bytes(text))));
	assert_int_equal(api_unit_begin(u), API_QUERY);
	api_unit_session(u, "operator");
	return api_unit_reply(u);
}

static void
api_component_put_stores_all_of_an_intake(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/trino/create");
	struct auth_keys *keys;
	const struct db_value *v;

	auth_init();
	keys = make_keys();
	assert_int_equal(post(u, yaml, "", keys), API_QUERY);
	API_UNIT_CALLS(u, DB_QUERY_component_put);
	assert_true(u->task.query.is_wake);
	assert_int_equal(u->task.query.lane, DB_WRITE);
	v = u->task.query.calls[0].values;
	api_unit_value(u, 0, 1, "{\"operator\",\"admin\"}");
	assert_true(uuid_is_valid(v[4].data));
	assert_true(uuid_is_valid(v[5].data));
	assert_string_not_equal(v[4].data, v[5].data);
	api_unit_value(u, 0, 6, "trino");
	api_unit_value(u, 0, 7, "ns");
	api_unit_value(u, 0, 8, "etl");
	api_unit_value(u, 0, 9, "posted");
	assert_null(strstr(v[10].data, "CANARY"));
	assert_int_equal(v[11].bytes, AUTH_DIGEST_BYTES);
	assert_non_null(strstr(v[12].data, "s3.properties\"}"));
	assert_null(memmem(v[13].data, (size_t)v[13].bytes, "CANARY", 6));
	assert_int_equal(v[14].bytes, ARRAY_HEAD + 4 + AUTH_DIGEST_BYTES);
	assert_non_null(strstr(v[15].data, "\"release\""));
	assert_non_null(strstr(v[16].data, "\"etl\""));
	api_unit_value(u, 0, 17, "{\"Deleting\"}");
	auth_keys_free(keys);
}

/* The only item of an array, behind its length. */
static struct bytes
only_item(const struct db_value *array)
{
	return (struct bytes){array->data + ARRAY_HEAD + 4,
		(size_t)array->bytes - ARRAY_HEAD - 4};
}

/* Moved to another component or file, a sealed value opens no more. */
static void
api_component_put_seals_at_the_place_of_the_secret(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/trino/create");
	unsigned char digest[AUTH_DIGEST_BYTES];
	const struct db_value *v;
	struct auth_keys *keys;
	struct bytes sealed, value;
	const char *pointer, *place;
	struct err e;

	auth_init();
	keys = make_keys();
	assert_int_equal(post(u, yaml, "", keys), API_QUERY);
	v = u->task.query.calls[0].values;
	pointer = arena_copy(*state, v[12].data + 2, strlen(v[12].data) - 4);
	place = arena_format(*state, "trino/ns/etl%s", pointer);
	sealed = only_item(&v[13]);
	assert_int_equal(
		auth_unseal(*state, keys, place, sealed, &value, &e), 0);
	assert_non_null(strstr(value.data, "CANARY"));
	auth_digest_keyed(keys, place, value, digest);
	assert_memory_equal(only_item(&v[14]).data, digest, sizeof(digest));
	auth_keys_free(keys);
}

/* The digest that makes a post "unchanged": 32 bytes in the request's arena. */
static const char *
digest_of(struct arena *arena, const char *text, const struct auth_keys *keys)
{
	struct api_unit *u = api_unit_open(arena, "POST", "/v1/trino/create");

	assert_int_equal(post(u, text, "", keys), API_QUERY);
	return u->task.query.calls[0].values[11].data;
}

static char *
replaced(struct arena *arena, const char *old, const char *new)
{
	const char *at = strstr(yaml, old);

	assert_non_null(at);
	return arena_format(arena, "%.*s%s%s", (int)(at - yaml), yaml, new,
		at + strlen(old));
}

static void
api_component_put_digests_what_counts(void **state)
{
	struct auth_keys *keys;
	const char *digest;

	auth_init();
	keys = make_keys();
	digest = digest_of(*state, yaml, keys);
	assert_memory_equal(digest,
		digest_of(*state, replaced(*state, "spec:\n", "spec: # x\n"),
			keys),
		32);
	assert_memory_not_equal(digest,
		digest_of(*state, replaced(*state, "CANARY", "CANARIES"), keys),
		32);
	assert_memory_not_equal(digest,
		digest_of(*state, replaced(*state, "'476'", "'477'"), keys),
		32);
	auth_keys_free(keys);
}

static void
api_component_put_reports_all_errors_with_positions(void **state)
{
	struct api_unit *u = api_unit_open(*state, "POST", "/v1/trino/create");
	char *text = replaced(*state, "worker: {}", "worker: {replicas: x}");

	assert_int_equal(post(u, text, "wait=301", NULL), API_SEND);
	assert_int_equal(u->task.response.status, 400);
	api_unit_has(u, "\"pointer\":\"/wait\"");
	api_unit_has(u, "\"pointer\":\"/spec/worker/replicas\",\"line\":12,"
			"\"column\":22");
	api_unit_form(u, "yaml=!");
	api_unit_begin(u);
	api_unit_session(u, "operator");
	assert_int_equal(api_unit_reply(u), API_SEND);
	api_unit_has(u, "\"pointer\":\"/yaml\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(api_component_put_stores_all_of_an_intake),
		UNIT_TEST(api_component_put_seals_at_the_place_of_the_secret),
		UNIT_TEST(api_component_put_digests_what_counts),
		UNIT_TEST(api_component_put_reports_all_errors_with_positions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
