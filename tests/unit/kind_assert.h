/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of a kind say of a document that was taken in. */
#ifndef KIND_ASSERT_H
#define KIND_ASSERT_H

#include "kind_unit.h"

static inline void
assert_identity(const struct run *run, const char *name, const char *namespace,
	const char *posted_namespace)
{
	const struct kind_identity *got = &run->intake.identity;

	assert_string_equal(got->name, name);
	assert_string_equal(got->namespace, namespace);
	assert_string_equal(got->posted_namespace, posted_namespace);
}

static inline void
assert_names(
	const struct run *run, const struct kind_name *wanted, size_t count)
{
	assert_int_equal(run->intake.names.count, count);
	for (size_t i = 0; i < count; i++) {
		const struct kind_name *got = &run->intake.names.items[i];

		assert_string_equal(got->type, wanted[i].type);
		assert_string_equal(got->name, wanted[i].name);
	}
}

static inline void
assert_stages(
	const struct kind *kind, const struct kind_stage *wanted, size_t count)
{
	assert_int_equal(kind->n_stages, count);
	for (size_t i = 0; i < count; i++) {
		const struct kind_stage *got = &kind->stages[i];

		assert_int_equal(got->type, wanted[i].type);
		assert_string_equal(got->name, wanted[i].name);
		if (wanted[i].chart == NULL)
			assert_null(got->chart);
		else
			assert_string_equal(got->chart, wanted[i].chart);
	}
}

static inline void
assert_release(const struct run *run, size_t i, const char *chart,
	const char *name, unsigned controllers)
{
	const struct kind_release *got = &run->plan.releases[i];

	assert_true(i < run->plan.n_releases);
	assert_string_equal(got->chart, chart);
	assert_string_equal(got->name, name);
	assert_int_equal(got->controllers, controllers);
}

/* There is one. */
static inline void
assert_endpoint(const struct run *run, const struct kind_endpoint *wanted)
{
	const struct kind_endpoint *got = run->plan.endpoints;

	assert_int_equal(run->plan.n_endpoints, 1);
	assert_string_equal(got->name, wanted->name);
	assert_string_equal(got->service, wanted->service);
	assert_int_equal(got->port, wanted->port);
	assert_string_equal(got->scheme, wanted->scheme);
}

#endif
