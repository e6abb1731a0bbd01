/* SPDX-License-Identifier: Apache-2.0 */
/* Kore's settings and its one route, all in code. */
#ifndef HANDLERS_KORE_H
#define HANDLERS_KORE_H

#include "base/base_err.h"
#include "config/config.h"

/**
 * Set Kore up as ${config} says and listen; call it from
 * kore_parent_configure. Requests go to handlers_dispatch, ended ones to
 * handlers_request_free.  -1 with UNAVAILABLE if the address cannot be had.
 */
int handlers_kore_configure(const struct config *config, struct err *e);

#endif
