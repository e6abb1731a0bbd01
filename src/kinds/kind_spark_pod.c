/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_spark_pod.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_spark_internal.h"

static const char *const propagations[] = {
	"None", "HostToContainer", "Bidirectional", NULL};
static const char *const volume_types[] = {"Any", "SparkLocalDir", NULL};
static const char *const media[] = {"Memory", NULL};

static const struct spec_field resources_fields[] = {
	KIND_FIELD(UINT, spark_resources, cores, "cores", .otherwise = "1",
		.min = 1, .max = SPARK_CORES_MAX,
		.help = "Cores, also requested."),
	KIND_FIELD(TEXT, spark_resources, limit_cores, "limitCores", .min = 1,
		.max = 16, .check = spark_check_cpu,
		.help = "The most CPU that a pod is given; none: no limit."),
	KIND_FIELD(TEXT, spark_resources, memory, "memory", .otherwise = "1g",
		.check = spark_check_memory,
		.help = "Java heap, 512m or 1g; the pod gets Spark's overhead "
			"on top."),
};
static const struct spec_table resources_table =
	KIND_TABLE(resources_fields, spark_resources);

static const struct spec_field mount_fields[] = {
	KIND_FIELD(TEXT, spark_mount, name, "name", .is_required = true,
		.min = 1, .help = "Name of a volume of the document."),
	KIND_FIELD(TEXT, spark_mount, path, "mountPath", .is_required = true,
		.min = 1, .max = 1024, .check = spark_check_mount_path,
		.help = "Folder that the volume is mounted at."),
	KIND_FIELD(ENUM, spark_mount, propagation, "mountPropagation",
		.choices = propagations,
		.help = "None; what reaches the node is refused."),
	KIND_FIELD(BOOL, spark_mount, is_read_only, "readOnly",
		.help = "Whether nothing may be written."),
	KIND_FIELD(TEXT, spark_mount, sub_path, "subPath", .min = 1,
		.max = 1024, .check = spark_check_sub_path,
		.help = "Folder of the volume that is mounted."),
	KIND_FIELD(TEXT, spark_mount, sub_path_expr, "subPathExpr",
		.help = "Refused: Spark cannot mount so; take subPath."),
};
static const struct spec_table mount_table =
	KIND_TABLE(mount_fields, spark_mount);

static const struct spec_field template_fields[] = {
	KIND_FIELD(RAW, spark_pod_template, affinity, "affinity",
		.help = "Affinity of the pods."),
	KIND_FIELD(RAW, spark_pod_template, tolerations, "tolerations",
		.help = "Tolerations of the pods."),
	KIND_FIELD(RAW, spark_pod_template, security_context, "securityContext",
		.help = "Security context of the pods. It is one for driver "
			"and executors: given for both, it must be the same."),
	KIND_FIELD(TEXT, spark_pod_template, scheduler_name, "schedulerName",
		.min = 1, .check = kind_check_object,
		.help = "Scheduler of the pods."),
	KIND_FIELD(TEXT, spark_pod_template, priority_class_name,
		"priorityClassName", .min = 1, .check = kind_check_object,
		.help = "Priority class of the pods."),
	KIND_FIELD(BOOL, spark_pod_template, host_network, "hostNetwork",
		.help = "false; true is refused, since Pod Security Standards "
			"forbid it."),
	KIND_FIELD(MAP, spark_pod_template, node_selector, "nodeSelector",
		.help = "Labels that a node must have."),
};
static const struct spec_table template_table =
	KIND_TABLE(template_fields, spark_pod_template);

