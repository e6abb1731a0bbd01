/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/spec.h"
#include "spec_sample.h"
#include "unit_doc.h"

static const char *
printed(struct arena *arena, const struct sample *s)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	spec_print(&sample_table, s, &j);
	return buf_string(&out);
}

static struct sample
parsed(struct arena *arena, const char *text, unit_parser *parser)
{
	const struct doc_node *node =
		unit_parse(arena, unit_bytes(text), parser);
	struct err_list errors = {.count = 0};
	struct sample out;

	if (spec_parse(arena, &sample_table, node, "", &out, &errors) != 0)
		fail_msg("%s: %s: %s", text, errors.items[0].path,
			errors.items[0].message);
	return out;
}

static void
spec_print_is_canonical(void **state)
{
	struct sample s = parsed(*state,
		"policy: Never\nname: x\nlabels: {b: 1, a: 2}\nseed: 3\n"
		"files:\n- {value: v, name: n}\nargs: [b, a]\n"
		"affinity: {z: 1.50, a: [~, '1']}\n",
		doc_parse_yaml);

	assert_string_equal(printed(*state, &s),
		"{\"affinity\":{\"a\":[null,\"1\"],\"z\":1.5},"
		"\"args\":[\"b\",\"a\"],"
		"\"files\":[{\"name\":\"n\",\"secret\":false,"
		"\"value\":\"v\"}],"
		"\"labels\":{\"a\":\"2\",\"b\":\"1\"},\"name\":\"x\","
		"\"on\":true,\"policy\":\"Never\","
		"\"pool\":{\"least\":1,\"most\":4},"
		"\"replicas\":2,\"seed\":3}");
}

static void
spec_print_leaves_out_what_is_absent(void **state)
{
	struct sample s = parsed(*state, "name: x", doc_parse_yaml);

	assert_string_equal(printed(*state, &s),
		"{\"name\":\"x\",\"on\":true,\"policy\":\"Always\","
		"\"pool\":{\"least\":1,\"most\":4},\"replicas\":2}");
}

struct box {
	const char *a, *b;
};

struct boxes {
	struct box empty, full;
};

static void
spec_print_leaves_out_structs_of_nothing(void **state)
{
	static const struct spec_field box[] = {
		{.name = "a", .offset = offsetof(struct box, a)},
		{.name = "b", .offset = offsetof(struct box, b)},
	};
	static const struct spec_table box_table = {
		box, COUNT_OF(box), sizeof(struct box)};
	static const struct spec_field fields[] = {
		{.name = "empty",
			.type = SPEC_STRUCT,
			.table = &box_table,
			.offset = offsetof(struct boxes, empty)},
		{.name = "full",
			.type = SPEC_STRUCT,
			.table = &box_table,
			.offset = offsetof(struct boxes, full)},
	};
	static const struct spec_table table = {
		fields, COUNT_OF(fields), sizeof(struct boxes)};
	const struct boxes in = {.full = {.b = "x"}};
	struct buf out;
	struct json j;

	buf_init(&out, *state);
	json_init(&j, &out);
	spec_print(&table, &in, &j);
	assert_string_equal(buf_string(&out), "{\"full\":{\"b\":\"x\"}}");
}

/* --- print and parse give the same struct --------------------------------- */

static unsigned
roll(unsigned *seed, unsigned sides)
{
	*seed = *seed * 1664525U + 1013904223U;
	return (*seed >> 8) % sides;
}

/* Text that is hard to print: quotes, breaks, what looks like other types. */
static const char *
any_text(unsigned *seed)
{
	static const char *const texts[] = {"a", "null", "~", "true", "1",
		"1.50", "a: b", "- x", "\"q\"", "it's", "{{ .x }}", "x\ny\n",
		"\ttab", "\xc3\xa9\xf0\x9f\x98\x80", "#no", "a\\n", "&a", "*a",
		"!t", "%p", "@at", "[", "\x01\x7f", " x ", "\xe2\x80\xa8",
		"2001-01-01", "0x1F", "1e3", "=", "<<"};

	return texts[roll(seed, COUNT_OF(texts))];
}

