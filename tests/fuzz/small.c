/* SPDX-License-Identifier: Apache-2.0 */
/* Small readers of one text. */
#include "fuzz.h"

#include "base/base_json.h"
#include "base/base_text.h"
#include "base/base_time.h"
#include "base/base_utf8.h"
#include "k8s/k8s_host.h"
#include "k8s/k8s_time.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 8U

static void
check_times(const char *text)
{
	char again[TIME_TEXT_SIZE];
	int64_t ms;

	(void)k8s_time_parse(text, &ms);
	if (time_parse(text, &ms) != 0)
		return;
	time_format(ms, again);
	fuzz_equal(fuzz_bytes(again), fuzz_bytes(text), "a time stays");
	fuzz_must(k8s_time_parse(text, &ms) == 0, "it is also Kubernetes'");
}

static void
check_numbers(struct arena *arena, const char *text)
{
	const char *again;
	uint64_t n;

	if (text_to_uint(text, UINT64_MAX, &n) == 0) {
		again = arena_format(arena, "%llu", (unsigned long long)n);
		fuzz_equal(fuzz_bytes(again), fuzz_bytes(text),
			"a number has one form");
	}
	if (text_is_quantity(text))
		fuzz_must(strlen(text) <= 32, "a quantity is short");
}

static void
check_names(const char *text)
{
	if (uuid_is_valid(text))
		fuzz_must(strlen(text) == UUID_TEXT_SIZE - 1, "a UUID");
	if (text_is_dns_label(text, 63))
		fuzz_must(
			text_is_dns_subdomain(text), "a label is a subdomain");
	if (text_is_dns_subdomain(text))
		fuzz_must(strpbrk(text, "/%\"'\\ \n_") == NULL,
			"a name needs no quoting");
}

/* Blank-separated words: the first is looked for among the others. */
static void
check_nearest(struct arena *arena, struct bytes in)
{
	const char *words[WORDS_MAX];
	const char *word = fuzz_text(arena, fuzz_cut(&in, ' '));
	size_t n = 0;

	while (in.len > 0 && n < WORDS_MAX)
		words[n++] = fuzz_text(arena, fuzz_cut(&in, ' '));
	(void)text_nearest(word, words, n);
}

/* Whatever the bytes, JSON of them is read as the same text, but for those
 * that are no UTF-8. */
static void
check_json(struct arena *arena, struct bytes in)
{
	const struct doc_node *root;
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	json_bytes(&j, in);
	if (in.len > 0 && memchr(in.data, '\0', in.len) != NULL)
		return;
	root = fuzz_json_read(arena, buf_bytes(&out));
	if (text_is_utf8(in))
		fuzz_equal(root->text, in, "JSON keeps a text");
}

static void
check_xml(struct arena *arena, struct bytes in)
{
	struct buf out;

	buf_init(&out, arena);
	text_xml_escape(&out, in);
	fuzz_must(strpbrk(buf_string(&out), "<>\r") == NULL,
		"escaped text holds no markup");
}

void
fuzz_small(struct arena *arena, struct bytes in)
{
	const char *text = fuzz_text(arena, in);
	struct k8s_host host;

	check_times(text);
	check_numbers(arena, text);
	check_names(text);
	check_nearest(arena, in);
	check_json(arena, in);
	check_xml(arena, in);
	(void)k8s_host_rename(arena, text, "a.example", &host);
}