#define ROLE_FIELDS                                                         \
	KIND_FIELD(MAP, spark_role, labels, "label",                        \
		.help = "More labels of the pods."),                        \
		KIND_FIELD(MAP, spark_role, annotations, "annotation",      \
			.help = "More annotations of the pods."),           \
		KIND_FIELD(STRUCT, spark_role, resources, "resources",      \
			.table = &resources_table,                          \
			.help = "Cores and memory."),                       \
		KIND_FIELD(LIST, spark_role, mounts, "volumeMounts",        \
			.table = &mount_table, .max = SPARK_LIST_MAX,       \
			.help = "Where volumes are mounted."),              \
		KIND_FIELD(STRUCT, spark_role, pod_template, "podTemplate", \
			.table = &template_table,                           \
			.help = "What else is known of the pods.")

static const struct spec_field driver_fields[] = {
	KIND_FIELD(TEXT, spark_role, service_account, "serviceAccountName",
		.otherwise = "spark-thrift-server", .min = 1,
		.check = spark_check_account,
		.help = "Service account of the driver; it is created, and may "
			"make executors in this namespace only."),
	ROLE_FIELDS,
};
const struct spec_table spark_driver_table =
	KIND_TABLE(driver_fields, spark_role);

static const struct spec_field executor_fields[] = {
	KIND_FIELD(UINT, spark_role, instances, "instances", .otherwise = "1",
		.max = 10000, .help = "Number of executors."),
	ROLE_FIELDS,
};
const struct spec_table spark_executor_table =
	KIND_TABLE(executor_fields, spark_role);

static const struct spec_field empty_dir_fields[] = {
	KIND_FIELD(ENUM, spark_empty_dir, medium, "medium", .choices = media,
		.help = "Memory; none: the disk of the node."),
	KIND_FIELD(TEXT, spark_empty_dir, size_limit, "sizeLimit", .min = 1,
		.check = spark_check_size, .help = "The most it may hold."),
};
static const struct spec_table empty_dir_table =
	KIND_TABLE(empty_dir_fields, spark_empty_dir);

static const struct spec_field claim_fields[] = {
	KIND_FIELD(TEXT, spark_claim, name, "claimName", .is_required = true,
		.min = 1, .check = spark_check_claim,
		.help = "With a size, from `sizeLimit` or `pvc_size`, the "
			"driver's claim is made under this name and kept, and "
			"Spark makes one for each executor, which goes with "
			"it. Without, an Any volume is the claim that is there "
			"already, and a SparkLocalDir is the node's disk."),
	KIND_FIELD(BOOL, spark_claim, is_read_only, "readOnly",
		.help = "Whether nothing may be written."),
	KIND_FIELD(TEXT, spark_claim, storage_class, "storageClass", .min = 1,
		.check = kind_check_object,
		.help = "Storage class; none: `nfs_storage_class`, else the "
			"cluster's default."),
	KIND_FIELD(TEXT, spark_claim, size_limit, "sizeLimit", .min = 1,
		.check = spark_check_size,
		.help = "Size of the claim; none: `pvc_size`."),
};
static const struct spec_table claim_table =
	KIND_TABLE(claim_fields, spark_claim);

static const struct spec_field volume_fields[] = {
	KIND_FIELD(TEXT, spark_volume, name, "name", .is_required = true,
		.min = 1, .check = spark_check_volume, .help = "Its name."),
	KIND_FIELD(ENUM, spark_volume, type, "type", .otherwise = "Any",
		.choices = volume_types,
		.help = "SparkLocalDir makes it Spark's scratch space."),
	KIND_FIELD(STRUCT, spark_volume, empty_dir, "emptyDir",
		.table = &empty_dir_table,
		.present_offset = offsetof(struct spark_volume, has_empty_dir),
		.help = "A folder that goes with the pod."),
	KIND_FIELD(RAW, spark_volume, host_path, "hostPath",
		.help = "Refused: Pod Security Standards forbid it."),
	KIND_FIELD(STRUCT, spark_volume, claim, "persistentVolumeClaim",
		.table = &claim_table,
		.present_offset = offsetof(struct spark_volume, has_claim),
		.help = "A volume by claim."),
};
const struct spec_table spark_volume_table =
	KIND_TABLE(volume_fields, spark_volume);