static void
any_collections(struct arena *arena, unsigned *seed, struct sample *out)
{
	size_t count = roll(seed, 4);
	struct sample_file *files = arena_array(arena, 5, sizeof(*files));
	char **keys = arena_array(arena, 5, sizeof(*keys));

	for (size_t i = 0; i < count; i++)
		files[i] = (struct sample_file){
			any_text(seed), any_text(seed), roll(seed, 2) == 0};
	out->files = (struct spec_list){count, files};
	out->args.count = roll(seed, 5);
	out->args.items = arena_array(arena, 5, sizeof(*out->args.items));
	for (size_t i = 0; i < out->args.count; i++)
		out->args.items[i] = any_text(seed);
	out->labels.count = roll(seed, 5);
	out->labels.pairs = arena_array(arena, 5, sizeof(*out->labels.pairs));
	for (size_t i = 0; i < out->labels.count; i++) {
		keys[i] = arena_format(arena, "%zu %s", i, any_text(seed));
		out->labels.pairs[i].key = keys[i];
		out->labels.pairs[i].value = any_text(seed);
	}
}

static struct sample
any_sample(struct arena *arena, unsigned *seed)
{
	static const char *const amounts[] = {"1", "500m", "8Gi", "1e3"};
	struct sample out = {
		.name = any_text(seed),
		.tag = roll(seed, 2) == 0 ? NULL : "2x",
		.label = roll(seed, 2) == 0 ? NULL : "label",
		.replicas = roll(seed, 1001),
		.is_on = roll(seed, 2) == 0,
		.memory = roll(seed, 2) == 0 ? NULL : amounts[roll(seed, 4)],
		.policy = sample_policies[roll(seed, 3)],
		.pool = {roll(seed, 99), roll(seed, 99)},
		.scaler = {0, 9},
		.old = roll(seed, 2) == 0 ? NULL : any_text(seed),
	};

	out.has_seed = roll(seed, 2) == 0;
	out.seed = out.has_seed ? (uint64_t)INT64_MAX - roll(seed, 9) : 0;
	out.has_scaler = roll(seed, 2) == 0;
	if (out.has_scaler)
		out.scaler = (struct sample_scaler){
			1 + roll(seed, 100), roll(seed, 9)};
	any_collections(arena, seed, &out);
	return out;
}

static void
same_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void
same_collections(const struct sample *a, const struct sample *b)
{
	assert_int_equal(a->files.count, b->files.count);
	for (size_t i = 0; i < a->files.count; i++) {
		const struct sample_file *x = a->files.items;
		const struct sample_file *y = b->files.items;

		same_text(x[i].name, y[i].name);
		same_text(x[i].value, y[i].value);
		assert_int_equal(x[i].is_secret, y[i].is_secret);
	}
	assert_int_equal(a->args.count, b->args.count);
	for (size_t i = 0; i < a->args.count; i++)
		same_text(a->args.items[i], b->args.items[i]);
	assert_int_equal(a->labels.count, b->labels.count);
	for (size_t i = 0; i < a->labels.count; i++) {
		same_text(a->labels.pairs[i].key, b->labels.pairs[i].key);
		same_text(a->labels.pairs[i].value, b->labels.pairs[i].value);
	}
}

/* ${b} is what was left of ${a} when it was printed. */
static void
same_sample(const struct sample *a, const struct sample *b)
{
	same_text(a->name, b->name);
	same_text(a->tag, b->tag);
	same_text(a->label, b->label);
	same_text(a->memory, b->memory);
	same_text(a->policy, b->policy);
	assert_null(b->old);
	assert_int_equal(a->replicas, b->replicas);
	assert_int_equal(a->is_on, b->is_on);
	assert_int_equal(a->has_seed, b->has_seed);
	assert_true(a->seed == b->seed);
	assert_int_equal(a->has_scaler, b->has_scaler);
	assert_memory_equal(&a->scaler, &b->scaler, sizeof(a->scaler));
	assert_memory_equal(&a->pool, &b->pool, sizeof(a->pool));
	same_collections(a, b);
}

