/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_spark_internal.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_form.h"
#include "kinds/kind_image.h"
#include "kinds/kind_s3.h"
#include "kinds/kind_table.h"

static const char *const application_types[] = {"Batch", "EndlessRun", NULL};
static const char *const deploy_modes[] = {"Client", "Cluster", NULL};
static const char *const pull_policies[] = {
	"Always", "IfNotPresent", "Never", NULL};

static const struct spec_field container_fields[] = {
	KIND_FIELD(TEXT, spark_container, image, "image", .is_required = true,
		.min = 1, .max = 384, .check = kind_check_whole_image,
		.help = "Spark's image, with a tag or digest. To read S3, "
			"images of apache/spark and cloudcheflabs/spark get "
			"hadoop-aws when they start."),
	KIND_FIELD(ENUM, spark_container, pull_policy, "imagePullPolicy",
		.choices = pull_policies,
		.help = "When the node pulls the image."),
};
static const struct spec_table container_table =
	KIND_TABLE(container_fields, spark_container);

static const struct spec_field secret_ref_fields[] = {
	KIND_FIELD(TEXT, spark_secret_ref, name, "name", .is_required = true,
		.min = 1, .max = 253,
		.help = "Secret in the namespace of the server."),
	KIND_FIELD(TEXT, spark_secret_ref, key, "key", .is_required = true,
		.min = 1, .max = 253, .help = "Key in that Secret."),
};
static const struct spec_table secret_ref_table =
	KIND_TABLE(secret_ref_fields, spark_secret_ref);

static const struct spec_field value_from_fields[] = {
	KIND_FIELD(STRUCT, spark_value_from, secret_key_ref, "secretKeyRef",
		.is_required = true, .table = &secret_ref_table,
		.help = "Where the key is."),
};
static const struct spec_table value_from_table =
	KIND_TABLE(value_from_fields, spark_value_from);

static const struct spec_field key_fields[] = {
	KIND_FIELD(STRUCT, spark_key, value_from, "valueFrom",
		.is_required = true, .table = &value_from_table,
		.help = "A key is never written here itself."),
};
static const struct spec_table key_table = KIND_TABLE(key_fields, spark_key);

static const struct spec_field s3_fields[] = {
	KIND_FIELD(TEXT, spark_s3, bucket, "bucket", .min = 1, .max = 255,
		.check = kind_check_bucket,
		.help = "Bucket of the warehouse, and the default file "
			"system."),
	KIND_FIELD(STRUCT, spark_s3, access_key, "accessKey",
		.table = &key_table,
		.help = "The access key. Not used when `s3_access_key` is "
			"posted: roaster then makes the Secret NAME-s3."),
	KIND_FIELD(STRUCT, spark_s3, secret_key, "secretKey",
		.table = &key_table,
		.help = "The secret key, in the same Secret."),
	KIND_FIELD(TEXT, spark_s3, endpoint, "endpoint", .min = 1, .max = 1024,
		.help = "URL of the store."),
	KIND_FIELD(TEXT, spark_s3, region, "region", .min = 1, .max = 63,
		.check = kind_check_region, .help = "Region of the store."),
};
static const struct spec_table s3_table = KIND_TABLE(s3_fields, spark_s3);

static const struct spec_field hive_fields[] = {
	KIND_FIELD(TEXTS, spark_hive, metastore_uris, "metastoreUris",
		.help = "thrift://HOST:PORT of the metastore; none: one inside "
			"the driver."),
};
static const struct spec_table hive_table = KIND_TABLE(hive_fields, spark_hive);

static const struct spec_field core_fields[] = {
	KIND_FIELD(ENUM, spark_core, application_type, "applicationType",
		.otherwise = "EndlessRun", .choices = application_types,
		.help = "EndlessRun; Batch is refused: a server does not end."),
	KIND_FIELD(ENUM, spark_core, deploy_mode, "deployMode",
		.otherwise = "Cluster", .choices = deploy_modes,
		.help = "Both are the same here: the driver is a pod of the "
			"chart."),
	KIND_FIELD(STRUCT, spark_core, container, "container",
		.is_required = true, .table = &container_table,
		.help = "The container of driver and executors."),
	KIND_FIELD(TEXT, spark_core, class, "class",
		.otherwise = "org.apache.spark.sql.hive.thriftserver."
			     "HiveThriftServer2",
		.min = 1, .max = 1024, .check = kind_check_java_class,
		.help = "Main class."),
	KIND_FIELD(TEXTS, spark_core, args, "args",
		.help = "Arguments of the application; no credentials."),
	KIND_FIELD(TEXT, spark_core, application_file, "applicationFileUrl",
		.otherwise = "spark-internal", .min = 1, .max = 4096,
		.help = "URL of the application's jar; spark-internal is what "
			"is in the image."),
	KIND_FIELD(TEXT, spark_core, py_files, "pyFilesUrl",
		.help = "Refused: a thrift server is no Python program."),
	KIND_FIELD(TEXT, spark_core, namespace, "namespace",
		.is_required = true, .min = 1, .check = kind_check_target,
		.help = "Namespace that the server runs in."),
	KIND_FIELD(STRUCT, spark_core, s3, "s3", .table = &s3_table,
		.help = "The object store."),
	KIND_FIELD(STRUCT, spark_core, hive, "hive", .table = &hive_table,
		.help = "The metastore."),
};
static const struct spec_table core_table = KIND_TABLE(core_fields, spark_core);

