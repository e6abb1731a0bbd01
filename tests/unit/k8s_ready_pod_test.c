/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s_view.h"
#include "unit.h"

#define RECENT "2026-11-21T09:59:30Z"
#define LONG_AGO "2026-11-21T10:58:59+01:00"

/* A deployment whose pod is of web-222; another one is left of web-111. */
#define WEB                                                                    \
	"{metadata: {name: web, generation: 1}, spec: {replicas: 1}, status: " \
	"{observedGeneration: 1, replicas: 2, updatedReplicas: 1, "            \
	"conditions: [{type: Progressing, status: 'True', message: "           \
	"'ReplicaSet \"web-222\" is progressing.'}]}}"
/* It came back to web-222: nobody says so, but all its pods are of it. */
#define WEB_BACK                                                               \
	"{metadata: {name: web, generation: 1}, spec: {replicas: 1}, status: " \
	"{observedGeneration: 1, replicas: 1, updatedReplicas: 1, "            \
	"conditions: [{type: Progressing, status: 'True', message: "           \
	"'ReplicaSet \"web-111\" has successfully progressed.'}]}}"
#define WEB_READY                                                              \
	"{metadata: {name: web, generation: 1}, spec: {replicas: 1}, status: " \
	"{observedGeneration: 1, replicas: 1, updatedReplicas: 1, "            \
	"readyReplicas: 1, availableReplicas: 1}}"
#define WEB_MUTE                                                               \
	"{metadata: {name: web, generation: 1}, spec: {replicas: 1}, status: " \
	"{observedGeneration: 1, replicas: 1, updatedReplicas: 1}}"

#define OWNED(name, kind, owner, hash, rest)                                \
	"{metadata: {name: " name ", labels: {pod-template-hash: '" hash    \
	"'}, ownerReferences: [{kind: Other, name: x}, {controller: true, " \
	"kind: " kind ", name: " owner "}]}, " rest "}"
#define POD(rest) OWNED("web-222-x", "ReplicaSet", "web-222", "222", rest)
#define OLD_POD(rest) OWNED("web-111-y", "ReplicaSet", "web-111", "111", rest)
#define CONTAINER(state)                                                  \
	"status: {phase: Pending, containerStatuses: [{name: ok, ready: " \
	"true, state: {running: {}}}, {name: main, " state "}]}"
#define WAITING(reason, message)                                             \
	CONTAINER("state: {waiting: {reason: " reason ", message: '" message \
		  "'}}")
#define CRASHED(restarts)                                                  \
	CONTAINER("restartCount: " restarts ", state: {waiting: {reason: " \
		  "CrashLoopBackOff, message: back-off}}, lastState: "     \
		  "{terminated: {exitCode: 137, reason: OOMKilled}}")
#define UNSCHEDULABLE(since)                                           \
	"status: {conditions: [{type: PodScheduled, status: 'False', " \
	"reason: Unschedulable, message: Insufficient cpu, "           \
	"lastTransitionTime: '" since "'}]}"

#define ROLLING                                                        \
	"0 of 1 pods ready; deployment web: waits for pods to become " \
	"available or to end"

