/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_spark_internal.h"

#include "kinds/kind_check.h"
#include "kinds/kind_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define NUMBER_MAX 9U  /* digits */
#define VOLUME_MAX 46U /* "spark-local-dir-" comes before it: a DNS label */
#define PORT_MAX 65535U
#define THRIFT "thrift://"
#define SPARK_INTERNAL "spark-internal"

/* Whether ${text} has only letters, digits and characters of ${others}. */
static bool
is_made_of(const char *text, const char *others)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) == 0 &&
			strchr(others, *text) == NULL)
			return false;
	}
	return true;
}

static bool
starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool
has_blank(const char *text)
{
	for (; *text != '\0'; text++) {
		if (isgraph((unsigned char)*text) == 0)
			return true;
	}
	return false;
}

/* Digits at the start of ${text}, which is no 0 and not too large; else 0. */
static size_t
count_at(const char *text)
{
	size_t n = strspn(text, DIGITS);

	return text[0] == '0' || n > NUMBER_MAX ? 0 : n;
}

const char *
spark_check_account(const char *text)
{
	if (strcmp(text, "default") == 0)
		return "is the account of every pod: take a name of its own; "
		       "it is created";
	return kind_check_object(text);
}

const char *
spark_check_claim(const char *text)
{
	return strcmp(text, SPARK_ON_DEMAND) == 0 ? NULL
						  : kind_check_object(text);
}

const char *
spark_check_cores(const char *text)
{
	uint64_t cores;

	if (text_to_uint(text, SPARK_CORES_MAX, &cores) == 0 && cores > 0)
		return NULL;
	return "is no number of cores: take a whole number, at least 1";
}

const char *
spark_check_cpu(const char *text)
{
	size_t n = strspn(text, DIGITS);
	const char *rest = text + n;

	if (n > 0 && (*rest == '\0' || strcmp(rest, "m") == 0))
		return NULL;
	if (n > 0 && *rest == '.' && rest[1] != '\0' &&
		rest[1 + strspn(rest + 1, DIGITS)] == '\0')
		return NULL;
	return "is no amount of CPU: write it like 1200m, 2 or 1.5";
}

const char *
spark_check_memory(const char *text)
{
	size_t n = count_at(text);

	if (n > 0 && text[n] != '\0' && strchr("mgMG", text[n]) != NULL &&
		text[n + 1] == '\0')
		return NULL;
	return "is no size of a Java heap: write it like 512m or 1g";
}

const char *
spark_check_mount_path(const char *text)
{
	if (has_blank(text) || strchr(text, ',') != NULL)
		return "holds a blank or ',', which Spark cannot take";
	return kind_check_folder(text);
}

const char *
spark_check_size(const char *text)
{
	size_t n = count_at(text);

	if (n > 0 && text[n] != '\0' && strchr("KMGT", text[n]) != NULL &&
		strcmp(text + n + 1, "i") == 0)
		return NULL;
	return "is no size: write it like 500Mi or 10Gi";
}

const char *
spark_check_sub_path(const char *text)
{
	if (text[0] != '/' && !has_blank(text) && strchr(text, ':') == NULL &&
		strstr(text, "..") == NULL)
		return NULL;
	return "is no folder inside the volume: write it like a/b, without "
	       "'..', ':' and blanks";
}

const char *
spark_check_volume(const char *text)
{
	if (text_is_dns_label(text, VOLUME_MAX))
		return NULL;
	return "is no name: take up to 46 lower-case letters, digits and '-', "
	       "with no '-' at the ends";
}

const char *
spark_check_application(const char *text)
{
	const char *query = strchr(text, '?');
	const char *host;

	if (strcmp(text, SPARK_INTERNAL) == 0)
		return NULL;
	host = text + strcspn(text, ":/");
	if (isalpha((unsigned char)text[0]) == 0 || has_blank(text) ||
		!starts(host, "://"))
		return "this is no URL: write it like s3a://bucket/server.jar "
		       "or local:///opt/spark/server.jar";
	host += strlen("://");
	if (host[strcspn(host, "@/")] == '@' ||
		(query != NULL && spark_text_is_secret(query)))
		return "this URL holds a credential, which whoever sees the "
		       "pod could read: take it out";
	return NULL;
}

const char *
spark_check_metastore(const char *text)
{
	const char *host;
	const char *colon;
	uint64_t port;

	if (!starts(text, THRIFT))
		return "this is no metastore: write it like "
		       "thrift://metastore.hive-metastore.svc:9083";
	host = text + strlen(THRIFT);
	colon = strrchr(host, ':');
	if (colon == NULL || colon == host || !is_made_of(host, ".-:") ||
		text_to_uint(colon + 1, PORT_MAX, &port) != 0 || port == 0)
		return "this is not one host and its port: write it like "
		       "thrift://metastore.hive-metastore.svc:9083";
	return NULL;
}

const char *
spark_check_argument(const char *text)
{
	return spark_text_is_secret(text)
		       ? "this argument holds a credential, or says that one "
			 "follows, and whoever sees the pod can read it: take "
			 "it out"
		       : NULL;
}

const char *
spark_check_secret_name(const char *text)
{
	return text_is_dns_subdomain(text)
		       ? NULL
		       : "this is no name of a Secret: take lower-case "
			 "letters, digits, '-' and '.'";
}

const char *
spark_check_secret_key(const char *text)
{
	return is_made_of(text, "-._") ? NULL
				       : "this is no key of a Secret: take "
					 "letters, digits, '-', '_' and '.'";
}

bool
spark_text_is_secret(const char *text)
{
	if (strpbrk(text, "=:") != NULL)
		return kind_file_is_secret(text);
	return text[0] == '-' && kind_name_is_secret(text);
}

double
spark_cpu_milli(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	return *end == 'm' ? value : value * 1000;
}
