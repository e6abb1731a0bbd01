/* SPDX-License-Identifier: Apache-2.0 */
/* What helm said: an exit status, then its standard error; also as a version,
 * and as the revisions of a release. */
#include "fuzz.h"

#include "base/base_text.h"
#include "helm/helm.h"

#include <string.h>

#define MASK "canary-9f3b71"
#define REVISIONS_MAX 6U
#define STEPS_MAX 32U

static const char *const statuses[] = {"deployed", "superseded", "failed",
	"pending-install", "pending-upgrade", "pending-rollback",
	"uninstalling", "uninstalled", "unknown", ""};

static void
check_judge(struct bytes in)
{
	static const struct bytes mask = {MASK, sizeof(MASK) - 1};
	int status = (int)fuzz_byte(&in);
	struct helm_judgement judged;

	helm_judge(status, status == 77, in, &mask, 1, &judged);
	fuzz_must((status == 0) == (judged.outcome == HELM_OK),
		"only 0 is no failure");
	fuzz_must((status == 0) == (judged.message[0] == '\0'),
		"a failure says something");
	fuzz_must(!fuzz_holds(fuzz_bytes(judged.message), mask),
		"no secret is told on");
	if (text_is_utf8(in))
		fuzz_clean(judged.message);
}

static void
check_version(struct bytes in)
{
	struct helm_version version;
	struct err e;

	if (helm_version_check(in, &version, &e) != 0)
		fuzz_error(&e, in);
	else
		fuzz_must(version.major == 3 || version.major == 4,
			"helm 3 or 4");
}

/* --- a release and what its repairs lead to --------------------------------
 */

struct release {
	size_t count;
	struct helm_revision items[REVISIONS_MAX + STEPS_MAX];
};

static void
read_release(struct bytes in, struct release *out)
{
	out->count = fuzz_byte(&in) % REVISIONS_MAX;
	for (size_t i = 0; i < out->count; i++) {
		unsigned seed = fuzz_byte(&in);

		out->items[i] =
			(struct helm_revision){.number = (unsigned)i + 1,
				.status = statuses[seed % COUNT_OF(statuses)],
				.operation = seed % 16 == 15 ? NULL : "op",
				.digest = seed % 16 == 15 ? NULL
					  : seed % 3 == 0 ? "wanted"
							  : "other",
				.secret = "s",
				.uid = "u",
				.resource_version = "1"};
	}
}

static void
add(struct release *release, const char *digest)
{
	struct helm_revision *next = &release->items[release->count];

	for (size_t i = 0; i < release->count; i++)
		if (strcmp(release->items[i].status, "deployed") == 0)
			release->items[i].status = "superseded";
	*next = (struct helm_revision){.number = 1, .status = "deployed"};
	if (release->count > 0)
		next->number = next[-1].number + 1;
	next->operation = "op";
	next->digest = digest;
	next->secret = next->uid = next->resource_version = "x";
	release->count++;
}

static void
drop(struct release *release, const struct helm_revision *revision)
{
	size_t at = (size_t)(revision - release->items);

	memmove(&release->items[at], &release->items[at + 1],
		(release->count - at - 1) * sizeof(*revision));
	release->count--;
}

static void
demote(struct release *release, const struct helm_revision *revision)
{
	release->items[revision - release->items].status = "superseded";
}

/* As helm would; whether there is more to do. */
static bool
carry_out(struct release *release, const struct helm_advice *advice)
{
	switch (advice->decision) {
	case HELM_DO_NOTHING:
	case HELM_DO_REFUSE_FOREIGN:
		return false;
	case HELM_DO_INSTALL:
	case HELM_DO_UPGRADE:
		add(release, "wanted");
		break;
	case HELM_DO_ROLLBACK:
		add(release, advice->revision->digest);
		break;
	case HELM_DO_DROP_PENDING:
		drop(release, advice->revision);
		break;
	case HELM_DO_DEMOTE:
		demote(release, advice->revision);
		break;
	case HELM_DO_UNINSTALL:
		release->count = 0;
		break;
	}
	return true;
}

static void
check_repairs(struct bytes in)
{
	bool is_deletion = fuzz_byte(&in) % 4 == 0;
	struct helm_advice advice;
	struct release release;
	unsigned steps = 0;

	read_release(in, &release);
	do {
		fuzz_must(++steps < STEPS_MAX, "repairs come to an end");
		helm_advise(release.items, release.count, "wanted", is_deletion,
			&advice);
	} while (carry_out(&release, &advice));
	if (advice.decision == HELM_DO_REFUSE_FOREIGN)
		return;
	fuzz_must(is_deletion == (release.count == 0),
		"they lead to what was wanted");
}

void
fuzz_helm(struct arena *arena, struct bytes in)
{
	(void)arena;
	check_judge(in);
	check_version(in);
	check_repairs(in);
}
