/* SPDX-License-Identifier: Apache-2.0 */
/* What a kind makes of a stored spec for the applier: Secrets, releases and
 * endpoints. */
#ifndef KIND_PLAN_H
#define KIND_PLAN_H

#include "base/base_bytes.h"

#include <stdbool.h>

/* What of a sealed value the applier tells the kind: its keyed digest. */
struct kind_sealed {
	const char *pointer;
	const char *digest; /* hex */
};

struct kind_context {
	const char *namespace;
	const char *name;
	size_t n_sealed;
	const struct kind_sealed *sealed;
};

enum kind_part_type {
	KIND_PART_TEXT,      /* ${text} as it is */
	KIND_PART_SEALED,    /* the sealed value whose pointer is ${name} */
	KIND_PART_GENERATED, /* the generated value ${name}, see below */
};

/* A piece of what stands under a key of a Secret. */
struct kind_part {
	enum kind_part_type type;
	bool is_xml; /* escaped as the content of an XML element */
	struct bytes text;
	const char *name;
};

/*
 * A Kubernetes Secret that the applier writes beside helm.
 *
 * One with a ${volume} holds what the data on that PersistentVolumeClaim are
 * locked with. It lives exactly as long: a deletion that keeps data keeps it,
 * and the same component posted again finds it. Its values are generated: a
 * key that is a single part KIND_PART_GENERATED named like the key keeps the
 * value the Secret has, and is 32 random hex digits if there is no Secret yet.
 * Other Secrets of the plan may have parts of that name. At most one Secret of
 * a plan has a volume, and it is the first.
 */
struct kind_secret_object {
	const char *name;
	const char *volume; /* NULL: it lives as long as the component */
	size_t count;
	struct kind_secret_key {
		const char *key; /* in the Secret's data */
		size_t count;
		const struct kind_part *parts; /* joined */
	} * keys;
};

struct kind_release {
	const char *chart; /* one of the embedded charts; once in a plan */
	const char *name;
	struct bytes values;  /* JSON for helm's standard input; no secrets */
	unsigned controllers; /* Deployments and StatefulSets it makes */
};

struct kind_endpoint {
	const char *name; /* "http" */
	const char *service;
	unsigned port;
	const char *scheme; /* "http", "thrift", "jdbc:hive2" */
};

/* What one kind's render gives the applier. */
struct kind_plan {
	size_t n_secrets;
	const struct kind_secret_object *secrets;
	size_t n_releases;
	const struct kind_release *releases; /* in install order */
	size_t n_endpoints;
	const struct kind_endpoint *endpoints;
};

#endif
