/* SPDX-License-Identifier: Apache-2.0 */
/* The routes are a table: what is not in it does not exist. */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/api.h"
#include "kinds/kind.h"

struct api_field {
	const char *name;
	bool is_required;
};

enum api_route_flag {
	API_PUBLIC = 1, /* no token is asked for */
	API_V1 = 2,     /* forms ignore unknown fields; a '/' may end it */
	API_READ = 4,   /* .plan goes out together with the session's call */
	API_INTAKE = 8, /* the kind's own parameters are fields too */
	API_FREE = 16,  /* whatever is in the query string is ignored */
	API_SAME = 32,  /* the same for everybody, as long as the server runs */
};

/* What the placeholders of a template stood for; strings in the request's
 * arena, NULL where the template has none. */
struct api_target {
	const struct kind *kind;
	const char *namespace, *name, *id;
};

#define API_FIELDS_MAX 4U

struct api_route {
	const char *method;
	const char *template; /* "/v1/{kind}/create" */
	unsigned flags;       /* of enum api_route_flag */
	enum auth_action action;
	struct api_field fields[API_FIELDS_MAX];
	/* API_READ: add calls behind the session's; then answer from their
	 * rows, the first of which is call 1. */
	int (*plan)(struct api_task *task, struct err *e);
	enum api_want (*answer)(
		struct api_task *task, const struct db_reply *reply);
	/* All others: begin. Fields are read and the client may. */
	enum api_want (*start)(struct api_task *task);
	const char *help;
};

/** The table; ${count} rows, fewer than API_METRICS_ROUTES. */
const struct api_route *api_route_table(size_t *count);

/** The least role that may, "" if ${route} asks for no token. */
const char *api_route_role(const struct api_route *route);

/** The number of ${route} in struct api_metrics: 0 for NULL. */
unsigned api_route_number(const struct api_route *route);

/**
 * The row for ${method} (HEAD counts as GET) and ${path}; ${target} is filled,
 * strings in ${arena}.  NULL: none; then ${allow} is the value of an Allow
 * header if the path exists with other methods, else NULL.
 */
const struct api_route *api_route_find(struct arena *arena, const char *method,
	const char *path, struct api_target *target, const char **allow);

#endif
