/* SPDX-License-Identifier: Apache-2.0 */
/* Spark settings: which are refused, and what is made of the others. */
#include "kinds/kind_check.h"
#include "kinds/kind_file.h"
#include "kinds/kind_spark_internal.h"

#include <ctype.h>
#include <string.h>

#define PATH "spec.confs"
#define LABEL "spark.kubernetes.executor.label."

/* What roaster sets, and where the document says it; NULL: nowhere. */
static const struct {
	const char *name;
	const char *instead;
} fixed[] = {
	{"spark.driver.bindAddress", NULL},
	{"spark.driver.blockManager.port", NULL},
	{"spark.driver.host", NULL},
	{"spark.driver.port", NULL},
	{"spark.hadoop.hive.server2.thrift.port", NULL},
	{"spark.hadoop.hive.server2.transport.mode", NULL},
	{"spark.kubernetes.authenticate.driver.serviceAccountName",
		"spec.driver.serviceAccountName"},
	{"spark.kubernetes.container.image", "spec.core.container.image"},
	{"spark.kubernetes.container.image.pullPolicy",
		"spec.core.container.imagePullPolicy"},
	{"spark.kubernetes.executor.podNamePrefix", NULL},
	{"spark.kubernetes.executor.podTemplateContainerName", NULL},
	{"spark.kubernetes.executor.podTemplateFile",
		"spec.executor.podTemplate"},
	{"spark.kubernetes.executor.secretKeyRef.AWS_ACCESS_KEY_ID",
		"spec.core.s3.accessKey"},
	{"spark.kubernetes.executor.secretKeyRef.AWS_SECRET_ACCESS_KEY",
		"spec.core.s3.secretKey"},
	{"spark.kubernetes.namespace", "spec.core.namespace"},
	{"spark.kubernetes.submitInDriver", NULL},
	{"spark.master", NULL},
	{"spark.submit.deployMode", NULL},
	{"spark.ui.port", NULL},
};

/* Groups of settings that have no effect, or that may not have any. */
static const struct {
	const char *prefix;
	const char *why;
} groups[] = {
	{"spark.kubernetes.driver.",
		"has no effect, since Spark does not make the driver's pod: "
		"say it in spec.driver"},
	{"spark.kubernetes.executor.volumes.",
		"is set by roaster: say it in spec.volumes and "
		"spec.executor.volumeMounts"},
};

/* How names begin or end that have words of credentials in them and hold none:
 * most say where one is. The chart knows those of executors, too. */
static const char *const harmless_begins[] = {
	"spark.kubernetes.executor.secretKeyRef.",
	"spark.kubernetes.executor.secrets.",
	"spark.security.credentials.",
};
static const char *const harmless_ends[] = {
	".credential.provider.path",
	".credentials.provider",
	".image.pullSecrets",
	".keySizeBits",
};

/* Sizes and numbers that the driver's pod is made from. */
static const struct {
	const char *name;
	const char *(*check)(const char *text);
} sizes[] = {
	{"spark.driver.memory", spark_check_memory},
	{"spark.driver.memoryOverhead", spark_check_memory},
	{"spark.executor.memory", spark_check_memory},
	{"spark.executor.memoryOverhead", spark_check_memory},
	{"spark.driver.cores", spark_check_cores},
	{"spark.executor.cores", spark_check_cores},
};

static bool
starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A name that can stand in a file of properties. */
static const char *
check_name(const char *name)
{
	if (!starts(name, "spark.") || name[strlen("spark.")] == '\0')
		return "is none of Spark's settings, which begin with "
		       "\"spark.\"; Hadoop's and Hive's begin with "
		       "\"spark.hadoop.\"";
	for (; *name != '\0'; name++) {
		if (isgraph((unsigned char)*name) == 0 ||
			strchr("=:#!\\", *name) != NULL)
			return "is no name of a setting: it holds a blank, "
			       "'=', ':', '#', '!' or '\\'";
	}
	return NULL;
}

