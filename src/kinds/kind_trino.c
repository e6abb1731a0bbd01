/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_trino.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"
#include "kinds/kind_table.h"

static const char *const pull_policies[] = {
	"Always", "IfNotPresent", "Never", NULL};

static const struct spec_field pull_secret_fields[] = {
	KIND_FIELD(TEXT, trino_pull_secret, name, "name", .is_required = true,
		.min = 1, .check = kind_check_object,
		.help = "Secret with the registry's credentials."),
};
static const struct spec_table pull_secret_table =
	KIND_TABLE(pull_secret_fields, trino_pull_secret);

static const struct spec_field image_fields[] = {
	KIND_FIELD(TEXT, trino_image, repository, "repository",
		.is_required = true, .min = 1, .max = 255,
		.check = kind_check_image,
		.help = "Image repository, without a tag."),
	KIND_FIELD(TEXT, trino_image, tag, "tag", .is_required = true, .min = 1,
		.check = kind_check_tag, .help = "Image tag."),
	KIND_FIELD(ENUM, trino_image, pull_policy, "imagePullPolicy",
		.choices = pull_policies,
		.help = "When the node pulls the image."),
	KIND_FIELD(LIST, trino_image, pull_secrets, "imagePullSecrets",
		.table = &pull_secret_table,
		.help = "Secrets for the registry."),
};
static const struct spec_table image_table =
	KIND_TABLE(image_fields, trino_image);

static const struct spec_field file_fields[] = {
	KIND_FIELD(TEXT, trino_file, name, "name", .is_required = true,
		.min = 1, .max = 200, .check = kind_check_file_name,
		.help = "File name."),
	KIND_FIELD(TEXT, trino_file, path, "path", .is_required = true,
		.min = 1, .max = 1024, .check = kind_check_folder,
		.help = "Folder that the file is mounted in."),
	KIND_FIELD(TEXT, trino_file, value, "value", .is_required = true,
		.help = "Content. A file that holds a credential is kept "
			"sealed and becomes a Secret as a whole."),
};
static const struct spec_table file_table = KIND_TABLE(file_fields, trino_file);

#define ROLE_FIELDS                                                            \
	KIND_FIELD(STRUCT, trino_role, resources, "resources",                 \
		.table = &kind_resources_table,                                \
		.help = "Requests and limits."),                               \
		KIND_FIELD(MAP, trino_role, node_selector, "nodeSelector",     \
			.help = "Labels that a node must have."),              \
		KIND_FIELD(RAW, trino_role, affinity, "affinity",              \
			.help = "Affinity of the pods."),                      \
		KIND_FIELD(RAW, trino_role, tolerations, "tolerations",        \
			.help = "Tolerations of the pods."),                   \
		KIND_FIELD(RAW, trino_role, init_containers, "initContainers", \
			.help = "Init containers of the pods."),               \
		KIND_FIELD(LIST, trino_role, files, "configs",                 \
			.table = &file_table, .max = TRINO_FILES_MAX,          \
			.help = "Configuration files.")

static const struct spec_field autoscaler_fields[] = {
	KIND_FIELD(UINT, trino_autoscaler, min, "minReplicas",
		.is_required = true, .min = 1, .max = 1000,
		.help = "Fewest workers."),
	KIND_FIELD(UINT, trino_autoscaler, max, "maxReplicas",
		.is_required = true, .min = 1, .max = 1000,
		.help = "Most workers."),
	KIND_FIELD(UINT, trino_autoscaler, cpu_percent,
		"targetCPUUtilizationPercentage", .is_required = true, .min = 1,
		.max = 100,
		.help = "CPU use in percent of the request that is aimed at."),
};
static const struct spec_table autoscaler_table =
	KIND_TABLE(autoscaler_fields, trino_autoscaler);

static const struct spec_field coordinator_fields[] = {ROLE_FIELDS};
static const struct spec_table coordinator_table =
	KIND_TABLE(coordinator_fields, trino_role);

static const struct spec_field worker_fields[] = {
	KIND_FIELD(UINT, trino_role, replicas, "replicas", .otherwise = "1",
		.max = 1000, .help = "Number of workers."),
	KIND_FIELD(STRUCT, trino_role, autoscaler, "autoscaler",
		.table = &autoscaler_table,
		.present_offset = offsetof(struct trino_role, has_autoscaler),
		.help = "Lets the CPU decide on the number of workers."),
	ROLE_FIELDS,
};
static const struct spec_table worker_table =
	KIND_TABLE(worker_fields, trino_role);

