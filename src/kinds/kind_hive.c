/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_hive.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_hive_values.h"
#include "kinds/kind_table.h"

static const char *const charts[] = {"dataroaster-hivemetastore", NULL};

static const char *const versions[] = {
	"v2.0.0", "v2.1.0", "v2.2.0", "2.0.0", "2.1.0", "2.2.0", NULL};

#define SPEC_FIELDS                                                            \
	KIND_FIELD(ENUM, hive_spec, chart, "chartName", .is_required = true,   \
		.choices = charts, .help = "Says what is wanted."),            \
		KIND_FIELD(TEXT, hive_spec, name, "name", .is_required = true, \
			.min = 1, .check = kind_check_release,                 \
			.help = "Name of the metastore's Helm release."),      \
		KIND_FIELD(ENUM, hive_spec, version, "version",                \
			.choices = versions,                                   \
			.help = "Version of DataRoaster's chart whose "        \
				"values these are; it decides on the default " \
				"of values.image."),                           \
		KIND_FIELD(TEXT, hive_spec, namespace, "namespace",            \
			.is_required = true, .min = 1,                         \
			.check = kind_check_target,                            \
			.help = "Namespace that the metastore runs in.")

static const struct spec_field spec_fields[] = {
	KIND_FIELD(TEXT, hive_spec, repo, "repo", .is_deprecated = true,
		.help = "roaster brings its own chart and fetches none; only "
			"the address of DataRoaster's repository is "
			"accepted."),
	SPEC_FIELDS,
	KIND_FIELD(TEXT, hive_spec, text, "values", .is_required = true,
		.table = &hive_values_table,
		.help = "A YAML document as text (`values: |`), with the "
			"fields below."),
};
static const struct spec_table spec_table = KIND_TABLE(spec_fields, hive_spec);

static const struct spec_field stored_spec_fields[] = {
	SPEC_FIELDS,
	KIND_FIELD(STRUCT, hive_spec, values, "values", .is_required = true,
		.table = &hive_stored_values_table, .help = "Parsed."),
};
static const struct spec_table stored_spec_table =
	KIND_TABLE(stored_spec_fields, hive_spec);

#define DOCUMENT_FIELDS                                                     \
	KIND_FIELD(TEXT, hive_document, api_version, "apiVersion",          \
		.is_required = true,                                        \
		.help = "helm-operator.cloudchef-labs.com/v1beta1."),       \
		KIND_FIELD(TEXT, hive_document, kind, "kind",               \
			.is_required = true, .help = "HelmChart."),         \
		KIND_FIELD(STRUCT, hive_document, metadata, "metadata",     \
			.is_required = true, .table = &kind_metadata_table, \
			.help = "Who the metastore is.")

static const struct spec_field document_fields[] = {
	DOCUMENT_FIELDS,
	KIND_FIELD(STRUCT, hive_document, spec, "spec", .is_required = true,
		.table = &spec_table, .help = "What the metastore is."),
};
static const struct spec_table document_table =
	KIND_TABLE(document_fields, hive_document);

static const struct spec_field database_fields[] = {
	KIND_FIELD(TEXT, hive_database, storage_class, "storageClass",
		.is_required = true, .help = "Class of the volume."),
	KIND_FIELD(UINT, hive_database, size_gi, "sizeGi", .is_required = true,
		.help = "Size of the volume in Gi."),
};
static const struct spec_table database_table =
	KIND_TABLE(database_fields, hive_database);

static const struct spec_field stored_fields[] = {
	DOCUMENT_FIELDS,
	KIND_FIELD(STRUCT, hive_document, spec, "spec", .is_required = true,
		.table = &stored_spec_table, .help = "What the metastore is."),
	KIND_FIELD(STRUCT, hive_document, database, "database",
		.table = &database_table,
		.present_offset = offsetof(struct hive_document, has_database),
		.help = "The database that comes with it."),
	KIND_FIELD(TEXTS, hive_document, secrets, "secrets",
		.help = "Values that are kept sealed."),
};
static const struct spec_table stored_table =
	KIND_TABLE(stored_fields, hive_document);

static const struct kind_param params[] = {
	{.name = HIVE_PARAM_CLASS,
		.help = "Storage class of a MySQL server that comes with the "
			"metastore: a database of its own. Without this and "
			"the size, values.jdbc says which one is used."},
	{.name = HIVE_PARAM_SIZE,
		.help = "Size of its volume: a whole number of Gi, 1..65536, "
			"without a unit."},
};

static const struct kind_stage stages[] = {
	{KIND_STAGE_NAMESPACE, NULL, "namespace"},
	{KIND_STAGE_SECRETS, NULL, "secrets"},
	{KIND_STAGE_RELEASE, "mysql", "release mysql"},
	{KIND_STAGE_READY, "mysql", "mysql ready"},
	{KIND_STAGE_RELEASE, "hive-metastore", "release hive-metastore"},
};

static void
identity(const void *spec, struct kind_identity *out)
{
	const struct hive_document *document = spec;
	const char *posted = document->metadata.namespace;

	out->name = document->metadata.name;
	out->namespace = document->spec.namespace;
	out->posted_namespace = posted == NULL ? "" : posted;
}

const char *
hive_secret_name(struct arena *arena, const struct hive_document *document)
{
	return arena_format(arena, "%s-config", document->metadata.name);
}

static void
names(struct arena *arena, const void *spec, struct kind_names *out)
{
	const struct hive_document *document = spec;
	const struct kind_name all[] = {
		{"release", document->spec.name},
		{"Service", HIVE_SERVICE},
		{"Deployment", HIVE_SERVICE},
		{"ServiceAccount", HIVE_SERVICE},
		{"Secret", hive_secret_name(arena, document)},
		/* of the database */
		{"release", HIVE_DATABASE_RELEASE},
		{"Service", HIVE_DATABASE_SERVICE},
		{"StatefulSet", "mysql-statefulset"},
		{"ServiceAccount", "mysql"},
		{"PersistentVolumeClaim", HIVE_DATABASE_VOLUME},
		{"Secret", HIVE_DATABASE_SECRET},
	};
	size_t count = document->has_database ? COUNT_OF(all) : 5;
	struct kind_name *items = arena_array(arena, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = all[i];
	*out = (struct kind_names){count, items};
}

const struct kind kind_hive_metastore = {
	.name = "hive_metastore",
	.yaml_kind = "HelmChart",
	.yaml_group = "helm-operator.cloudchef-labs.com",
	.v1_component = "hive-metastore",
	.table = &document_table,
	.stored = &stored_table,
	.params = params,
	.n_params = COUNT_OF(params),
	.stages = stages,
	.n_stages = COUNT_OF(stages),
	.identity = identity,
	.take_params = hive_take_params,
	.check = hive_check,
	.take_secrets = hive_take_secrets,
	.names = names,
	.plan = hive_plan,
};
