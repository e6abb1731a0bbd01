/* SPDX-License-Identifier: Apache-2.0 */
/* What an image lacks to read S3. */
#include "kinds/kind_image.h"
#include "kinds/kind_spark_internal.h"

#include <ctype.h>
#include <string.h>

/* Images whose Spark has no hadoop-aws; those of others have what their makers
 * put in. */
static const char *const bare[] = {"apache/spark", "cloudcheflabs/spark"};

/* The Hadoop that a line of Spark is built with (its pom.xml,
 * "hadoop.version"): hadoop-aws must be of the same. Later ones bring their
 * SDK along. */
static const struct {
	const char *spark;
	const char *packages[2];
} lines[] = {
	{"3.0", {"com.amazonaws:aws-java-sdk-s3:1.11.375",
			"org.apache.hadoop:hadoop-aws:3.2.0"}},
	{"3.1", {"com.amazonaws:aws-java-sdk-s3:1.11.375",
			"org.apache.hadoop:hadoop-aws:3.2.0"}},
	{"3.2", {"org.apache.hadoop:hadoop-aws:3.3.1"}},
	{"3.3", {"org.apache.hadoop:hadoop-aws:3.3.2"}},
	{"3.4", {"org.apache.hadoop:hadoop-aws:3.3.4"}},
	{"3.5", {"org.apache.hadoop:hadoop-aws:3.3.4"}},
	{"4.0", {"org.apache.hadoop:hadoop-aws:3.4.1"}},
	{"4.1", {"org.apache.hadoop:hadoop-aws:3.4.2"}},
};

static bool
is_bare(const char *repository)
{
	for (size_t i = 0; i < COUNT_OF(bare); i++) {
		if (kind_image_is(repository, bare[i]))
			return true;
	}
	return false;
}

/* "v3.0.3" and "3.0-java11" are of the line "3.0". */
static bool
is_of_line(const char *tag, const char *line)
{
	const char *version = tag[0] == 'v' ? tag + 1 : tag;
	size_t n = strlen(line);

	return strncmp(version, line, n) == 0 &&
	       isdigit((unsigned char)version[n]) == 0;
}

static bool
reads_s3(const struct spark_core *core)
{
	return core->s3.bucket != NULL || core->s3.endpoint != NULL ||
	       strncmp(core->application_file, "s3a:", strlen("s3a:")) == 0;
}

static struct spec_texts
packages_of(struct arena *arena, const char *tag)
{
	struct spec_texts out = {0, arena_array(arena, 2, sizeof(char *))};

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (!is_of_line(tag, lines[i].spark))
			continue;
		for (size_t k = 0; k < COUNT_OF(lines[i].packages); k++) {
			if (lines[i].packages[k] != NULL)
				out.items[out.count++] = lines[i].packages[k];
		}
	}
	return out;
}

struct spec_texts
spark_packages(struct arena *arena, const struct spark_spec *spec)
{
	const char *given = spark_conf(spec, SPARK_CONF_PACKAGES);
	struct kind_image image;

	if (given != NULL)
		return spark_split(arena, given);
	kind_image_split(arena, spec->core.container.image, &image);
	if (!reads_s3(&spec->core) || !is_bare(image.repository))
		return (struct spec_texts){0};
	return packages_of(arena, image.tag);
}

const char *
spark_check_package(const char *text)
{
	unsigned parts = 1;
	size_t len = 0;

	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) != 0 ||
			strchr("._-", *text) != NULL)
			len++;
		else if (*text != ':' || len == 0)
			break;
		else {
			parts++;
			len = 0;
		}
	}
	if (*text == '\0' && parts == 3 && len > 0)
		return NULL;
	return "is no Maven package: write it like "
	       "org.apache.hadoop:hadoop-aws:3.3.4";
}

struct spec_texts
spark_split(struct arena *arena, const char *text)
{
	struct spec_texts out = {
		0, arena_array(arena, strlen(text) / 2 + 1, sizeof(char *))};

	while (*text != '\0') {
		size_t len;

		text += strspn(text, ", \t\r\n");
		len = strcspn(text, ", \t\r\n");
		if (len > 0)
			out.items[out.count++] = arena_copy(arena, text, len);
		text += len;
	}
	return out;
}
