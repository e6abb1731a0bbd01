/* SPDX-License-Identifier: Apache-2.0 */
/* Typed rows of the statements that return more than a value or two. */
#ifndef DB_ROW_H
#define DB_ROW_H

#include "db/db_query.h"

/* component_list and those like it; component_get fills the second half too. */
struct db_component {
	const char *id, *kind, *namespace, *name, *posted_namespace;
	const char *state, *message;
	int ready, wanted, generation;
	const char *desired;
	int observed_generation;
	int good_generation, failed_generation; /* 0: none */
	int stage;
	int64_t created_ms, observed_ms; /* observed 0: never */
	const char *operation, *operation_action,
		*operation_state; /* or NULL */
};

struct db_operation {
	const char *id, *component, *kind, *namespace, *name, *action;
	int generation;
	const char *state, *error, *asked_by, *request_id;
	int64_t queued_ms, started_ms, ended_ms; /* 0: not yet */
	const char *component_state, *message; /* NULL: the component is gone */
	const char *error_code;                /* "" or "conflict" */
	bool is_pending; /* no applier that is there has looked at it yet */
};

/* component_put and component_delete. */
struct db_accepted {
	const char *outcome, *component, *operation, *operation_state, *state;
	int generation;
	bool is_watched;              /* of a put: an applier is there */
	const char *namespace, *name; /* of a deletion */
};

/* apply_claim; apply_go_on has two columns more */
#define DB_CLAIM_COLUMNS 24U
struct db_claim {
	const char *component, *kind, *namespace, *name, *desired;
	bool delete_data;
	int generation;
	const char *state, *message;
	int ready, wanted;
	int observed_generation;
	int good_generation, failed_generation; /* 0: none */
	int run_generation;
	bool is_applied;
	int stage, attempts;
	int64_t phase_ms, fence;
	const char *queued, *queued_action, *running; /* NULL: none */
	const char *failure; /* why failed_generation failed, "" if none */
};

struct db_secret {
	const char *pointer;
	struct bytes sealed;
	const char *digest; /* hex */
};

/* Row ${row} of call ${call}; strings in ${arena}, those of a list borrowed
 * from ${reply}. */
void db_component_listed(const struct db_reply *reply, unsigned call,
	size_t row, struct db_component *out);
void db_component_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_component *out);
void db_operation_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_operation *out);
void db_put_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_accepted *out);
void db_deletion_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_accepted *out);
void db_claim_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_claim *out);
void db_secret_got(struct arena *arena, const struct db_reply *reply,
	unsigned call, size_t row, struct db_secret *out);

#endif