static void
spec_parse_of_spec_print_gives_an_equal_struct(void **state)
{
	unsigned seed = 20261121;

	for (int round = 0; round < 2000; round++) {
		struct arena *arena = arena_new();
		struct sample from = any_sample(arena, &seed), again;
		const char *text = printed(arena, &from);

		again = parsed(arena, text, doc_parse_json);
		same_sample(&from, &again);
		assert_string_equal(printed(arena, &again), text);
		/* Our JSON is YAML too. */
		again = parsed(arena, text, doc_parse_yaml);
		same_sample(&from, &again);
		arena_free(arena);
	}
	(void)state;
}

static void
spec_schema_describes_the_table(void **state)
{
	const struct doc_node *root, *at;
	struct buf out;
	struct json j;

	buf_init(&out, *state);
	json_init(&j, &out);
	spec_schema(&sample_table, &j);
	root = unit_json(*state, buf_bytes(&out));
	assert_non_null(strstr(buf_string(&out),
		"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
		"\"type\":\"object\",\"properties\":{\"name\":{\"type\":"
		"\"string\",\"minLength\":1,\"maxLength\":20,\"description\":"
		"\"Name of it | unique\"}"));
	at = doc_get(root, "properties");
	assert_int_equal(at->count, sample_table.count);
	assert_int_equal(doc_int(at, "replicas.maximum", 0), 1000);
	assert_int_equal(doc_int(at, "replicas.default", 0), 2);
	assert_true(doc_int(at, "seed.maximum", 0) == INT64_MAX);
	assert_string_equal(doc_text(at, "on.default", ""), "true");
	assert_true(doc_at(at, "on.default")->is_plain);
	assert_string_equal(doc_text(at, "policy.default", ""), "Always");
	assert_int_equal(doc_at(at, "policy.enum")->count, 3);
	assert_int_equal(doc_at(at, "memory.type")->count, 2);
	assert_string_equal(doc_text(at, "scaler.required", "list"), "list");
	assert_int_equal(doc_at(at, "scaler.required")->count, 1);
	assert_int_equal(doc_int(at, "files.maxItems", 0), 5);
	assert_string_equal(
		doc_text(at, "files.items.properties.value.type", ""),
		"string");
	assert_string_equal(doc_text(at, "args.items.type", ""), "string");
	assert_string_equal(
		doc_text(at, "labels.additionalProperties.type", ""), "string");
	assert_int_equal(doc_get(at, "affinity")->count, 0);
	assert_string_equal(doc_text(at, "old.deprecated", ""), "true");
	assert_string_equal(
		doc_text(root, "additionalProperties", ""), "false");
	assert_int_equal(doc_get(root, "required")->count, 1);
}

static void
spec_markdown_has_a_row_for_each_field(void **state)
{
	static const char *const rows[] = {
		"| `s.name` | text | required | Name of it \\| unique |\n",
		"| `s.replicas` | whole number 0..1000 | `2` |  |\n",
		"| `s.seed` | whole number from 0 |  |  |\n",
		"| `s.on` | true or false | `true` |  |\n",
		"| `s.policy` | one of `Always`, `IfNotPresent`, `Never` | "
		"`Always` |  |\n",
		"| `s.scaler` | mapping |  |  |\n"
		"| `s.scaler.least` | whole number 1..100 | required |  |\n",
		"| `s.files[]` | list of mappings |  |  |\n"
		"| `s.files[].name` | text | required |  |\n",
		"| `s.old` | text |  | Accepted and not used. Was once |\n",
	};
	struct buf out;

	buf_init(&out, *state);
	spec_markdown(&sample_table, "s", &out);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strstr(buf_string(&out), rows[i]) == NULL)
			fail_msg("%s not in\n%s", rows[i], buf_string(&out));
	buf_init(&out, *state);
	spec_markdown(&sample_table, "", &out);
	assert_int_equal(strncmp(buf_string(&out), "| `name` |", 10), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(spec_print_is_canonical),
		UNIT_TEST(spec_print_leaves_out_what_is_absent),
		UNIT_TEST(spec_print_leaves_out_structs_of_nothing),
		UNIT_TEST(spec_parse_of_spec_print_gives_an_equal_struct),
		UNIT_TEST(spec_schema_describes_the_table),
		UNIT_TEST(spec_markdown_has_a_row_for_each_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
