/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include <ctype.h>
#include <string.h>

#define PART_MAX 99999U

/* The decimal number at ${*at}, which moves behind it; -1 if there is none. */
static int
read_part(const char **at, unsigned *out)
{
	unsigned part = 0;

	if (!isdigit((unsigned char)**at))
		return -1;
	while (isdigit((unsigned char)**at) && part <= PART_MAX)
		part = part * 10 + (unsigned)(*(*at)++ - '0');
	*out = part;
	return 0;
}

/* Semantic Versioning with or without a "v". ${is_early}: of a pre-release,
 * which comes before the version it names. */
static int
parse(const char *text, struct helm_version *out, bool *is_early)
{
	const char *at = text + (text[0] == 'v' ? 1 : 0);

	if (read_part(&at, &out->major) != 0 || *at++ != '.' ||
		read_part(&at, &out->minor) != 0 || *at++ != '.' ||
		read_part(&at, &out->patch) != 0)
		return -1;
	*is_early = *at == '-';
	return strchr("-+", *at) != NULL ? 0 : -1;
}

static bool
is_below(const struct helm_version *a, const struct helm_version *b)
{
	if (a->minor != b->minor)
		return a->minor < b->minor;
	return a->patch < b->patch;
}

static int
check_floor(const struct helm_version *version, bool is_early, const char *text,
	struct err *e)
{
	static const char *const floors[] = {HELM_FLOOR_4, HELM_FLOOR_3};

	for (size_t i = 0; i < COUNT_OF(floors); i++) {
		struct helm_version floor;
		bool unused;

		if (parse(floors[i], &floor, &unused) != 0 ||
			floor.major != version->major)
			continue;
		/* a pre-release of the floor is below it */
		if (is_early ? is_below(&floor, version)
			     : !is_below(version, &floor))
			return 0;
		return err_set(e, ERR_INVALID, "helm",
			"helm %s has known holes; install %s or newer", text,
			floors[i]);
	}
	return err_set(e, ERR_INVALID, "helm",
		"helm %s is not supported; install " HELM_FLOOR_4
		" or a newer 4.x",
		text);
}

int
helm_version_check(struct bytes output, struct helm_version *out, struct err *e)
{
	char text[48] = "";
	bool is_early;

	for (size_t i = 0; i < output.len && i < sizeof(text) - 1; i++) {
		if (!isgraph((unsigned char)output.data[i]))
			break;
		text[i] = output.data[i];
	}
	if (parse(text, out, &is_early) != 0)
		return err_set(e, ERR_INVALID, "helm",
			"'%s' is no version of helm; install " HELM_FLOOR_4
			" or a newer 4.x",
			text);
	return check_floor(out, is_early, text, e);
}
