/* SPDX-License-Identifier: Apache-2.0 */
/* Which namespaces are watched. Private to room apply. */
#ifndef APPLY_WATCH_H
#define APPLY_WATCH_H

#include "apply/apply_app.h"

/** A watcher whose findings go into ${app}'s nudges. */
struct k8s_watcher *apply_watch_new(struct apply_app *app);

/** Watch pods and their controllers in ${namespace}; again changes nothing. */
void apply_watch_add(struct apply_app *app, const char *namespace);
void apply_watch_remove(struct apply_app *app, const char *namespace);

/** Watch these ${count} and no other. */
void apply_watch_only(
	struct apply_app *app, const char *const *namespaces, size_t count);

#endif
