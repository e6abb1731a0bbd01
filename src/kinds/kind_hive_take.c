/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_file.h"
#include "kinds/kind_hive_values.h"

#include <assert.h>
#include <string.h>

#define IMAGE "cloudcheflabs/hivemetastore:"

/* Sealed values that are no properties. */
#define FIXED_MAX 4U

/* The values being taken out of a document. */
struct taking {
	struct arena *arena;
	struct hive_document *document;
	struct kind_secret *secrets;
};

bool
hive_is_sealed(const struct hive_document *document, const char *pointer)
{
	const struct spec_texts *secrets = &document->secrets;

	for (size_t i = 0; i < secrets->count; i++) {
		if (strcmp(secrets->items[i], pointer) == 0)
			return true;
	}
	return false;
}

/* The text is right: intake has checked it. */
static void
fill_values(struct arena *arena, struct hive_spec *spec)
{
	const struct bytes text = {spec->text, strlen(spec->text)};
	const struct doc_node *values;
	struct err_list errors = {0};
	struct err e;
	int rc = hive_values_parse(arena, text, &values, &e);

	assert(rc == 0);
	rc = spec_parse(
		arena, &hive_values_table, values, "", &spec->values, &errors);
	assert(rc == 0);
}

/* As DataRoaster's charts have it. */
static const char *
image_of(struct arena *arena, const char *version)
{
	bool is_new = version != NULL && strstr(version, "2.2.0") != NULL;

	return arena_format(arena, IMAGE "%s", is_new ? "v3.3.5" : "v3.0.0");
}

static void
take(struct taking *t, const char *pointer, const char *value)
{
	struct spec_texts *marks = &t->document->secrets;

	t->secrets[marks->count] =
		(struct kind_secret){pointer, {value, strlen(value)}};
	marks->items[marks->count++] = pointer;
}

/* A value that is not there is not taken. */
static void
take_text(struct taking *t, const char *pointer, const char **value)
{
	if (*value == NULL)
		return;
	take(t, pointer, *value);
	*value = NULL;
}

/* "jdbc:oracle:thin:user/password@host" has no word that speaks of it. */
static bool
is_secret_url(const char *url)
{
	return strchr(url, '@') != NULL || kind_file_is_secret(url);
}

static void
take_properties(struct taking *t)
{
	struct spec_map *map = &t->document->spec.values.properties;
	size_t kept = 0;

	for (size_t i = 0; i < map->count; i++) {
		const struct spec_map_pair *pair = &map->pairs[i];

		if (kind_name_is_secret(pair->key) ||
			kind_file_is_secret(pair->value))
			take(t,
				arena_format(t->arena, HIVE_PROPERTY "%s",
					pair->key),
				pair->value);
		else
			map->pairs[kept++] = *pair;
	}
	map->count = kept;
}

void
hive_take_secrets(struct arena *arena, void *spec, struct kind_secret **out,
	size_t *count)
{
	struct hive_document *document = spec;
	struct hive_values *values = &document->spec.values;
	struct taking t = {arena, document, NULL};
	size_t most;

	fill_values(arena, &document->spec);
	if (values->image == NULL)
		values->image = image_of(arena, document->spec.version);
	hive_jdbc_complete(arena, document);
	most = FIXED_MAX + values->properties.count;
	t.secrets = arena_array(arena, most, sizeof(*t.secrets));
	document->secrets.items =
		arena_array(arena, most, sizeof(*document->secrets.items));
	take_text(&t, HIVE_S3_ACCESS_KEY, &values->s3.access_key);
	take_text(&t, HIVE_S3_SECRET_KEY, &values->s3.secret_key);
	take_text(&t, HIVE_JDBC_PASSWORD, &values->jdbc.password);
	if (is_secret_url(values->jdbc.url))
		take_text(&t, HIVE_JDBC_URL, &values->jdbc.url);
	take_properties(&t);
	*out = t.secrets;
	*count = document->secrets.count;
}
