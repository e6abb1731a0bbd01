/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_check.h"
#include "kinds/kind_pod.h"
#include "kinds/kind_s3.h"
#include "kinds/kind_spark_internal.h"

#include <string.h>

#define S3_ACCESS_KEY "spec.core.s3.accessKey.valueFrom.secretKeyRef"
#define S3_SECRET_KEY "spec.core.s3.secretKey.valueFrom.secretKeyRef"

/* Texts that are not shown when they are wrong: one may be a credential that
 * was put into the wrong place. */
static const struct {
	const char *path;
	const char *(*check)(const char *text);
} unshown[] = {
	{"spec.core.applicationFileUrl", spark_check_application},
	{"spec.core.s3.endpoint", kind_check_endpoint},
	{S3_ACCESS_KEY ".name", spark_check_secret_name},
	{S3_ACCESS_KEY ".key", spark_check_secret_key},
	{S3_SECRET_KEY ".name", spark_check_secret_name},
	{S3_SECRET_KEY ".key", spark_check_secret_key},
};

/* The chart selects pods by its own labels, and Spark by its. */
static const char *const labels_of_spark[] = {
	"spark-app-name",
	"spark-app-selector",
	"spark-exec-id",
	"spark-exec-resourceprofile-id",
	"spark-role",
	"spark-version",
};

#define KUBERNETES_LABELS "app.kubernetes.io/"

/* A role of the posted document. */
struct role {
	const struct spark_checking *c;
	const char *path; /* "spec.driver" */
	const struct doc_node *node;
	/* Settings that replace resources.cores, the strongest first. */
	const char *cores[2];
};

/* ${node} if it is a text with something in it; the rest is the table's. */
static const struct doc_node *
as_text(const struct doc_node *node)
{
	return doc_is_null(node) || node->type != DOC_SCALAR ||
			       node->text.len == 0
		       ? NULL
		       : node;
}

const struct doc_node *
spark_text_at(const struct doc_node *node, const char *path)
{
	return as_text(doc_at(node, path));
}

bool
spark_label_is_taken(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(labels_of_spark); i++) {
		if (strcmp(key, labels_of_spark[i]) == 0)
			return true;
	}
	return strncmp(key, KUBERNETES_LABELS, strlen(KUBERNETES_LABELS)) == 0;
}

/* --- core ------------------------------------------------------------------
 */

static void
check_unshown(const struct spark_checking *c, const struct doc_node *node,
	const char *path, const char *(*check)(const char *text))
{
	const char *why = node == NULL ? NULL : check(node->text.data);

	if (why != NULL)
		kind_refuse(c->errors, node, path, "%s", why);
}

static void
check_texts(const struct spark_checking *c, const char *path,
	const char *(*check)(const char *text))
{
	const struct doc_node *list = doc_at(c->document, path);

	if (list == NULL || list->type != DOC_LIST)
		return;
	for (size_t i = 0; i < list->count; i++)
		check_unshown(c, as_text(list->items[i]),
			arena_format(c->arena, "%s[%zu]", path, i), check);
}

static void
check_program(const struct spark_checking *c)
{
	const struct doc_node *type =
		spark_text_at(c->document, "spec.core.applicationType");
	const struct doc_node *files =
		doc_at(c->document, "spec.core.pyFilesUrl");

	if (type != NULL && strcmp(type->text.data, "Batch") == 0)
		kind_refuse(c->errors, type, "spec.core.applicationType",
			"a batch job ends, which a server must not: take "
			"EndlessRun, and spark-submit for jobs");
	if (!doc_is_null(files))
		kind_refuse(c->errors, files, "spec.core.pyFilesUrl",
			"a thrift server is no Python program: remove it");
	check_texts(c, "spec.core.args", spark_check_argument);
	check_texts(c, "spec.core.hive.metastoreUris", spark_check_metastore);
	for (size_t i = 0; i < COUNT_OF(unshown); i++)
		check_unshown(c, spark_text_at(c->document, unshown[i].path),
			unshown[i].path, unshown[i].check);
}

/* Where the S3 keys come from, unless they were posted. */
static void
check_keys(const struct spark_checking *c)
{
	const struct doc_node *s3 = doc_at(c->document, "spec.core.s3");
	bool has_access = !doc_is_null(doc_get(s3, "accessKey"));
	bool has_secret = !doc_is_null(doc_get(s3, "secretKey"));
	const struct doc_node *access =
		spark_text_at(c->document, S3_ACCESS_KEY ".name");
	const struct doc_node *secret =
		spark_text_at(c->document, S3_SECRET_KEY ".name");
	const char *name = doc_text(c->document, "metadata.name", "");

	if (c->form->has_keys)
		return;
	if (has_access != has_secret)
		kind_refuse(c->errors, s3, "spec.core.s3",
			"accessKey and secretKey come together: %s is missing",
			has_access ? "secretKey" : "accessKey");
	if (access == NULL || secret == NULL)
		return;
	if (strcmp(access->text.data, secret->text.data) != 0)
		kind_refuse(c->errors, secret, S3_SECRET_KEY ".name",
			"both keys are taken from one Secret: put them into "
			"that of accessKey");
	if (strcmp(access->text.data, spark_secret_name(c->arena, name)) == 0)
		kind_refuse(c->errors, access, S3_ACCESS_KEY ".name",
			"this is the Secret that roaster makes of "
			"s3_access_key and s3_secret_key: send them, or take "
			"another name");
}

