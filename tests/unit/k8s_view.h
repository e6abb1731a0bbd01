/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of k8s_judge: objects as YAML, and the verdict wanted. */
#ifndef K8S_VIEW_H
#define K8S_VIEW_H

#include "base/base_buf.h"
#include "k8s/k8s_ready.h"
#include "unit.h"

/* 2026-11-21T10:00:00Z */
#define VIEW_NOW_MS INT64_C(1795255200000)

struct view_case {
	const char *sentence;
	/* Items of the lists; NULL: there is no list. */
	const char *deployments;
	const char *stateful_sets;
	const char *jobs;
	const char *pods;
	const char *claims;
	const char *autoscalers;
	unsigned controllers_wanted;
	/* wanted */
	enum k8s_health health;
	unsigned ready;
	unsigned wanted;
	const char *why;
	const char *pod; /* NULL: none */
};

static inline const struct doc_node *
view_list(struct arena *arena, const char *items)
{
	static const struct doc_limits limits = {65536, 64, 10000};
	const struct doc_node *list;
	struct err e;

	if (items == NULL)
		return NULL;
	items = arena_format(arena, "items: [%s]\n", items);
	if (doc_parse_yaml(arena, unit_bytes(items), &limits, &list, &e) != 0)
		fail_msg("%u:%u %s in %s", e.line, e.column, e.message, items);
	return list;
}

static inline struct k8s_verdict
view_judge(struct arena *arena, const struct view_case *row)
{
	const struct k8s_release_view view = {
		.deployments = view_list(arena, row->deployments),
		.stateful_sets = view_list(arena, row->stateful_sets),
		.jobs = view_list(arena, row->jobs),
		.pods = view_list(arena, row->pods),
		.claims = view_list(arena, row->claims),
		.autoscalers = view_list(arena, row->autoscalers),
		.controllers_wanted = row->controllers_wanted,
		.now_ms = VIEW_NOW_MS,
	};
	struct k8s_verdict verdict;

	k8s_judge(&view, &verdict);
	return verdict;
}

static inline void
view_check(struct arena *arena, const struct view_case *row)
{
	const struct k8s_verdict verdict = view_judge(arena, row);

	if (strcmp(verdict.why, row->why) != 0)
		fail_msg("%s: %s", row->sentence, verdict.why);
	if (verdict.health != row->health)
		fail_msg("%s: health is %d", row->sentence, verdict.health);
	assert_int_equal(verdict.ready, row->ready);
	assert_int_equal(verdict.wanted, row->wanted);
	assert_string_equal(verdict.pod, row->pod == NULL ? "" : row->pod);
}

static inline char *
view_repeat(struct arena *arena, const char *text, unsigned times)
{
	struct buf out;

	buf_init(&out, arena);
	while (times-- > 0)
		buf_text(&out, text);
	return arena_text(arena, buf_string(&out));
}

#endif
