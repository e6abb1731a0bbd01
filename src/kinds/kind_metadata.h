/* SPDX-License-Identifier: Apache-2.0 */
/* What all posted documents have: metadata. */
#ifndef KIND_METADATA_H
#define KIND_METADATA_H

#include "spec/spec.h"

struct kind_metadata {
	const char *name;
	const char *namespace;
	struct spec_map labels;
	/* Never stored: kubectl keeps whole documents there. */
	struct spec_map annotations;
};

/* Fills a struct kind_metadata. */
extern const struct spec_table kind_metadata_table;

#endif
