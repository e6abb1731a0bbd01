/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include <limits.h>
#include <string.h>

static bool
has_status(const struct helm_revision *revision, const char *status)
{
	return strcmp(revision->status, status) == 0;
}

/* The newest revision below number ${below}, of any status if ${status} is
 * NULL; NULL if there is none. */
static const struct helm_revision *
newest(const struct helm_revision *revisions, size_t count, const char *status,
	unsigned below)
{
	const struct helm_revision *found = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct helm_revision *revision = &revisions[i];

		if (revision->number >= below ||
			(status != NULL && !has_status(revision, status)))
			continue;
		if (found == NULL || revision->number > found->number)
			found = revision;
	}
	return found;
}

static struct helm_advice
advice(enum helm_decision decision, const struct helm_revision *revision)
{
	return (struct helm_advice){decision, revision};
}

/* A pending revision whose helm is dead: back to what was deployed; if nothing
 * ever was, only its record stands in the way. Objects it made are adopted by
 * the next try, as they bear the release's name. */
static struct helm_advice
advise_pending(const struct helm_revision *latest,
	const struct helm_revision *deployed)
{
	if (has_status(latest, "pending-install") || deployed == NULL)
		return advice(HELM_DO_DROP_PENDING, latest);
	return advice(HELM_DO_ROLLBACK, deployed);
}

static struct helm_advice
advise_settled(const struct helm_revision *latest, const char *digest)
{
	bool is_wanted = has_status(latest, "deployed") &&
			 latest->digest != NULL &&
			 strcmp(latest->digest, digest) == 0;

	return advice(is_wanted ? HELM_DO_NOTHING : HELM_DO_UPGRADE, latest);
}

static struct helm_advice
advise_ours(const struct helm_revision *revisions, size_t count,
	const struct helm_revision *latest, const char *digest)
{
	const struct helm_revision *deployed =
		newest(revisions, count, "deployed", UINT_MAX);
	const struct helm_revision *second =
		deployed == NULL ? NULL
				 : newest(revisions, count, "deployed",
					   deployed->number);

	if (second != NULL)
		return advice(HELM_DO_DEMOTE, second);
	if (has_status(latest, "uninstalling"))
		return advice(HELM_DO_UNINSTALL, latest);
	if (strncmp(latest->status, "pending-", strlen("pending-")) == 0)
		return advise_pending(latest, deployed);
	return advise_settled(latest, digest);
}

void
helm_advise(const struct helm_revision *revisions, size_t count,
	const char *digest, bool is_deletion, struct helm_advice *out)
{
	const struct helm_revision *latest =
		newest(revisions, count, NULL, UINT_MAX);

	if (latest == NULL)
		*out = advice(
			is_deletion ? HELM_DO_NOTHING : HELM_DO_INSTALL, NULL);
	else if (latest->operation == NULL)
		*out = advice(HELM_DO_REFUSE_FOREIGN, latest);
	else if (is_deletion)
		*out = advice(HELM_DO_UNINSTALL, latest);
	else
		*out = advise_ours(revisions, count, latest, digest);
}
