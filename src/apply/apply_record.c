/* SPDX-License-Identifier: Apache-2.0 */
#include "apply/apply_ended.h"
#include "apply/apply_job.h"
#include "fail/fail.h"

#include <stdio.h>
#include <string.h>

#define EFFECTS_MAX 12U

struct effects {
	const char *items[EFFECTS_MAX];
	size_t count;
};

static void
add(struct effects *effects, bool is_wanted, const char *word)
{
	if (is_wanted)
		effects->items[effects->count++] = word;
}

static const struct state_row *
row_of(const struct apply_job *job, const struct apply_outcome *out)
{
	const struct db_claim *claim = &job->claim;
	bool is_back = claim->failed_generation > 0 &&
		       claim->failed_generation == claim->observed_generation;
	const struct state_facts facts = {.is_applied = claim->is_applied,
		.has_good =
			claim->good_generation > 0 &&
			claim->good_generation != claim->observed_generation,
		.is_going_back = is_back};

	if (out->event == EVENT_COUNT)
		return NULL;
	return state_next(job->state, out->event, &facts);
}

/* Whoever brought it further does the next step as well, but not a helm in the
 * place of a first look, and nothing once the applier ends. */
static bool
goes_on(const struct apply_job *job, const struct apply_outcome *out)
{
	const struct apply_worker *w = job->worker;
	bool is_new = out->is_take_up &&
		      strcmp(job->claim.queued_action, "create") == 0;

	if (out->delay_ms != 0 || out->is_retry ||
		atomic_load(&w->app->is_over))
		return false;
	if (w->is_first)
		return is_new;
	return out->is_take_up ||
	       (out->stage >= 0 && out->event == EVENT_COUNT);
}

static void
list_effects(const struct apply_outcome *out, const struct state_row *row,
	bool is_kept, struct effects *effects)
{
	static const struct {
		unsigned effect;
		const char *word;
	} words[] = {
		{EFFECT_RESET, "reset"},
		{EFFECT_SUCCEED, "succeed"},
		{EFFECT_FAIL, "fail"},
		{EFFECT_GOOD, "good"},
		{EFFECT_GO_BACK, "go_back"},
		{EFFECT_REMOVE, "remove"},
		{EFFECT_OBSERVED, "observed"},
	};
	/* The API asked the same table; a request that came to nothing since
	 * then ends here and now. */
	bool is_refused = out->is_take_up &&
			  (row == NULL || row->answer == ANSWER_REFUSE);
	bool is_noop =
		out->is_take_up && row != NULL && row->answer == ANSWER_NOOP;

	effects->count = 0;
	add(effects, !is_kept, "release");
	add(effects, out->is_take_up, "take_up");
	add(effects, out->is_applied, "applied");
	add(effects, out->event == EVENT_TAKEN, "taken");
	add(effects, is_refused, "fail");
	add(effects, is_noop, "succeed");
	for (size_t i = 0; row != NULL && i < COUNT_OF(words); i++)
		add(effects, (row->effects & words[i].effect) != 0,
			words[i].word);
}

/* Anything that moved on is looked at again at once. */
static int
delay_of(const struct apply_job *job, const struct apply_outcome *out,
	const struct state_row *row)
{
	uint32_t random;

	if (row != NULL && (row->effects & EFFECT_RESET) != 0)
		return 0;
	if (!out->is_retry)
		return out->delay_ms;
	auth_random(&random, sizeof(random));
	return (int)state_backoff((unsigned)job->claim.attempts + 1, random);
}

static int
stage_of(const struct apply_outcome *out, const struct state_row *row)
{
	if (row != NULL && (row->effects & EFFECT_AGAIN) != 0)
		return 0;
	return out->stage;
}

static struct db_value
number_or_null(struct arena *arena, bool is_there, int value)
{
	return is_there ? db_int(arena, value) : db_null();
}

