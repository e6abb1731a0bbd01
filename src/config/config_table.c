/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config_internal.h"

#include <string.h>

#define ROW(key, type, change, otherwise, min, max, help)                    \
	{#key, CONFIG_##type, CONFIG_##change, offsetof(struct config, key), \
		otherwise, min, max, help},
const struct config_row config_rows[CONFIG_COUNT] = {CONFIG_KEYS(ROW)};

const char *
config_variable(struct arena *arena, const struct config_row *row)
{
	char *out = arena_format(arena, "ROASTER_%s", row->key);

	for (char *at = out; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return out;
}

static void
put_type(const struct config_row *row, struct buf *out)
{
	if (row->type == CONFIG_TEXT)
		buf_text(out, "text");
	else if (row->type == CONFIG_BOOL)
		buf_text(out, "yes or no");
	else if (row->type == CONFIG_LEVEL)
		buf_text(out, "level");
	else
		buf_format(out, "%llu..%llu", (unsigned long long)row->min,
			(unsigned long long)row->max);
}

void
config_markdown(struct buf *out)
{
	buf_text(out,
		"# Configuration\n\n"
		"Settings are lines `key = value` of `roaster.conf`; a `#` at "
		"the start of a line or\nafter a blank begins a comment. The "
		"environment goes before the file. An unknown\nkey is an error "
		"in the file; in the environment only the names below are "
		"read.\n"
		"A SIGHUP makes roasterd read its file and its certificate "
		"again ([operations.md](operations.md)):\nwhat is marked as "
		"reload counts from then on in the API, the rest at the next "
		"start."
		"\n\n| key | environment | type | default | change | meaning "
		"|\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < CONFIG_COUNT; i++) {
		const struct config_row *row = &config_rows[i];

		buf_format(out, "| `%s` | `%s` | ", row->key,
			config_variable(out->arena, row));
		put_type(row, out);
		if (*row->otherwise == '\0')
			buf_text(out, " | | ");
		else
			buf_format(out, " | `%s` | ", row->otherwise);
		buf_format(out, "%s | %s |\n",
			row->change == CONFIG_RELOAD ? "reload" : "start",
			row->help);
	}
}