static const struct spec_field spec_fields[] = {
	KIND_FIELD(STRUCT, spark_spec, core, "core", .is_required = true,
		.table = &core_table, .help = "What runs, and where."),
	KIND_FIELD(STRUCT, spark_spec, driver, "driver",
		.table = &spark_driver_table,
		.help = "The driver, which is the server."),
	KIND_FIELD(STRUCT, spark_spec, executor, "executor",
		.table = &spark_executor_table, .help = "The executors."),
	KIND_FIELD(MAP, spark_spec, confs, "confs",
		.help = "Spark settings. Those on which the server's objects "
			"depend and credentials are refused; "
			"`spark.jars.packages` replaces what an image would "
			"get."),
	KIND_FIELD(LIST, spark_spec, volumes, "volumes",
		.table = &spark_volume_table, .max = SPARK_LIST_MAX,
		.help = "Volumes. One that no volumeMounts name is not made."),
};
static const struct spec_table spec_table = KIND_TABLE(spec_fields, spark_spec);

#define DOCUMENT_FIELDS                                                     \
	KIND_FIELD(TEXT, spark_document, api_version, "apiVersion",         \
		.is_required = true,                                        \
		.help = "spark-operator.cloudchef-labs.com/v1alpha1."),     \
		KIND_FIELD(TEXT, spark_document, kind, "kind",              \
			.is_required = true, .help = "SparkApplication."),  \
		KIND_FIELD(STRUCT, spark_document, metadata, "metadata",    \
			.is_required = true, .table = &kind_metadata_table, \
			.help = "Who the server is."),                      \
		KIND_FIELD(STRUCT, spark_document, spec, "spec",            \
			.is_required = true, .table = &spec_table,          \
			.help = "What the server is.")

static const struct spec_field document_fields[] = {DOCUMENT_FIELDS};
static const struct spec_table document_table =
	KIND_TABLE(document_fields, spark_document);

static const struct spec_field form_fields[] = {
	KIND_FIELD(TEXT, spark_form, storage_class, "nfs_storage_class",
		.help = "Storage class of claims."),
	KIND_FIELD(UINT, spark_form, pvc_size, "pvc_size",
		.max = KIND_FORM_GI_MAX, .help = "Gi of each claim."),
	KIND_FIELD(BOOL, spark_form, has_keys, "has_s3_keys",
		.help = "Whether S3 keys are kept sealed."),
};
static const struct spec_table form_table = KIND_TABLE(form_fields, spark_form);

static const struct spec_field stored_fields[] = {
	DOCUMENT_FIELDS,
	KIND_FIELD(STRUCT, spark_document, form, "form", .is_required = true,
		.table = &form_table, .help = "What came in other fields."),
};
static const struct spec_table stored_table =
	KIND_TABLE(stored_fields, spark_document);

static const struct kind_stage stages[] = {
	{KIND_STAGE_NAMESPACE, NULL, "namespace"},
	{KIND_STAGE_SECRETS, NULL, "secrets"},
	{KIND_STAGE_RELEASE, SPARK_CHART, "release " SPARK_CHART},
};

static void
identity(const void *spec, struct kind_identity *out)
{
	const struct spark_document *document = spec;
	const char *posted = document->metadata.namespace;

	out->name = document->metadata.name;
	out->namespace = document->spec.core.namespace;
	out->posted_namespace = posted == NULL ? "" : posted;
}

/* Claims of the driver outlive the release, so two servers that name the same
 * one would take it from each other. */
static void
add_claims(struct arena *arena, const struct spark_document *document,
	struct kind_name *items, size_t *count)
{
	const struct spec_list *list = &document->spec.driver.mounts;
	const struct spark_mount *mounts = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct spark_place place;

		spark_place_of(arena, document, &mounts[i], &place);
		if (place.source == SPARK_CLAIM)
			items[(*count)++] =
				(struct kind_name){"PersistentVolumeClaim",
					place.volume->claim.name};
	}
}

static void
names(struct arena *arena, const void *spec, struct kind_names *out)
{
	const struct spark_document *document = spec;
	const struct kind_name all[] = {
		{"release", document->metadata.name},
		{"Service", SPARK_SERVICE},
		{"Service", "spark-thrift-server-driver"},
		{"Deployment", "spark-thrift-server"},
		{"ConfigMap", "spark-thrift-server"},
		{"Role", "spark-thrift-server"},
		{"RoleBinding", "spark-thrift-server"},
		{"ServiceAccount", document->spec.driver.service_account},
		{"Secret", spark_secret_name(arena, document->metadata.name)},
	};
	size_t most = COUNT_OF(all) + document->spec.driver.mounts.count;
	struct kind_name *items = arena_array(arena, most, sizeof(*items));
	size_t count = 0;

	for (; count < COUNT_OF(all); count++)
		items[count] = all[count];
	add_claims(arena, document, items, &count);
	*out = (struct kind_names){count, items};
}

const struct kind kind_spark_thrift_server = {
	.name = "spark_thrift_server",
	.yaml_kind = "SparkApplication",
	.yaml_group = "spark-operator.cloudchef-labs.com",
	.v1_component = "spark-thrift-server",
	.table = &document_table,
	.stored = &stored_table,
	.params = spark_params,
	.n_params = SPARK_PARAMS,
	.stages = stages,
	.n_stages = COUNT_OF(stages),
	.identity = identity,
	.take_params = spark_take_params,
	.check = spark_check,
	.take_secrets = spark_take_secrets,
	.names = names,
	.plan = spark_plan,
};
