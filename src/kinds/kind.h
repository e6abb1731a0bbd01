/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kind of component: typed struct + field table + checks + stages. A new
 * kind is one file here, one row in kind_table.h and one chart. Pure.
 */
#ifndef KIND_H
#define KIND_H

#include "base/base_buf.h"
#include "base/base_text.h"
#include "kinds/kind_plan.h"
#include "spec/spec.h"

enum kind_stage_type {
	KIND_STAGE_NAMESPACE, /* there, bound, nothing foreign in the way */
	KIND_STAGE_SECRETS,   /* credentials as Kubernetes Secrets */
	KIND_STAGE_RELEASE,   /* the recipe for the release of ${chart} */
	KIND_STAGE_READY,     /* wait until the release of ${chart} is ready */
};

/* One of RELEASE or READY has nothing to do for a spec whose plan has no
 * release of that chart. */
struct kind_stage {
	enum kind_stage_type type;
	const char *chart; /* NULL for the others */
	const char *name;  /* shown as "stage": "release trino" */
};

/* A form field of the v1 create route beside yaml. */
struct kind_param {
	const char *name;
	bool is_base64; /* decoded before the kind sees it */
	bool is_secret;
	const char *help;
};

/* Who a component is; strings in the intake's arena. */
struct kind_identity {
	const char *name;
	const char *namespace;        /* the target */
	const char *posted_namespace; /* metadata.namespace, "" if none */
};

/* A value that is stored sealed and written to a Kubernetes Secret only. */
struct kind_secret {
	const char *pointer; /* "/coordinator/etc/trino/config.properties" */
	struct bytes value;
};

/* A name that only one component may hold in its namespace. */
struct kind_name {
	const char *type; /* "release", "Service", "Deployment", … */
	const char *name;
};

struct kind_names {
	size_t count;
	const struct kind_name *items;
};

struct kind {
	const char *name;               /* "trino": routes, tables, metrics */
	const char *yaml_kind;          /* "TrinoCluster" */
	const char *yaml_group;         /* apiVersion's group */
	const char *v1_component;       /* "trino" in v1 lists */
	const struct spec_table *table; /* of the whole posted document */
	/* The same and what intake computed; fills the same struct. */
	const struct spec_table *stored;
	const struct kind_param *params;
	size_t n_params;
	/* After the last one the component is Starting, and all its releases
	 * are observed: no READY stage is needed for that. */
	const struct kind_stage *stages;
	size_t n_stages;
	/* Who it is; called only for a spec that parsed. */
	void (*identity)(const void *spec, struct kind_identity *out);
	/* Put the form fields (decoded; only those of ${params}) into the
	 * struct; errors carry the field's name. NULL: the kind has none. */
	void (*take_params)(struct arena *arena, const struct text_form *form,
		void *spec, struct err_list *errors);
	/* What the table cannot say; errors at doc's positions. Called also
	 * when the table found some, so that all are reported at once: then
	 * trust only ${document}. */
	void (*check)(struct arena *arena, const struct doc_node *document,
		const void *spec, struct err_list *errors);
	/* Move secret values out of the struct. It marks where they were, and
	 * what plan needs to know of them. */
	void (*take_secrets)(struct arena *arena, void *spec,
		struct kind_secret **out, size_t *count);
	void (*names)(
		struct arena *arena, const void *spec, struct kind_names *out);
	void (*plan)(struct arena *arena, const void *spec,
		const struct kind_context *context, struct kind_plan *out);
};

/* What a posted YAML became: everything that is stored. */
struct kind_intake {
	const struct kind *kind;
	struct kind_identity identity;
	struct bytes canonical; /* JSON, no secrets in it */
	size_t n_secrets;
	const struct kind_secret *secrets;
	struct kind_names names;
};

/**
 * Check a posted document: ${yaml} (at most 1 MiB) and the form's other
 * fields. 0 and ${out}, or -1 with all problems in ${errors}.  A kind: in the
 * YAML that is not ${kind}'s is an error naming the right route.
 */
int kind_intake(struct arena *arena, const struct kind *kind, struct bytes yaml,
	const struct text_form *form, struct kind_intake *out,
	struct err_list *errors);

/** The typed struct of a stored canonical spec. -1 with INTERNAL if it is not
 * one (a newer roasterd wrote it). */
int kind_load(struct arena *arena, const struct kind *kind,
	struct bytes canonical, void **spec, struct err *e);

/** All kinds; ${count} of them. */
const struct kind *const *kind_all(size_t *count);

/** The kind called ${name} ("trino"), NULL if there is none. */
const struct kind *kind_find(const char *name);

#endif
