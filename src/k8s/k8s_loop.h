/* SPDX-License-Identifier: Apache-2.0 */
/* Many transfers in one thread. Only those are looked at that have news: what
 * an idle one costs does not grow with how busy the others are. */
#ifndef K8S_LOOP_H
#define K8S_LOOP_H

#include <curl/curl.h>
#include <stdint.h>

struct k8s_loop;

/** A loop; aborts when out of memory or descriptors. */
struct k8s_loop *k8s_loop_new(void);

/** To be called when no handle is in it any more. */
void k8s_loop_free(struct k8s_loop *loop);

/** What handles are added to, removed from, and tell their ends to. */
CURLM *k8s_loop_multi(struct k8s_loop *loop);

/** End the turn that runs, or the next one, at once. Thread safe. */
void k8s_loop_wake(struct k8s_loop *loop);

/** Milliseconds since some point in the past; never goes back. */
int64_t k8s_loop_now_ms(void);

/** Wait ${wait_ms} at most for news and let the handles deal with it. */
void k8s_loop_turn(struct k8s_loop *loop, int wait_ms);

#endif
