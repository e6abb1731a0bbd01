/* SPDX-License-Identifier: Apache-2.0 */
/* Commands with which k8s_test.sh drives the room k8s at a real API server. */
#ifndef LIVE_H
#define LIVE_H

#include "k8s/k8s.h"

/** Print one line at once, so that a script sees it while we run. */
void live_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Print ${e} as "error WORD MESSAGE"; returns 1, an exit status. */
int live_fail(const struct err *e);

/** Ask for ${path}; NULL after having said why it could not be had. */
const struct doc_node *live_get(
	struct k8s_client *client, struct arena *arena, const char *path);

/* Each takes what follows its name on the command line, ends with NULL, and
 * returns an exit status. */
int live_send(const struct k8s_config *config, char **args);
int live_repeat(const struct k8s_config *config, char **args);
int live_stay(const struct k8s_config *config, char **args);
int live_judge(const struct k8s_config *config, char **args);
int live_render(const struct k8s_config *config, char **args);
int live_watch(const struct k8s_config *config, char **args);
int live_keep(const struct k8s_config *config, char **args);
int live_churn(const struct k8s_config *config, char **args);
int live_count(char **args);

#endif
