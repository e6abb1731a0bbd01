/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helm without running it: argv and environment, what its exit means, what to
 * do with a release that a crash left behind. Pure. The rules are in
 * docs/design.md, "Helm".
 */
#ifndef HELM_H
#define HELM_H

#include "base/base_arena.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#include <stdbool.h>

/* Lowest versions without known holes (Helm's advisories of 2026). */
#define HELM_FLOOR_4 "4.1.4"
#define HELM_FLOOR_3 "3.20.2"

struct helm_version {
	unsigned major, minor, patch;
};

/** Parse the output of `helm version --template={{.Version}}` and compare with
 * the floor of its major version. -1: INVALID, the message says what to do. */
int helm_version_check(
	struct bytes output, struct helm_version *out, struct err *e);

/* A chart that roasterd carries. */
struct helm_chart {
	const char *name;
	const char *sha256;   /* hex of archive */
	struct bytes archive; /* .tgz */
};

/** NULL if roasterd has no chart ${name}. */
const struct helm_chart *helm_chart_find(const char *name);
const struct helm_chart *helm_chart_all(size_t *count);

enum helm_verb { HELM_INSTALL, HELM_UPGRADE, HELM_ROLLBACK, HELM_UNINSTALL };

/* Labels stamped on a revision's Secret; all are label values (<= 63). */
struct helm_stamp {
	const char *operation; /* uuid */
	const char *fence;     /* decimal */
	const char *digest; /* hex, 32 digits: chart, values, secrets, flags */
};

#define HELM_LABEL_OPERATION "roaster-op"
#define HELM_LABEL_FENCE "roaster-fence"
#define HELM_LABEL_DIGEST "roaster-digest"

struct helm_run {
	enum helm_verb verb;
	const char *helm;       /* absolute path */
	const char *namespace;  /* DNS label; asserted */
	const char *release;    /* DNS label <= 53; asserted */
	const char *chart_path; /* install, upgrade: absolute */
	unsigned timeout_s;
	unsigned revision;       /* rollback: to this one */
	struct helm_stamp stamp; /* install, upgrade */
};

/** A NULL-terminated argv by the one recipe; values come on standard input.
 * Never a flag the user chose, every value as --flag=value, "--" before
 * names. */
char **helm_argv(struct arena *arena, const struct helm_run *run);

/** The whole environment of a helm process, NULL-terminated. ${home}: private
 * folder; ${no_cache}: path of a regular file (switches the discovery cache
 * off); ${kubeconfig_fd}: memfd it inherits. */
char **helm_environ(struct arena *arena, const char *home, const char *no_cache,
	int kubeconfig_fd);

enum helm_outcome {
	HELM_OK,
	HELM_BUSY,    /* another helm holds the release: repair, then retry */
	HELM_RETRY,   /* network, API server, conflict: try again */
	HELM_REFUSED, /* chart, values or objects are wrong: never heals */
	HELM_KILLED,  /* by a signal: ours, or out of memory */
};

struct helm_judgement {
	enum helm_outcome outcome;
	char message[320]; /* one clean line, secrets masked; "" if OK */
};

/**
 * What an exit means. ${status}: exit code, or 128 + signal; ${errors}:
 * standard error (helm's "Error: …" line is picked; control bytes and
 * anything in ${masks} are taken out).
 */
void helm_judge(int status, bool is_timed_out, struct bytes errors,
	const struct bytes *masks, size_t n_masks, struct helm_judgement *out);

/* One revision, from the labels of its Secret. */
struct helm_revision {
	unsigned number;
	const char *status;    /* deployed, superseded, failed, pending-… */
	const char *operation; /* NULL: not stamped by roaster */
	const char *digest;    /* NULL: likewise */
	const char *secret;    /* name */
	const char *uid;
	const char *resource_version;
};

enum helm_decision {
	HELM_DO_NOTHING, /* deployed, with the wanted digest */
	HELM_DO_INSTALL, /* no revision there */
	HELM_DO_UPGRADE,
	HELM_DO_DROP_PENDING,   /* delete that Secret, then decide anew */
	HELM_DO_ROLLBACK,       /* to .revision, then decide anew */
	HELM_DO_UNINSTALL,      /* finish the interrupted one, then anew */
	HELM_DO_DEMOTE,         /* two deployed: label .revision superseded */
	HELM_DO_REFUSE_FOREIGN, /* not ours: never touch */
};

struct helm_advice {
	enum helm_decision decision;
	const struct helm_revision *revision; /* the one it is about, or NULL */
};

/**
 * What to do with a release, by the revisions there are (any order), to get
 * to ${digest}; ${is_deletion}: to get rid of it (then HELM_DO_UNINSTALL, or
 * HELM_DO_NOTHING if there is none).  Call only while no helm of ours can be
 * alive for it.
 */
void helm_advise(const struct helm_revision *revisions, size_t count,
	const char *digest, bool is_deletion, struct helm_advice *out);

#endif