static struct db_call
make_call(struct apply_job *job, const struct apply_outcome *out,
	const struct state_row *row)
{
	const struct db_claim *claim = &job->claim;
	struct arena *arena = job->arena;
	enum state to = row == NULL ? job->state : row->to;
	int ready = out->ready < 0 ? claim->ready : out->ready;
	int wanted = out->wanted < 0 ? claim->wanted : out->wanted;
	int attempts = out->is_retry ? claim->attempts + 1 : 0;
	int stage = stage_of(out, row);
	int delay_ms = delay_of(job, out, row);
	bool is_kept = goes_on(job, out);
	struct effects effects;

	list_effects(out, row, is_kept, &effects);
	return db_call_make(arena,
		is_kept ? DB_QUERY_apply_go_on : DB_QUERY_apply_record,
		(struct db_value[]){db_text(claim->component),
			db_int(arena, claim->fence), db_text(claim->state),
			db_text(state_text(to)),
			db_text(out->message[0] == '\0' ? claim->message
							: out->message),
			db_int(arena, ready), db_int(arena, wanted),
			number_or_null(arena, stage >= 0, stage),
			db_int(arena, attempts),
			db_texts(arena, effects.items, effects.count),
			db_text(claim->queued),
			is_kept ? db_int(arena, APPLY_LEASE_S)
				: number_or_null(
					  arena, delay_ms >= 0, delay_ms),
			db_text(job->worker->app->node)});
}

/* An operation that a step ended; NULL: it ended none. */
struct end {
	const char *operation, *result;
};

static void
note_end(struct apply_job *job, const struct apply_outcome *out,
	const struct end *end)
{
	if (end->operation == NULL)
		return;
	LOG_EVENT(job->worker->app->setup->log, LOG_LEVEL_INFO,
		"operation_ended", LOG_TEXT("component", job->claim.component),
		LOG_TEXT("operation", end->operation),
		LOG_TEXT("result", end->result), LOG_TEXT("why", out->message));
	apply_count_end(job, end->operation, end->result);
}

static void
note_move(struct apply_job *job, const struct apply_outcome *out,
	const struct state_row *row)
{
	if (row == NULL || row->to == job->state)
		return;
	LOG_EVENT(job->worker->app->setup->log, LOG_LEVEL_INFO,
		"component_moved", LOG_TEXT("component", job->claim.component),
		LOG_TEXT("kind", job->claim.kind),
		LOG_TEXT("namespace", job->claim.namespace),
		LOG_TEXT("name", job->claim.name),
		LOG_TEXT("from", state_text(job->state)),
		LOG_TEXT("to", state_text(row->to)),
		LOG_TEXT("why", out->message));
}

/* In a transaction of its own: in the one before it would serialise commits.
 * A lost one is made good by the API's own polling. */
static void
tell_api(struct apply_job *job)
{
	struct db_call call = db_call_make(job->arena, DB_QUERY_notify_event,
		(struct db_value[]){db_text(job->claim.component)});
	struct err e;

	(void)apply_run_call(job->worker, &call, &e);
}

/* What the reply to ${call} says. */
static int
read_reply(struct apply_job *job, const struct db_call *call,
	const struct db_reply *reply, struct db_claim *next, struct end *end,
	struct err *e)
{
	bool is_kept = call->query == DB_QUERY_apply_go_on;
	unsigned ended = is_kept ? DB_CLAIM_COLUMNS : 0;

	if (db_rows(reply, 0) == 0) {
		err_set(e, ERR_CONFLICT, "", "somebody else has the claim");
		return 0;
	}
	end->operation = db_column(job->arena, reply, 0, 0, ended);
	end->result = db_column(job->arena, reply, 0, 0, ended + 1);
	*next = job->claim;
	if (is_kept)
		db_claim_got(job->arena, reply, 0, 0, next);
	job->is_kept = is_kept;
	return 1;
}

int
apply_record(
	struct apply_job *job, const struct apply_outcome *out, struct err *e)
{
	const struct state_row *row = row_of(job, out);
	struct db_call call = make_call(job, out, row);
	int64_t asked_ms = apply_clock_ms();
	struct end end;
	struct db_claim next;
	struct db_reply reply;
	int rc;

	job->is_kept = false;
	if (db_link_run(job->worker->link, &call, &reply, e) == -1)
		return e->code == ERR_UNAVAILABLE ? -1 : 0;
	rc = read_reply(job, &call, &reply, &next, &end, e);
	db_link_clear(job->worker->link);
	if (rc == 0)
		return 0;
	FAILPOINT(apply_step_recorded);
	note_move(job, out, row);
	/* That a step has begun is told with what came of it. */
	if (!job->is_kept || !out->is_take_up || end.operation != NULL)
		tell_api(job);
	note_end(job, out, &end);
	job->claim = next;
	job->claimed_ms = asked_ms;
	return 1;
}
