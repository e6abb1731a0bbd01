/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_hive_values.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_image.h"
#include "kinds/kind_s3.h"

/* They are deeper in the stored document than in the text, by spec.values. */
#define DEPTH_MAX (DOC_DEPTH_MAX - 2U)

static const char *const dns_policies[] = {
	"ClusterFirst", "ClusterFirstWithHostNet", "Default", NULL};

#define BUCKET_FIELD                                                     \
	KIND_FIELD(TEXT, hive_s3, bucket, "bucket", .is_required = true, \
		.min = 1, .max = 255, .check = kind_check_bucket,        \
		.help = "Bucket of the warehouse, without a scheme.")

#define ENDPOINT_FIELDS                                                      \
	KIND_FIELD(TEXT, hive_s3, endpoint, "endpoint", .is_required = true, \
		.min = 1, .max = 1024,                                       \
		.help = "URL of the S3 service; http:// is without "         \
			"TLS."),                                             \
		KIND_FIELD(TEXT, hive_s3, region, "region", .min = 1,        \
			.max = 255, .check = kind_check_region,              \
			.help = "Region of the S3 service.")

static const struct spec_field s3_fields[] = {
	BUCKET_FIELD,
	KIND_FIELD(TEXT, hive_s3, access_key, "accessKey", .is_required = true,
		.min = 1, .max = 4096, .help = "Access key. Kept sealed."),
	KIND_FIELD(TEXT, hive_s3, secret_key, "secretKey", .is_required = true,
		.min = 1, .max = 4096, .help = "Secret key. Kept sealed."),
	ENDPOINT_FIELDS,
};
static const struct spec_table s3_table = KIND_TABLE(s3_fields, hive_s3);

static const struct spec_field stored_s3_fields[] = {
	BUCKET_FIELD,
	ENDPOINT_FIELDS,
};
static const struct spec_table stored_s3_table =
	KIND_TABLE(stored_s3_fields, hive_s3);

#define JDBC_FIELDS                                                            \
	KIND_FIELD(TEXT, hive_jdbc, user, "user", .min = 1, .max = 255,        \
		.help = "User of the database; `root` of MySQL, if not "       \
			"given. Not used with a database of its own."),        \
		KIND_FIELD(TEXT, hive_jdbc, url, "url", .min = 1, .max = 4096, \
			.help = "JDBC URL of the database; if not given, "     \
				"metastore_db of mysql-service in the "        \
				"same namespace. Kept sealed if it holds a "   \
				"credential. Refused with a database of its "  \
				"own."),                                       \
		KIND_FIELD(TEXT, hive_jdbc, driver, "driver", .min = 1,        \
			.max = 255, .check = kind_check_java_class,            \
			.help = "Class of the JDBC driver, if it is not "      \
				"the usual one; the image or auxJars must "    \
				"have it."),                                   \
		KIND_FIELD(ENUM, hive_jdbc, type, "type",                      \
			.choices = hive_jdbc_types,                            \
			.help = "What schematool calls the database; if "      \
				"not given, it follows from the URL.")

static const struct spec_field jdbc_fields[] = {
	JDBC_FIELDS,
	KIND_FIELD(TEXT, hive_jdbc, password, "password", .min = 1, .max = 4096,
		.help = "Password of the database. Not used with a database "
			"of its own, else required. Kept sealed."),
};
static const struct spec_table jdbc_table = KIND_TABLE(jdbc_fields, hive_jdbc);

static const struct spec_field stored_jdbc_fields[] = {JDBC_FIELDS};
static const struct spec_table stored_jdbc_table =
	KIND_TABLE(stored_jdbc_fields, hive_jdbc);

#define VALUES_FIELDS(s3_, jdbc_)                                            \
	KIND_FIELD(TEXT, hive_values, image, "image", .min = 1, .max = 512,  \
		.check = kind_check_whole_image,                             \
		.help = "Image with its tag; if not given, "                 \
			"cloudcheflabs/hivemetastore:v3.0.0, and :v3.3.5 "   \
			"with version v2.2.0."),                             \
		KIND_FIELD(STRUCT, hive_values, s3, "s3", .table = &(s3_),   \
			.present_offset =                                    \
				offsetof(struct hive_values, has_s3),        \
			.help = "Where tables are, in the bucket's folder "  \
				"`warehouse`. Without it, properties must "  \
				"hold metastore.warehouse.dir."),            \
		KIND_FIELD(STRUCT, hive_values, jdbc, "jdbc",                \
			.table = &(jdbc_), .help = "The database."),         \
		KIND_FIELD(ENUM, hive_values, dns_policy, "dnsPolicy",       \
			.choices = dns_policies,                             \
			.help = "DNS policy of the pods."),                  \
		KIND_FIELD(UINT, hive_values, replicas, "replicas",          \
			.otherwise = "1", .min = 1, .max = 100,              \
			.help = "Number of metastores. More than one need "  \
				"a schema that is there: start with one."),  \
		KIND_FIELD(STRUCT, hive_values, resources, "resources",      \
			.table = &kind_resources_table,                      \
			.help = "Requests and limits."),                     \
		KIND_FIELD(TEXT, hive_values, java_options, "javaOptions",   \
			.min = 1, .max = 4096,                               \
			.help = "Options of the JVM; `-Xmx1g`, if not "      \
				"given."),                                   \
		KIND_FIELD(MAP, hive_values, node_selector, "nodeSelector",  \
			.help = "Labels that a node must have."),            \
		KIND_FIELD(RAW, hive_values, affinity, "affinity",           \
			.help = "Affinity of the pods."),                    \
		KIND_FIELD(RAW, hive_values, tolerations, "tolerations",     \
			.help = "Tolerations of the pods."),                 \
		KIND_FIELD(RAW, hive_values, init_containers,                \
			"initContainers",                                    \
			.help = "Init containers of the pods; volumes that " \
				"they mount, the metastore has at the same " \
				"path."),                                    \
		KIND_FIELD(TEXT, hive_values, aux_jars, "auxJars", .min = 1, \
			.max = 1024, .check = kind_check_folder,             \
			.help = "Folder of further jars, such as a JDBC "    \
				"driver of an init container."),             \
		KIND_FIELD(MAP, hive_values, properties, "properties",       \
			.max = HIVE_PROPERTIES_MAX,                          \
			.help = "Further properties of metastore-site.xml. " \
				"Those that hold a credential are kept "     \
				"sealed.")

static const struct spec_field values_fields[] = {
	KIND_FIELD(TEXT, hive_values, namespace, "namespace",
		.help = "The same as spec.namespace, if given."),
	VALUES_FIELDS(s3_table, jdbc_table),
};
const struct spec_table hive_values_table =
	KIND_TABLE(values_fields, hive_values);

static const struct spec_field stored_values_fields[] = {
	VALUES_FIELDS(stored_s3_table, stored_jdbc_table),
};
const struct spec_table hive_stored_values_table =
	KIND_TABLE(stored_values_fields, hive_values);

int
hive_values_parse(struct arena *arena, struct bytes text,
	const struct doc_node **out, struct err *e)
{
	static const struct doc_limits limits = {
		DOC_YAML_BYTES_MAX, DEPTH_MAX, DOC_NODES_MAX};

	return doc_parse_yaml(arena, text, &limits, out, e);
}