static const struct view_case pods[] = {
	{
		.sentence = "an image that cannot be pulled",
		.deployments = WEB,
		.pods = POD(WAITING(
			"ImagePullBackOff", "Back-off pulling image \"x\"")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "ImagePullBackOff: Back-off pulling image \"x\"",
		.pod = "web-222-x",
	},
	{
		.sentence = "that image, and it was tried before",
		.deployments = WEB_BACK,
		.pods = POD(WAITING("ErrImagePull", "")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "ErrImagePull",
		.pod = "web-222-x",
	},
	{
		.sentence = "a Secret that is missing, no message",
		.deployments = WEB,
		.pods = POD(WAITING("CreateContainerConfigError", "")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "CreateContainerConfigError",
		.pod = "web-222-x",
	},
	{
		.sentence = "an init container with a bad image name",
		.deployments = WEB,
		.pods = POD("status: {initContainerStatuses: [{name: init, "
			    "state: {waiting: {reason: InvalidImageName}}}]}"),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container init: "
		       "InvalidImageName",
		.pod = "web-222-x",
	},
	{
		.sentence = "a container that is being created",
		.deployments = WEB,
		.pods = POD(WAITING("ContainerCreating", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "ContainerCreating",
	},
	{
		.sentence = "a probe that has not passed",
		.deployments = WEB,
		.pods = POD("status: {phase: Running, containerStatuses: "
			    "[{name: main, state: {running: {}}}]}"),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x is Running and not "
		       "ready",
	},
	{
		.sentence = "three crashes may heal",
		.deployments = WEB,
		.pods = POD(CRASHED("2")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "CrashLoopBackOff: exit code 137 (OOMKilled), ended 3 "
		       "times",
	},
	{
		.sentence = "the fourth crash does not",
		.deployments = WEB,
		.pods = POD(CRASHED("3")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "CrashLoopBackOff: exit code 137 (OOMKilled), ended 4 "
		       "times",
		.pod = "web-222-x",
	},
	{
		.sentence = "between a crash and the back-off",
		.deployments = WEB,
		.pods = POD(CONTAINER(
			"restartCount: 3, state: {terminated: {exitCode: 1, "
			"message: no such catalog}}")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: exit "
		       "code 1 (Error): no such catalog, ended 4 times",
		.pod = "web-222-x",
	},
	{
		.sentence = "a crash loop of which nothing is known",
		.deployments = WEB,
		.pods = POD(WAITING("CrashLoopBackOff", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x container main: "
		       "CrashLoopBackOff: ended 1 times",
	},
	{
		.sentence = "no room for half a minute",
		.deployments = WEB,
		.pods = POD(UNSCHEDULABLE(RECENT)),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x: Unschedulable: "
		       "Insufficient cpu",
	},
	{
		.sentence = "no room for more than a minute",
		.deployments = WEB,
		.pods = POD(UNSCHEDULABLE(LONG_AGO)),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x: Unschedulable: "
		       "Insufficient cpu",
		.pod = "web-222-x",
	},
	{
		.sentence = "no room since an unknown time",
		.deployments = WEB,
		.pods = POD(UNSCHEDULABLE("")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x: Unschedulable: "
		       "Insufficient cpu",
	},
	{
		.sentence = "not scheduled for another reason",
		.deployments = WEB,
		.pods = POD("status: {conditions: [{type: PodScheduled, "
			    "status: 'False', reason: SchedulingGated}]}"),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-x is Pending and not "
		       "ready",
	},
	{
		.sentence = "the gravest of several is told",
		.deployments = WEB,
		.pods = POD(WAITING("ContainerCreating", "")) ", " OWNED(
			"web-222-z", "ReplicaSet", "web-222", "222",
			WAITING("ErrImagePull",
				"")) ", " POD(UNSCHEDULABLE(RECENT)),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-222-z container main: "
		       "ErrImagePull",
		.pod = "web-222-z",
	},
	{
		.sentence = "a broken pod of the template before",
		.deployments = WEB,
		.pods = OLD_POD(WAITING("ImagePullBackOff", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "which template it is of is not known",
		.deployments = WEB_MUTE,
		.pods = OLD_POD(WAITING("ImagePullBackOff", "")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod web-111-y container main: "
		       "ImagePullBackOff",
		.pod = "web-111-y",
	},
	{
		.sentence = "a pod of another release",
		.deployments = WEB,
		.pods = OWNED("x", "ReplicaSet", "other-222", "222",
			WAITING("ImagePullBackOff", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "a ReplicaSet without a deployment",
		.deployments = WEB,
		.pods = OWNED("x", "ReplicaSet", "web-222", "333",
			WAITING("ImagePullBackOff", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "a pod that nobody controls",
		.deployments = WEB,
		.pods = "{metadata: {name: bare}, " WAITING(
			"ImagePullBackOff", "") "}",
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "a pod that is being deleted",
		.deployments = WEB,
		.pods = "{metadata: {name: web-222-x, deletionTimestamp: "
			"'" RECENT "', labels: {pod-template-hash: '222'}, "
			"ownerReferences: [{controller: true, kind: "
			"ReplicaSet, name: web-222}]}, " WAITING(
				"ImagePullBackOff", "") "}",
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "an evicted pod is replaced",
		.deployments = WEB,
		.pods = POD("status: {phase: Failed, containerStatuses: "
			    "[{name: main, restartCount: 9, state: "
			    "{terminated: {exitCode: 1}}}]}"),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = ROLLING,
	},
	{
		.sentence = "a pod of a stateful set",
		.stateful_sets = "{metadata: {name: db, generation: 1}, "
				 "status: {observedGeneration: 1}}",
		.pods = OWNED("db-0", "StatefulSet", "db", "",
			WAITING("ErrImageNeverPull", "")),
		.health = K8S_FAILED,
		.wanted = 1,
		.why = "0 of 1 pods ready; pod db-0 container main: "
		       "ErrImageNeverPull",
		.pod = "db-0",
	},
	{
		.sentence = "one whose stateful set is of a later spec",
		.stateful_sets = "{metadata: {name: db, generation: 2}, "
				 "status: {observedGeneration: 1}}",
		.pods = OWNED("db-0", "StatefulSet", "db", "",
			WAITING("ErrImagePull", "")),
		.health = K8S_WAITING,
		.wanted = 1,
		.why = "0 of 1 pods ready; stateful set db: the change has "
		       "not been taken up yet",
	},
	{
		.sentence = "a pod of a job",
		.jobs = "{metadata: {name: init}}",
		.pods = OWNED("init-x", "Job", "init", "",
			WAITING("ErrImagePull", "")),
		.health = K8S_FAILED,
		.why = "0 of 0 pods ready; pod init-x container main: "
		       "ErrImagePull",
		.pod = "init-x",
	},
	{
		.sentence = "a failed job names its pod",
		.jobs = "{metadata: {name: init}, status: {conditions: [{type: "
			"Failed, status: 'True', reason: BackoffLimitExceeded, "
			"message: too many}]}}",
		.pods = OWNED("init-x", "Job", "init", "",
			"status: {phase: Failed}") ", " OWNED("init-y", "Job",
			"init", "",
			"status: {phase: Failed}") ", " OWNED("init-z", "Job",
			"init", "",
			"status: {phase: Succeeded}") ", " OWNED("other-x",
			"Job", "other", "", "status: {phase: Failed}"),
		.health = K8S_FAILED,
		.why = "0 of 0 pods ready; job init: BackoffLimitExceeded: "
		       "too many",
		.pod = "init-y",
	},
};

#define MOUNTS(claim)                                                \
	"spec: {volumes: [{name: c, configMap: {}}, {name: d, "      \
	"persistentVolumeClaim: {claimName: " claim "}}]}, status: " \
	"{phase: Running, conditions: [{type: Ready, status: 'True'}]}"

static const struct view_case claims[] = {
	{
		.sentence = "a claim that is not bound",
		.deployments = WEB_READY,
		.pods = POD(MOUNTS("data")),
		.claims = "{metadata: {name: data}, status: {phase: Pending}}",
		.health = K8S_PARTIAL,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready; claim data of pod web-222-x is "
		       "Pending",
	},
	{
		.sentence = "a claim without a status",
		.deployments = WEB_READY,
		.pods = POD(MOUNTS("data")),
		.claims = "{metadata: {name: data}}",
		.health = K8S_PARTIAL,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready; claim data of pod web-222-x is "
		       "Pending",
	},
	{
		.sentence = "a claim that is bound, one that nobody mounts",
		.deployments = WEB_READY,
		.pods = POD(MOUNTS("data")),
		.claims = "{metadata: {name: data}, status: {phase: Bound}}, "
			  "{metadata: {name: more}, status: {phase: Pending}}",
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
	{
		.sentence = "a claim of somebody else",
		.deployments = WEB_READY,
		.pods = POD(MOUNTS("data")),
		.health = K8S_READY,
		.ready = 1,
		.wanted = 1,
		.why = "1 of 1 pods ready",
	},
};

static void
k8s_judge_names_what_keeps_pods_from_being_ready(void **state)
{
	for (size_t i = 0; i < COUNT_OF(pods); i++)
		view_check(*state, &pods[i]);
}

static void
k8s_judge_wants_claims_bound(void **state)
{
	for (size_t i = 0; i < COUNT_OF(claims); i++)
		view_check(*state, &claims[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(k8s_judge_names_what_keeps_pods_from_being_ready),
		UNIT_TEST(k8s_judge_wants_claims_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
