/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_ANSWER_H
#define K8S_ANSWER_H

#include "k8s/k8s.h"

#define K8S_ANSWER_MAX (64U * 1024U * 1024U)

/* An HTTP answer as it came. */
struct k8s_reply {
	int status;
	const char *content_type; /* NULL: none was sent */
	struct bytes content;
	long retry_after_s;
};

/** Read ${reply} into ${out}, copies in ${arena}; -1 with UNAVAILABLE if it
 * says to be JSON and is not. */
int k8s_answer_read(struct arena *arena, const struct k8s_reply *reply,
	struct k8s_answer *out, struct err *e);

/** "GET", "POST", "PATCH", "DELETE". */
const char *k8s_verb_method(enum k8s_verb verb);

#endif
