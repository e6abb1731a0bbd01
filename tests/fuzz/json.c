/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "base/base_text.h"

void
fuzz_json(struct arena *arena, struct bytes in)
{
	static const struct doc_limits limits = {1024U * 1024U, 64, 50000};
	const struct doc_node *root;
	struct bytes json;
	struct err e;

	if (doc_parse_json(arena, in, &limits, &root, &e) != 0) {
		fuzz_error(&e, in);
		return;
	}
	json = fuzz_json_of(arena, root);
	fuzz_must(text_is_utf8(json), "JSON is UTF-8");
	fuzz_equal(fuzz_json_of(arena, fuzz_json_read(arena, json)), json,
		"what is written is read as the same");
}
