/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include <string.h>

static const struct helm_chart charts[] = {
#define CHART(name, sha256, size, data) {name, sha256, {data, size}},
#include "charts.inc"
#undef CHART
};

const struct helm_chart *
helm_chart_all(size_t *count)
{
	*count = COUNT_OF(charts);
	return charts;
}

const struct helm_chart *
helm_chart_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(charts); i++) {
		if (strcmp(charts[i].name, name) == 0)
			return &charts[i];
	}
	return NULL;
}
