/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failpoints: moments that no signal from outside can be aimed at. They are in
 * the build that `make fail` makes, for the tests of crashes; in every other
 * one there is nothing of them.
 */
#ifndef FAIL_H
#define FAIL_H

/* clang-format off */
/* Each stands at one place in the code: its room, and what is true there. */
#define FAIL_POINTS(X) \
	X(auth_key_drafted,     "a key is in a file, and not under its name") \
	X(run_database_drafted, "the database is in a folder, and not under its name") \
	X(db_step_migrated,     "one step of the schema is committed, the next has not begun") \
	X(run_admin_made,       "the admin is committed, and the password not shown") \
	X(handlers_answer_due,  "all is done and committed, and the answer not sent") \
	X(apply_claims_back,    "the claims of the former self are given back, and no worker runs") \
	X(apply_claim_taken,    "a claim is committed, and nothing done") \
	X(apply_space_made,     "the namespace is there, and not noted") \
	X(apply_rights_taken,   "the RoleBinding is made, and the component not described") \
	X(apply_secret_written, "a Secret is written, and the next one not") \
	X(apply_helm_due,       "helm is about to be started") \
	X(apply_helm_over,      "helm has ended, and nobody knows") \
	X(apply_repair_done,    "a release is repaired, and not yet what it is to be") \
	X(apply_step_done,      "a step is done, and not recorded") \
	X(apply_step_recorded,  "a step is recorded, and nobody told") \
	X(apply_releases_gone,  "releases and pods are gone, Secrets are not") \
	X(apply_volumes_gone,   "the volumes are gone, the namespace is not") \
	X(apply_rights_gone,    "the RoleBinding is gone, and the namespace still noted")
/* clang-format on */

enum fail_point {
#define X(name, moment) FAIL_##name,
	FAIL_POINTS(X)
#undef X
};

/**
 * The process that finds the file failpoints/NAME in its state folder (that of
 * ROASTER_STATE_DIR) and removes it, which is one, stops here by SIGSTOP. Who
 * armed the point looks around, and then kills it or lets it go on.
 */
void fail_here(enum fail_point point);

#ifdef ROASTER_FAILPOINTS
#define FAILPOINT(name) fail_here(FAIL_##name)
#else
#define FAILPOINT(name) ((void)0)
#endif

#endif
