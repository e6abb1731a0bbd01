/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/k8s_ready.h"
#include "k8s_view.h"
#include "unit.h"

/* What Kubernetes writes of a controller whose status is up to date. */
#define OBJECT(name, spec, status)                                 \
	"{metadata: {name: " name ", generation: 2}, spec: {" spec \
	"}, status: {observedGeneration: 2, " status "}}"
#define ALL(n)                                                       \
	"replicas: " n ", updatedReplicas: " n ", readyReplicas: " n \
	", availableReplicas: " n
#define REFUSED(since, message)                                             \
	"conditions: [{type: ReplicaFailure, status: 'True', reason: "      \
	"FailedCreate, lastTransitionTime: '" since "', message: '" message \
	"'}]"

/* view_now is 2026-11-21T10:00:00Z */
#define RECENT "2026-11-21T09:59:30Z"
#define LONG_AGO "2026-11-21T09:58:59Z"

static const struct view_case cases[] = {
	{
		.sentence = "all replicas there, twice",
		.deployments = OBJECT("a", "replicas: 2", ALL("2")),
		.stateful_sets = OBJECT("b", "replicas: 1", ALL("1")),
		.controllers_wanted = 2,
		.health = K8S_READY,
		.ready = 3,
		.wanted = 3,
		.why = "3 of 3 pods ready",
	},
	{
		.sentence = "replicas default to one",
		.deployments = OBJECT("a", "", ALL("1")),
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
	{
		.sentence = "a release without controllers",
		.health = K8S_READY,
		.why = "0 of 0 pods ready",
	},
	{
		.sentence = "one of two controllers",
		.deployments = OBJECT("a", "replicas: 2", ALL("2")),
		.controllers_wanted = 2,
		.health = K8S_ABSENT,
		.ready = 2,
		.wanted = 2,
		.why = "1 of 2 deployments and stateful sets are there",
	},
	{
		.sentence = "one that is being deleted is absent",
		.deployments =
			"{metadata: {name: a, deletionTimestamp: '" RECENT
			"'}}",
		.controllers_wanted = 1,
		.health = K8S_ABSENT,
		.why = "0 of 1 deployments and stateful sets are there",
	},
	{
		.sentence = "a generation not observed",
		.deployments =
			"{metadata: {name: a, generation: 3}, spec: "
			"{replicas: 1}, status: {observedGeneration: 2, " ALL(
				"1") "}}",
		.health = K8S_PARTIAL,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready; deployment a: the change has not "
		       "been taken up yet",
	},
	{
		.sentence = "no status at all",
		.deployments = "{metadata: {name: a, generation: 1}, spec: "
			       "{replicas: 2}}",
		.health = K8S_WAITING,
		.wanted = 2,
		.why = "0 of 2 pods ready; deployment a: the change has not "
		       "been taken up yet",
	},
	{
		.sentence = "the old pods are ready, one new is made",
		.deployments = OBJECT("a", "replicas: 3",
			"replicas: 4, updatedReplicas: 1, readyReplicas: 3, "
			"availableReplicas: 3"),
		.health = K8S_PARTIAL,
		.ready = 3,
		.wanted = 3,
		.why = "3 of 3 pods ready; deployment a: 1 of 3 pods updated",
	},
	{
		.sentence = "all new ones are there, an old one is left",
		.deployments = OBJECT("a", "replicas: 3",
			"replicas: 4, updatedReplicas: 3, readyReplicas: 4, "
			"availableReplicas: 4"),
		.health = K8S_PARTIAL,
		.ready = 3,
		.wanted = 3,
		.why = "3 of 3 pods ready; deployment a: waits for pods to "
		       "become available or to end",
	},
	{
		.sentence = "ready but not long enough to be available",
		.deployments = OBJECT("a", "replicas: 1",
			"replicas: 1, updatedReplicas: 1, readyReplicas: 1"),
		.health = K8S_PARTIAL,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready; deployment a: waits for pods to "
		       "become available or to end",
	},
	{
		.sentence = "scaled down, and the pods still run",
		.deployments = OBJECT("a", "replicas: 0", ALL("3")),
		.health = K8S_WAITING,
		.why = "0 of 0 pods ready; deployment a: waits for pods to "
		       "become available or to end",
	},
	{
		.sentence = "an autoscaler's minimum is not reached",
		.deployments = OBJECT("a", "replicas: 1", ALL("1")),
		.autoscalers = "{spec: {minReplicas: 3, scaleTargetRef: {kind: "
			       "Deployment, name: a}}}",
		.health = K8S_PARTIAL,
		.ready = 1,
		.wanted = 3,
		.why = "1 of 3 pods ready; deployment a: 1 of 3 pods updated",
	},
	{
		.sentence = "an autoscaler went beyond its minimum",
		.deployments = OBJECT("a", "replicas: 4", ALL("4")),
		.autoscalers = "{spec: {minReplicas: 3, scaleTargetRef: {kind: "
			       "Deployment, name: a}}}",
		.health = K8S_READY,
		.ready = 4,
		.wanted = 4,
		.why = "4 of 4 pods ready",
	},
	{
		.sentence = "autoscalers of others do not count",
		.deployments = OBJECT("a", "replicas: 1", ALL("1")),
		.autoscalers = "{spec: {minReplicas: 3, scaleTargetRef: {kind: "
			       "StatefulSet, name: a}}}, {spec: {minReplicas: "
			       "3, scaleTargetRef: {kind: Deployment, name: "
			       "b}}}",
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
	{
		.sentence = "quota refused",
		.deployments = OBJECT("a", "replicas: 2",
			"replicas: 1, updatedReplicas: 1, readyReplicas: 1, "
			"availableReplicas: 1, " REFUSED(RECENT,
				"pods \"a-1\" is forbidden: exceeded quota: "
				"q")),
		.health = K8S_FAILED,
		.ready = 1,
		.wanted = 2,
		.why = "1 of 2 pods ready; deployment a: FailedCreate: pods "
		       "\"a-1\" is forbidden: exceeded quota: q",
	},
	{
		.sentence = "refused for another reason a moment ago",
		.deployments = OBJECT("a", "replicas: 1",
			REFUSED(RECENT, "error looking up service account")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; deployment a: FailedCreate: error "
		       "looking up service account",
	},
	{
		.sentence = "refused for another reason for long",
		.deployments = OBJECT("a", "replicas: 1",
			REFUSED(LONG_AGO, "error looking up service account")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; deployment a: FailedCreate: error "
		       "looking up service account",
	},
	{
		.sentence = "refused before the present spec",
		.deployments = "{metadata: {name: a, generation: 3}, status: "
			       "{observedGeneration: 2, " REFUSED(
				       LONG_AGO, "exceeded quota") "}}",
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; deployment a: the change has not "
		       "been taken up yet",
	},
	{
		.sentence = "refused once, and all pods are there",
		.deployments = OBJECT("a", "replicas: 1",
			ALL("1") ", " REFUSED(LONG_AGO, "exceeded quota")),
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
	{
		.sentence = "a stateful set that rolls",
		.stateful_sets = OBJECT("db", "replicas: 2",
			"replicas: 2, updatedReplicas: 1, readyReplicas: 2, "
			"availableReplicas: 2"),
		.health = K8S_PARTIAL,
		.ready = 2,
		.wanted = 2,
		.why = "2 of 2 pods ready; stateful set db: 1 of 2 pods "
		       "updated",
	},
	{
		.sentence = "a partition holds back some",
		.stateful_sets = OBJECT("db",
			"replicas: 2, updateStrategy: {type: RollingUpdate, "
			"rollingUpdate: {partition: 1}}",
			"replicas: 2, updatedReplicas: 1, readyReplicas: 2, "
			"availableReplicas: 2"),
		.health = K8S_READY,
		.ready = 2,
		.wanted = 2,
		.why = "2 of 2 pods ready",
	},
	{
		.sentence = "updated only when somebody deletes pods",
		.stateful_sets = OBJECT("db",
			"replicas: 1, updateStrategy: {type: OnDelete}",
			"replicas: 1, readyReplicas: 1, availableReplicas: 1"),
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
	{
		.sentence = "a job that runs",
		.jobs = "{metadata: {name: j}}",
		.health = K8S_WAITING,
		.why = "0 of 0 pods ready; job j is not complete",
	},
	{
		.sentence = "a job that is complete, one that is deleted",
		.jobs = "{metadata: {name: j}, status: {conditions: [{type: "
			"SuspendedOnce}, {type: Complete, status: 'True'}]}}, "
			"{metadata: {name: k, deletionTimestamp: '" RECENT
			"'}}",
		.health = K8S_READY,
		.why = "0 of 0 pods ready",
	},
};

static void
k8s_judge_weighs_controllers(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		view_check(*state, &cases[i]);
}

static void
k8s_judge_cuts_between_characters_and_keeps_one_line(void **state)
{
	struct view_case row = {
		.sentence = "a long message",
		.deployments = arena_format(*state,
			OBJECT("a", "replicas: 1",
				REFUSED(RECENT, "exceeded quota %s")),
			view_repeat(*state, "\xc3\xa4", 400)),
		.health = K8S_FAILED,
		.wanted = 1,
	};
	struct k8s_verdict verdict = view_judge(*state, &row);

	assert_int_equal(verdict.health, K8S_FAILED);
	assert_in_range(strlen(verdict.why), 318, 319);
	assert_int_equal(
		(unsigned char)verdict.why[strlen(verdict.why) - 1], 0xa4);

	row.deployments = OBJECT("a", "replicas: 1",
		"conditions: [{type: ReplicaFailure, status: 'True', message: "
		"\"exceeded quota\\nq\\x7f\"}]");
	verdict = view_judge(*state, &row);
	assert_string_equal(verdict.why,
		"0 of 1 pods ready; deployment a: ReplicaFailure: exceeded "
		"quota q");
}

static void
k8s_judge_masks_what_must_not_be_told_on(void **state)
{
	const struct bytes masks[] = {unit_bytes("jdbc:x?password=hunter2")};
	const struct k8s_release_view view = {
		.deployments = view_list(*state,
			OBJECT("a", "replicas: 1",
				REFUSED(RECENT,
					"exceeded quota "
					"jdbc:x?password=hunter2 end"))),
		.controllers_wanted = 1,
		.n_masks = 1,
		.masks = masks,
	};
	struct k8s_verdict verdict;

	k8s_judge(&view, &verdict);
	assert_non_null(strstr(verdict.why, "exceeded quota *** end"));
	assert_null(strstr(verdict.why, "hunter2"));
}

static void
k8s_mounts_claims_looks_at_all_pods(void **state)
{
	static const char none[] = "{}, {spec: {volumes: [{configMap: {}}]}}";
	static const char second[] =
		"{spec: {volumes: [{configMap: {}}]}}, {spec: {volumes: [{}, "
		"{persistentVolumeClaim: {claimName: data}}]}}";

	assert_false(k8s_mounts_claims(NULL));
	assert_false(k8s_mounts_claims(view_list(*state, "")));
	assert_false(k8s_mounts_claims(view_list(*state, none)));
	assert_true(k8s_mounts_claims(view_list(*state, second)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(k8s_judge_weighs_controllers),
		UNIT_TEST(k8s_judge_cuts_between_characters_and_keeps_one_line),
		UNIT_TEST(k8s_judge_masks_what_must_not_be_told_on),
		UNIT_TEST(k8s_mounts_claims_looks_at_all_pods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