static const struct spec_field spec_fields[] = {
	KIND_FIELD(TEXT, trino_spec, namespace, "namespace",
		.is_required = true, .min = 1, .check = kind_check_target,
		.help = "Namespace that the cluster runs in."),
	KIND_FIELD(TEXT, trino_spec, service_account, "serviceAccountName",
		.otherwise = "trino", .min = 1, .check = kind_check_object,
		.help = "Service account of the pods; it is created."),
	KIND_FIELD(STRUCT, trino_spec, image, "image", .is_required = true,
		.table = &image_table, .help = "Trino's image."),
	KIND_FIELD(RAW, trino_spec, security_context, "securityContext",
		.help = "Security context of the pods."),
	KIND_FIELD(STRUCT, trino_spec, coordinator, "coordinator",
		.is_required = true, .table = &coordinator_table,
		.present_offset = offsetof(struct trino_spec, has_coordinator),
		.help = "The coordinator."),
	KIND_FIELD(STRUCT, trino_spec, worker, "worker", .is_required = true,
		.table = &worker_table, .help = "The workers."),
};
static const struct spec_table spec_table = KIND_TABLE(spec_fields, trino_spec);

#define DOCUMENT_FIELDS                                                     \
	KIND_FIELD(TEXT, trino_document, api_version, "apiVersion",         \
		.is_required = true,                                        \
		.help = "trino-operator.cloudchef-labs.com/v1beta1."),      \
		KIND_FIELD(TEXT, trino_document, kind, "kind",              \
			.is_required = true, .help = "TrinoCluster."),      \
		KIND_FIELD(STRUCT, trino_document, metadata, "metadata",    \
			.is_required = true, .table = &kind_metadata_table, \
			.help = "Who the cluster is."),                     \
		KIND_FIELD(STRUCT, trino_document, spec, "spec",            \
			.is_required = true, .table = &spec_table,          \
			.help = "What the cluster is.")

static const struct spec_field document_fields[] = {DOCUMENT_FIELDS};
static const struct spec_table document_table =
	KIND_TABLE(document_fields, trino_document);

static const struct spec_field computed_fields[] = {
	KIND_FIELD(UINT, trino_computed, port, "port", .is_required = true,
		.min = 1, .max = 65535, .help = "The coordinator's port."),
	KIND_FIELD(UINT, trino_computed, worker_port, "workerPort",
		.is_required = true, .min = 1, .max = 65535,
		.help = "The workers' port."),
	KIND_FIELD(TEXT, trino_computed, data_dir, "dataDir",
		.is_required = true, .help = "The coordinator's data folder."),
	KIND_FIELD(TEXTS, trino_computed, secrets, "secrets",
		.help = "Files that are kept sealed."),
};
static const struct spec_table computed_table =
	KIND_TABLE(computed_fields, trino_computed);

static const struct spec_field stored_fields[] = {
	DOCUMENT_FIELDS,
	KIND_FIELD(STRUCT, trino_document, computed, "computed",
		.is_required = true, .table = &computed_table,
		.help = "What intake read from the files."),
};
static const struct spec_table stored_table =
	KIND_TABLE(stored_fields, trino_document);

static const struct kind_stage stages[] = {
	{KIND_STAGE_NAMESPACE, NULL, "namespace"},
	{KIND_STAGE_SECRETS, NULL, "secrets"},
	{KIND_STAGE_RELEASE, "trino", "release trino"},
};

static void
identity(const void *spec, struct kind_identity *out)
{
	const struct trino_document *document = spec;
	const char *posted = document->metadata.namespace;

	out->name = document->metadata.name;
	out->namespace = document->spec.namespace;
	out->posted_namespace = posted == NULL ? "" : posted;
}

const char *
trino_secret_name(struct arena *arena, const struct trino_document *document)
{
	return arena_format(arena, "%s-config", document->metadata.name);
}

static void
names(struct arena *arena, const void *spec, struct kind_names *out)
{
	const struct trino_document *document = spec;
	const struct kind_name all[] = {
		{"release", document->metadata.name},
		{"Service", TRINO_SERVICE},
		{"Deployment", "trino-coordinator"},
		{"Deployment", "trino-worker"},
		{"ConfigMap", "trino-coordinator"},
		{"ConfigMap", "trino-worker"},
		{"Secret", trino_secret_name(arena, document)},
		{"ServiceAccount", document->spec.service_account},
	};
	struct kind_name *items =
		arena_array(arena, COUNT_OF(all), sizeof(*items));

	for (size_t i = 0; i < COUNT_OF(all); i++)
		items[i] = all[i];
	*out = (struct kind_names){COUNT_OF(all), items};
}

const struct kind kind_trino = {
	.name = "trino",
	.yaml_kind = "TrinoCluster",
	.yaml_group = "trino-operator.cloudchef-labs.com",
	.v1_component = "trino",
	.table = &document_table,
	.stored = &stored_table,
	.stages = stages,
	.n_stages = COUNT_OF(stages),
	.identity = identity,
	.check = trino_check,
	.take_secrets = trino_take_secrets,
	.names = names,
	.plan = trino_plan,
};