static bool
ends(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

static bool
is_harmless(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(harmless_begins); i++) {
		if (starts(name, harmless_begins[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT_OF(harmless_ends); i++) {
		if (ends(name, harmless_ends[i]))
			return true;
	}
	return false;
}

static bool
is_credential(const char *name, const char *value)
{
	return !is_harmless(name) &&
	       (kind_name_is_secret(name) || spark_text_is_secret(value));
}

/* Whether roaster sets ${name}; it has then been refused. */
static bool
is_fixed(const struct spark_checking *c, const struct doc_pair *pair)
{
	for (size_t i = 0; i < COUNT_OF(fixed); i++) {
		if (strcmp(pair->key, fixed[i].name) != 0)
			continue;
		kind_refuse(c->errors, pair->key_at, PATH,
			"%s is set by roaster: %s%s", pair->key,
			fixed[i].instead == NULL ? "remove it" : "say it in ",
			fixed[i].instead == NULL ? "" : fixed[i].instead);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		if (!starts(pair->key, groups[i].prefix))
			continue;
		kind_refuse(c->errors, pair->key_at, PATH, "%.100s %s",
			pair->key, groups[i].why);
		return true;
	}
	return false;
}

static void
check_size(const struct spark_checking *c, const struct doc_pair *pair)
{
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		const char *why = NULL;

		if (strcmp(pair->key, sizes[i].name) == 0)
			why = sizes[i].check(pair->value->text.data);
		if (why != NULL)
			kind_refuse(c->errors, pair->value, PATH,
				"%s: \"%.40s\" %s", pair->key,
				pair->value->text.data, why);
	}
}

/* Lists that become values of the chart. */
static void
check_list(const struct spark_checking *c, const struct doc_pair *pair)
{
	const struct spec_texts items =
		spark_split(c->arena, pair->value->text.data);
	bool is_packages = strcmp(pair->key, SPARK_CONF_PACKAGES) == 0;

	if (!is_packages && strcmp(pair->key, SPARK_CONF_PULL_SECRETS) != 0)
		return;
	for (size_t i = 0; i < items.count; i++) {
		const char *why = is_packages
					  ? spark_check_package(items.items[i])
					  : kind_check_object(items.items[i]);

		if (why != NULL)
			kind_refuse(c->errors, pair->value, PATH,
				"%s: \"%.60s\" %s", pair->key, items.items[i],
				why);
	}
}

static void
check_label(const struct spark_checking *c, const struct doc_pair *pair)
{
	if (starts(pair->key, LABEL) &&
		spark_label_is_taken(pair->key + strlen(LABEL)))
		kind_refuse(c->errors, pair->key_at, PATH,
			"%.100s: the label is set by roaster or Spark: take "
			"another",
			pair->key);
}

static void
check_conf(const struct spark_checking *c, const struct doc_pair *pair)
{
	const char *why = check_name(pair->key);

	if (why != NULL) {
		kind_refuse(c->errors, pair->key_at, PATH, "\"%.60s\" %s",
			pair->key, why);
		return;
	}
	/* nulls are absent, other types the table's business */
	if (doc_is_null(pair->value) || pair->value->type != DOC_SCALAR ||
		is_fixed(c, pair))
		return;
	if (is_credential(pair->key, pair->value->text.data)) {
		kind_refuse(c->errors, pair->key_at, PATH,
			"%.100s holds a credential, but settings can be read "
			"in Spark's UI: send S3 keys in s3_access_key and "
			"s3_secret_key; no others are taken",
			pair->key);
		return;
	}
	check_size(c, pair);
	check_list(c, pair);
	check_label(c, pair);
}

void
spark_check_confs(const struct spark_checking *c)
{
	const struct doc_node *confs = doc_at(c->document, PATH);

	if (confs == NULL || confs->type != DOC_MAP)
		return;
	for (size_t i = 0; i < confs->count; i++)
		check_conf(c, &confs->pairs[i]);
}

const char *
spark_conf(const struct spark_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->confs.count; i++) {
		if (strcmp(spec->confs.pairs[i].key, name) == 0)
			return spec->confs.pairs[i].value;
	}
	return NULL;
}
