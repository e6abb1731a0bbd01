/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that computes for long beside one that answers. */
#ifndef HANDLERS_NICE_H
#define HANDLERS_NICE_H

/** Let the calling thread, and it alone, give way to all that are not as nice.
 * What the kernel does not grant is left out: it harms nobody. */
void handlers_nice_thread(void);

#endif