/* --- roles -----------------------------------------------------------------
 */

static const char *
path_of(const struct role *role, const char *key)
{
	return arena_format(role->c->arena, "%s.%s", role->path, key);
}

static void
check_labels(const struct role *role)
{
	const struct doc_node *labels = doc_get(role->node, "label");
	const struct doc_node *annotations = doc_get(role->node, "annotation");

	kind_check_labels(labels, path_of(role, "label"), role->c->errors);
	kind_check_names(
		annotations, path_of(role, "annotation"), role->c->errors);
	if (labels == NULL || labels->type != DOC_MAP)
		return;
	for (size_t i = 0; i < labels->count; i++) {
		if (spark_label_is_taken(labels->pairs[i].key))
			kind_refuse(role->c->errors, labels->pairs[i].key_at,
				path_of(role, "label"),
				"\"%.60s\" is set by roaster or Spark: take "
				"another",
				labels->pairs[i].key);
	}
}

/* The CPU that a pod of the role requests, as the document has it. */
static const char *
request_of(const struct role *role)
{
	const struct doc_node *confs = doc_at(role->c->document, "spec.confs");

	for (size_t i = 0; i < COUNT_OF(role->cores); i++) {
		const struct doc_node *conf =
			role->cores[i] == NULL ? NULL
					       : doc_get(confs, role->cores[i]);

		if (conf != NULL && conf->type == DOC_SCALAR &&
			!doc_is_null(conf))
			return conf->text.data;
	}
	return doc_text(role->node, "resources.cores", "1");
}

static void
check_limit(const struct role *role)
{
	const struct doc_node *limit =
		spark_text_at(role->node, "resources.limitCores");
	const char *request = request_of(role);

	if (limit == NULL || spark_check_cpu(limit->text.data) != NULL ||
		spark_check_cpu(request) != NULL)
		return;
	if (spark_cpu_milli(limit->text.data) < spark_cpu_milli(request))
		kind_refuse(role->c->errors, limit,
			path_of(role, "resources.limitCores"),
			"\"%s\" is below what a pod requests (%.16s): raise it "
			"or leave it out",
			limit->text.data, request);
}

static void
check_role(const struct role *role)
{
	const struct doc_node *pod = doc_get(role->node, "podTemplate");
	const char *path = path_of(role, "podTemplate");
	struct err_list *errors = role->c->errors;

	check_labels(role);
	check_limit(role);
	kind_check_pod(role->c->arena, pod, path, errors);
	(void)kind_check_type(doc_get(pod, "securityContext"), DOC_MAP,
		path_of(role, "podTemplate.securityContext"), errors);
	if (strcasecmp(doc_text(pod, "hostNetwork", ""), "true") == 0)
		kind_refuse(errors, doc_get(pod, "hostNetwork"),
			path_of(role, "podTemplate.hostNetwork"),
			"the node's network is closed to pods by the Pod "
			"Security Standards: remove it; the Services reach "
			"driver and executors");
}

/* ${node} as text, in which equal documents are equal. */
static const char *
text_of(struct arena *arena, const struct doc_node *node)
{
	struct json json;
	struct buf out;

	buf_init(&out, arena);
	json_init(&json, &out);
	doc_write_json(node, &json);
	return buf_string(&out);
}

/* Files on a volume that the driver wrote are read by executors: they run as
 * the same user. */
static void
check_contexts(const struct role *driver, const struct role *executor)
{
	const struct doc_node *one =
		doc_at(driver->node, "podTemplate.securityContext");
	const struct doc_node *other =
		doc_at(executor->node, "podTemplate.securityContext");
	struct arena *arena = driver->c->arena;

	if (doc_is_null(one) || doc_is_null(other) ||
		strcmp(text_of(arena, one), text_of(arena, other)) == 0)
		return;
	kind_refuse(driver->c->errors, other,
		path_of(executor, "podTemplate.securityContext"),
		"driver and executors run as one user, and the driver's is "
		"another: make them the same, or leave one out");
}

void
spark_check(struct arena *arena, const struct doc_node *document,
	const void *spec, struct err_list *errors)
{
	const struct spark_document *typed = spec;
	const struct spark_checking c = {arena, document, &typed->form, errors};
	const struct role driver = {&c, "spec.driver",
		doc_at(document, "spec.driver"), {"spark.driver.cores"}};
	const struct role executor = {&c, "spec.executor",
		doc_at(document, "spec.executor"),
		{"spark.kubernetes.executor.request.cores",
			"spark.executor.cores"}};

	kind_check_labels(
		doc_at(document, "metadata.labels"), "metadata.labels", errors);
	check_program(&c);
	check_keys(&c);
	check_role(&driver);
	check_role(&executor);
	check_contexts(&driver, &executor);
	spark_check_confs(&c);
	spark_check_volumes(&c);
}
