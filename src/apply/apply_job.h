/* SPDX-License-Identifier: Apache-2.0 */
/* One claimed component while a worker does one step for it. Private. */
#ifndef APPLY_JOB_H
#define APPLY_JOB_H

#include "apply/apply_app.h"
#include "db/db_row.h"
#include "k8s/k8s_ready.h"
#include "kinds/kind.h"
#include "state/state.h"

#include <pthread.h>

/* A worker thread's own things. */
struct apply_worker {
	struct apply_app *app;
	pthread_t thread;
	struct arena *arena; /* as long as the worker */
	unsigned number;
	bool is_first; /* only takes what nothing was done for yet */
	struct db_link *link;
	struct k8s_client *client;
	struct apply_identity identity; /* name NULL: not asked yet */
	int64_t known_ms; /* when the client's connection was last known to
			   * lead to our cluster; 0: it is not */
};

struct apply_job {
	struct apply_worker *worker;
	struct arena *arena;
	struct db_claim claim;
	bool is_kept;       /* the last step was recorded, the next one is due
			     * at once and claim is what it begins with */
	int64_t claimed_ms; /* monotonic; claim.phase_ms is of this moment */
	enum state state;
	const struct kind *kind;
	int loaded; /* the generation that is loaded, 0: none */
	struct kind_plan plan;
	struct kind_names names;
	size_t n_secrets;
	const struct db_secret *secrets; /* sealed */
	/* The values of the Secret that lives with a volume, by key, once the
	 * stage has settled it. */
	const struct spec_map *generated;
};

/* How a piece of work ended; what is wrong is in a struct err. */
enum apply_did {
	APPLY_DONE,
	APPLY_WAIT,    /* nothing wrong, look again soon */
	APPLY_RETRY,   /* look again with back-off */
	APPLY_REFUSED, /* trying again does not help */
	APPLY_TAKEN,   /* a name is somebody else's; nothing was made */
};

/* What a step found, to be recorded. */
struct apply_outcome {
	enum state_event event; /* EVENT_COUNT: none */
	int stage;              /* -1: as it was */
	int ready, wanted;      /* -1: as they were */
	bool is_retry;          /* one more attempt, with back-off */
	bool is_applied;        /* a release of ours is there */
	bool is_take_up;        /* begins claim.queued */
	int delay_ms;           /* until the next look; -1: nobody looks */
	char message[320];      /* "": as it was */
};

/** An outcome that changes nothing. */
void apply_outcome_init(struct apply_outcome *out);

/** Do one step for a claimed job. */
void apply_decide(struct apply_job *job, struct apply_outcome *out);

/** Load spec, secrets and plan of claim.run_generation, if they are not yet.
 * -1: UNAVAILABLE or INTERNAL. */
int apply_job_load(struct apply_job *job, struct err *e);

/** Record ${out} by compare-and-set on the fence, give back the claim, or keep
 * it if the component goes on at once (job->is_kept), and tell the API. 1:
 * recorded; 0: refused, ${e} says why (the claim is lost, or the queued
 * operation changed); -1: UNAVAILABLE, may be repeated. */
int apply_record(
	struct apply_job *job, const struct apply_outcome *out, struct err *e);

/** Run one statement that returns nothing of interest. -1: as
 * db_link_run. */
int apply_run_call(
	struct apply_worker *worker, const struct db_call *call, struct err *e);

/** One stage of the kind. */
enum apply_did apply_stage(
	struct apply_job *job, const struct kind_stage *stage, struct err *e);
enum apply_did apply_stage_namespace(struct apply_job *job, struct err *e);
enum apply_did apply_stage_secrets(struct apply_job *job, struct err *e);
enum apply_did apply_stage_release(struct apply_job *job,
	const struct kind_release *release, struct err *e);
enum apply_did apply_stage_ready(struct apply_job *job,
	const struct kind_release *release, struct err *e);

/** The component's secret values, job->n_secrets of them. -1: INTERNAL, one
 * does not open. */
int apply_secrets_open(
	struct apply_job *job, const struct bytes **out, struct err *e);

/** The component's Secrets go; others of the same name stay, and so does one
 * that lives with a volume unless claim.delete_data. */
enum apply_did apply_secrets_delete(struct apply_job *job, struct err *e);

/** Everything of the component goes, in reverse order. */
enum apply_did apply_delete(struct apply_job *job, struct err *e);

/** Delete one object; one that is not there is deleted. -1: UNAVAILABLE. */
int apply_kube_delete(struct apply_job *job, const char *path, struct err *e);

/** What the cluster says of one release. -1 if it did not answer. */
int apply_observe_release(struct apply_job *job,
	const struct kind_release *release, struct k8s_verdict *out,
	struct err *e);

/** The same of the whole component: the worst health, sums of pods. */
int apply_observe(
	struct apply_job *job, struct k8s_verdict *out, struct err *e);

/** That the job is still ours to act for: apply_claims_check. */
int apply_job_check(const struct apply_job *job, struct err *e);

/** k8s_send, counted, while the job is ours. */
int apply_kube_send(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e);

/** The same, but over a connection that leads to our cluster: 0 or -1. */
int apply_kube(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e);

/** The label ${key} of an object; "" if it has none. */
const char *apply_label(const struct doc_node *object, const char *key);

/** apply_kube where only 2xx will do; other answers are k8s_refused. */
int apply_kube_ok(struct apply_job *job, const struct k8s_request *request,
	struct k8s_answer *answer, struct err *e);

/** Whether an error may pass by itself. */
enum apply_did apply_did_of(const struct err *e);

#define APPLY_LABEL_COMPONENT "roaster-component"
#define APPLY_LABEL_KIND "roaster-kind"
#define APPLY_LABEL_NAME "roaster-name"
#define APPLY_LABEL_MANAGER "app.kubernetes.io/managed-by"
#define APPLY_MANAGER "roaster"
#define APPLY_BINDING "roaster-managed" /* RoleBinding and ClusterRole */
/* Query of a list: what the charts labelled as that release's. Others may use
 * the name of a release as a label of theirs. */
/* clang-format off */
#define APPLY_OF_RELEASE "labelSelector=app.kubernetes.io%2Fpart-of%3Droaster" \
	"%2Capp.kubernetes.io%2Finstance%3D{}"
/* clang-format on */

struct json;

/** metadata: name, namespace (NULL: none) and our labels. */
void apply_json_metadata(struct json *j, const struct apply_job *job,
	const char *namespace, const char *name);

#endif
