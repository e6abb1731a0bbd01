/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_PATH_H
#define K8S_PATH_H

#include <stdbool.h>

/** Whether ${path} names a collection ("…/secrets"), not one object of it:
 * the API server wants to be asked for metadata in another way for each. */
bool k8s_path_is_list(const char *path);

#endif
