/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind against tests/golden/KIND. NAME.yaml becomes NAME.canonical.json,
 * and that the values NAME.CHART.json. bad/NAME.yaml is refused; a problem is
 * a line of bad/problems.tsv: NAME, LINE:COLUMN, PATH and the message. With
 * GOLDEN_WRITE set in the environment these are written instead: then read the
 * difference.
 */
#include "kind_unit.h"

#include <dirent.h>

#define PROBLEMS_HEAD                                                 \
	"#\tSPDX-License-Identifier: Apache-2.0\n"                    \
	"#\tName of the file, line:column, path and message of each " \
	"problem.\n"

/* The kind that a test is about. */
struct subject {
	const struct kind *kind;
	struct arena *arena;
};

struct names {
	const char **items; /* without ".yaml" */
	size_t count;
};

/* What stands for a credential in the documents and beside them. */
static const char *const canaries[] = {
	"canary", "hunter2", "any-access-key", "any-secret-key"};

static void
assert_no_canary(struct bytes text)
{
	for (size_t i = 0; i < COUNT_OF(canaries); i++) {
		if (memmem(text.data, text.len, canaries[i],
			    strlen(canaries[i])) != NULL)
			fail_msg("%s in %.*s", canaries[i], (int)text.len,
				text.data);
	}
}

static bool
ends_with(const struct dirent *entry, const char *end)
{
	const char *got = strrchr(entry->d_name, '.');

	return got != NULL && strcmp(got, end) == 0;
}

static int
is_yaml(const struct dirent *entry)
{
	return ends_with(entry, ".yaml");
}

static int
is_json(const struct dirent *entry)
{
	return ends_with(entry, ".json");
}

/* FOLDER/NAME of the files in ${folder}, sorted. */
static struct names
names_in(struct arena *arena, const char *folder,
	int filter(const struct dirent *entry))
{
	struct dirent **entries;
	int n = scandir(arena_format(arena, GOLDEN "%s", folder), &entries,
		filter, alphasort);
	struct names out = {0};

	assert_true(n > 0);
	out.items = arena_array(arena, (size_t)n, sizeof(*out.items));
	for (; out.count < (size_t)n; out.count++) {
		struct dirent *entry = entries[out.count];
		int len = (int)(strrchr(entry->d_name, '.') - entry->d_name);

		out.items[out.count] = arena_format(
			arena, "%s/%.*s", folder, len, entry->d_name);
		free(entry);
	}
	free(entries);
	return out;
}

static void
assert_golden(struct arena *arena, const char *document, const char *what,
	struct bytes got)
{
	unit_file_golden(arena,
		arena_format(arena, GOLDEN "%s.%s.json", document, what),
		arena_format(arena, "%.*s\n", (int)got.len, got.data));
}

static void
posted_files_become_the_golden_ones(void **state)
{
	struct subject *s = *state;
	struct names names = names_in(s->arena, s->kind->name, is_yaml);
	size_t compared = 0;

	for (size_t i = 0; i < names.count; i++) {
		const char *document = names.items[i];
		struct run run = run_file(s->arena, document);

		assert_golden(
			s->arena, document, "canonical", run.intake.canonical);
		for (size_t k = 0; k < run.plan.n_releases; k++)
			assert_golden(s->arena, document,
				run.plan.releases[k].chart,
				run.plan.releases[k].values);
		compared += 1 + run.plan.n_releases;
	}
	/* none of a document that is gone */
	assert_int_equal(
		names_in(s->arena, s->kind->name, is_json).count, compared);
}

/* What is written to a Secret has them as sealed parts, never as text. */
static void
assert_sealed(const struct kind_secret_object *secret)
{
	for (size_t i = 0; i < secret->count; i++) {
		const struct kind_secret_key *key = &secret->keys[i];

		for (size_t k = 0; k < key->count; k++)
			assert_no_canary(
				key->parts[k].type == KIND_PART_TEXT
					? key->parts[k].text
					: unit_bytes(key->parts[k].name));
	}
}

static void
secrets_are_where_nobody_reads(void **state)
{
	struct subject *s = *state;
	struct names names = names_in(s->arena, s->kind->name, is_yaml);

	for (size_t i = 0; i < names.count; i++) {
		struct run run = run_file(s->arena, names.items[i]);

		assert_no_canary(run.intake.canonical);
		for (size_t k = 0; k < run.plan.n_releases; k++)
			assert_no_canary(run.plan.releases[k].values);
		for (size_t k = 0; k < run.plan.n_secrets; k++)
			assert_sealed(&run.plan.secrets[k]);
	}
}

/* Beyond ERR_LIST_MAX problems only count. */
static void
put_problems(struct buf *out, const char *name, const struct err_list *errors)
{
	for (unsigned i = 0; i < errors->count; i++) {
		const struct err *e = &errors->items[i];

		buf_format(out, "%s\t%u:%u\t%s\t%s\n", name, e->line, e->column,
			e->path, e->message);
	}
	if (errors->total > errors->count)
		buf_format(out, "%s\t0:0\t\tand %u more\n", name,
			errors->total - errors->count);
}

static void
each_bad_file_is_refused_where_it_is_wrong(void **state)
{
	struct subject *s = *state;
	const char *folder = arena_format(s->arena, "%s/bad", s->kind->name);
	struct names names = names_in(s->arena, folder, is_yaml);
	struct buf out;

	buf_init(&out, s->arena);
	buf_text(&out, PROBLEMS_HEAD);
	for (size_t i = 0; i < names.count; i++) {
		const char *document = names.items[i];
		struct err_list errors = refuse(s->arena, document,
			yaml_of(s->arena, document), sent_with(document));

		put_problems(&out, document + strlen(folder) + 1, &errors);
	}
	assert_no_canary(buf_bytes(&out));
	unit_file_golden(s->arena,
		arena_format(s->arena, GOLDEN "%s/problems.tsv", folder),
		buf_string(&out));
}

static int
setup(void **state)
{
	struct subject *s = *state;

	s->arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	struct subject *s = *state;

	arena_free(s->arena);
	return 0;
}

#define KIND_TEST(f) \
	cmocka_unit_test_prestate_setup_teardown(f, setup, teardown, &subject)

int
main(void)
{
	size_t count;
	const struct kind *const *kinds = kind_all(&count);
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct subject subject = {.kind = kinds[i]};
		const struct CMUnitTest tests[] = {
			KIND_TEST(posted_files_become_the_golden_ones),
			KIND_TEST(secrets_are_where_nobody_reads),
			KIND_TEST(each_bad_file_is_refused_where_it_is_wrong),
		};

		failed += cmocka_run_group_tests_name(
			kinds[i]->name, tests, NULL, NULL);
	}
	return failed;
}
