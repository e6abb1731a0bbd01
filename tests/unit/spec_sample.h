/* SPDX-License-Identifier: Apache-2.0 */
/* A table with every type of field, for the tests of spec. */
#ifndef SPEC_SAMPLE_H
#define SPEC_SAMPLE_H

#include "spec/spec.h"

struct sample_file {
	const char *name;
	const char *value;
	bool is_secret;
};

struct sample_scaler {
	uint64_t least;
	uint64_t most;
};

struct sample {
	const char *name;
	const char *tag;
	const char *label;
	uint64_t replicas;
	uint64_t seed;
	bool has_seed;
	bool is_on;
	const char *memory;
	const char *policy;
	struct sample_scaler scaler;
	bool has_scaler;
	struct sample_scaler pool;
	struct spec_list files;
	struct spec_texts args;
	struct spec_map labels;
	const struct doc_node *affinity;
	const char *old;
};

static const char *
sample_check_label(const char *text)
{
	return text[0] >= 'a' && text[0] <= 'z'
		       ? NULL
		       : "does not start with a lower-case letter";
}

/* clang-format off */
static const struct spec_field sample_file_fields[] = {
	{.name = "name", .type = SPEC_TEXT, .offset = offsetof(struct sample_file, name), .is_required = true},
	{.name = "value", .type = SPEC_TEXT, .offset = offsetof(struct sample_file, value), .otherwise = ""},
	{.name = "secret", .type = SPEC_BOOL, .offset = offsetof(struct sample_file, is_secret)},
};
static const struct spec_table sample_file_table = {
	sample_file_fields, COUNT_OF(sample_file_fields), sizeof(struct sample_file)};

static const struct spec_field sample_scaler_fields[] = {
	{.name = "least", .type = SPEC_UINT, .offset = offsetof(struct sample_scaler, least), .is_required = true, .min = 1, .max = 100},
	{.name = "most", .type = SPEC_UINT, .offset = offsetof(struct sample_scaler, most), .otherwise = "9"},
};
static const struct spec_table sample_scaler_table = {
	sample_scaler_fields, COUNT_OF(sample_scaler_fields), sizeof(struct sample_scaler)};

static const struct spec_field sample_pool_fields[] = {
	{.name = "least", .type = SPEC_UINT, .offset = offsetof(struct sample_scaler, least), .otherwise = "1"},
	{.name = "most", .type = SPEC_UINT, .offset = offsetof(struct sample_scaler, most), .otherwise = "4"},
};
static const struct spec_table sample_pool_table = {
	sample_pool_fields, COUNT_OF(sample_pool_fields), sizeof(struct sample_scaler)};

static const char *const sample_policies[] = {"Always", "IfNotPresent", "Never", NULL};

static const struct spec_field sample_fields[] = {
	{.name = "name", .type = SPEC_TEXT, .offset = offsetof(struct sample, name), .is_required = true, .min = 1, .max = 20, .help = "Name of it | unique"},
	{.name = "tag", .type = SPEC_TEXT, .offset = offsetof(struct sample, tag), .min = 2},
	{.name = "label", .type = SPEC_TEXT, .offset = offsetof(struct sample, label), .check = sample_check_label},
	{.name = "replicas", .type = SPEC_UINT, .offset = offsetof(struct sample, replicas), .otherwise = "2", .max = 1000},
	{.name = "seed", .type = SPEC_UINT, .offset = offsetof(struct sample, seed), .present_offset = offsetof(struct sample, has_seed)},
	{.name = "on", .type = SPEC_BOOL, .offset = offsetof(struct sample, is_on), .otherwise = "true"},
	{.name = "memory", .type = SPEC_QUANTITY, .offset = offsetof(struct sample, memory)},
	{.name = "policy", .type = SPEC_ENUM, .offset = offsetof(struct sample, policy), .otherwise = "Always", .choices = sample_policies},
	{.name = "scaler", .type = SPEC_STRUCT, .offset = offsetof(struct sample, scaler), .table = &sample_scaler_table, .present_offset = offsetof(struct sample, has_scaler)},
	{.name = "pool", .type = SPEC_STRUCT, .offset = offsetof(struct sample, pool), .table = &sample_pool_table},
	{.name = "files", .type = SPEC_LIST, .offset = offsetof(struct sample, files), .table = &sample_file_table, .max = 5},
	{.name = "args", .type = SPEC_TEXTS, .offset = offsetof(struct sample, args), .min = 1, .max = 5},
	{.name = "labels", .type = SPEC_MAP, .offset = offsetof(struct sample, labels)},
	{.name = "affinity", .type = SPEC_RAW, .offset = offsetof(struct sample, affinity)},
	{.name = "old", .type = SPEC_TEXT, .offset = offsetof(struct sample, old), .is_deprecated = true, .help = "Was once"},
};
static const struct spec_table sample_table = {
	sample_fields, COUNT_OF(sample_fields), sizeof(struct sample)};
/* clang-format on */

#endif
