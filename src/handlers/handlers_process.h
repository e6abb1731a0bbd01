/* SPDX-License-Identifier: Apache-2.0 */
/* What this process costs the machine, for /metrics. Kore-free. */
#ifndef HANDLERS_PROCESS_H
#define HANDLERS_PROCESS_H

#include "api/api_metrics.h"

#define HANDLERS_PROCESS_MS 2000U

/** Begin to be ${process}, which a process that ended may have been. */
void handlers_process_begin(struct api_process *process);

/** Write down how things are now; what cannot be read stays as it was. */
void handlers_process_note(struct api_process *process);

#endif
