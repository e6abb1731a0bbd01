/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_metadata.h"

#include "kinds/kind_check.h"
#include "kinds/kind_field.h"

static const struct spec_field fields[] = {
	KIND_FIELD(TEXT, kind_metadata, name, "name", .is_required = true,
		.min = 1, .check = kind_check_release,
		.help = "Name of the component."),
	KIND_FIELD(TEXT, kind_metadata, namespace, "namespace", .min = 1,
		.check = kind_check_namespace,
		.help = "Shown in lists; nothing runs there."),
	KIND_FIELD(MAP, kind_metadata, labels, "labels",
		.help = "Labels of the component."),
	KIND_FIELD(MAP, kind_metadata, annotations, "annotations",
		.is_deprecated = true, .help = "Not kept."),
};

const struct spec_table kind_metadata_table = KIND_TABLE(fields, kind_metadata);
