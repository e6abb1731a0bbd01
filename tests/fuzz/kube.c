/* SPDX-License-Identifier: Apache-2.0 */
/* An answer of the API server: status, media type and content. Its members
 * "pods", "deployments" and so on are judged as lists of a release. */
#include "fuzz.h"

#include "k8s/k8s_answer.h"
#include "k8s/k8s_ready.h"

#include <string.h>

#define MASK "canary-9f3b71"

static struct k8s_release_view
view_of(const struct doc_node *body, unsigned controllers)
{
	return (struct k8s_release_view){
		.deployments = doc_get(body, "deployments"),
		.stateful_sets = doc_get(body, "statefulsets"),
		.jobs = doc_get(body, "jobs"),
		.pods = doc_get(body, "pods"),
		.claims = doc_get(body, "claims"),
		.autoscalers = doc_get(body, "autoscalers"),
		.controllers_wanted = controllers,
		.now_ms = INT64_C(1795252812345),
	};
}

static void
check_judge(const struct doc_node *body, unsigned controllers)
{
	static const struct bytes mask = {MASK, sizeof(MASK) - 1};
	struct k8s_release_view view = view_of(body, controllers);
	struct k8s_verdict verdict;

	view.n_masks = 1;
	view.masks = &mask;
	k8s_judge(&view, &verdict);
	fuzz_must(memchr(verdict.why, '\0', sizeof(verdict.why)) != NULL,
		"why is a string");
	fuzz_must(verdict.health <= K8S_FAILED, "a verdict");
	fuzz_clean(verdict.why);
	fuzz_clean(verdict.pod);
	fuzz_must(!fuzz_holds(fuzz_bytes(verdict.why), mask),
		"no secret is told on");
}

void
fuzz_kube(struct arena *arena, struct bytes in)
{
	static const struct k8s_request request = {
		.path = "/api/v1/namespaces/x/pods"};
	unsigned seed = fuzz_byte(&in);
	const struct k8s_reply reply = {.status = 200 + (int)(seed * 7 % 400),
		.content_type = seed == 1 ? "text/plain" : "application/json",
		.content = in,
		.retry_after_s = seed};
	struct k8s_answer answer;
	struct err e;

	if (k8s_answer_read(arena, &reply, &answer, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	if (k8s_refused(&request, &answer, &e) == -1)
		fuzz_must(e.code != ERR_NONE, "a refusal has a code");
	check_judge(answer.body, seed % 4);
}
