/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_EVENT_H
#define K8S_EVENT_H

#include "k8s/k8s.h"

enum k8s_event_type {
	K8S_EVENT_MOVED, /* ADDED, MODIFIED, DELETED */
	K8S_EVENT_IDLE,  /* BOOKMARK: nothing happened */
	K8S_EVENT_ERROR, /* the watch is over; 410 when it is too old */
};

struct k8s_event {
	enum k8s_event_type type;
	const char *instance; /* its app.kubernetes.io/instance or "" */
	const char *message;  /* of ERROR, else "" */
};

/** Read one line of a watch; texts in ${arena}. -1 with UNAVAILABLE if it is
 * not an event. */
int k8s_event_read(struct arena *arena, struct bytes line,
	struct k8s_event *out, struct err *e);

#endif
