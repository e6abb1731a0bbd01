/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_log.h"

#include "base/base_json.h"
#include "base/base_time.h"
#include "base/base_utf8.h"

#include <string.h>

#define FIELDS_MAX 16U
#define VALUE_BYTES_MAX 1024U

static const char *const level_words[] = {
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_ERROR] = "error",
};

static void
put_field(struct json *j, const struct log_field *field)
{
	struct bytes value = {field->value, 0};

	json_key(j, field->key);
	if (field->is_number) {
		json_int(j, field->number);
	} else if (field->value == NULL) {
		json_null(j);
	} else {
		/* One character more, to see where the last one ends. */
		value.len = strnlen(value.data, VALUE_BYTES_MAX + 4);
		json_bytes(j, (struct bytes){value.data,
				      utf8_cut(value, VALUE_BYTES_MAX)});
	}
}

void
log_event(const struct log *log, enum log_level level, const char *event,
	const struct log_field *fields, unsigned count)
{
	struct arena *arena;
	struct buf line;
	struct json j;
	char at[TIME_TEXT_SIZE];

	if (log == NULL || level < log->threshold)
		return;
	arena = arena_new();
	buf_init(&line, arena);
	json_init(&j, &line);
	time_format(log->now_ms(), at);
	json_object_open(&j);
	json_member_text(&j, "at", at);
	json_member_text(&j, "level", level_words[level]);
	json_member_text(&j, "process", log->process);
	json_member_text(&j, "event", event);
	for (unsigned i = 0; i < count && i < FIELDS_MAX; i++)
		put_field(&j, &fields[i]);
	json_object_close(&j);
	buf_put(&line, "\n", 1);
	log->write(log->cookie, line.data, (unsigned)line.len);
	arena_free(arena);
}

int
log_level_parse(const char *word, enum log_level *out)
{
	for (size_t i = 0; i < COUNT_OF(level_words); i++) {
		if (strcmp(word, level_words[i]) != 0)
			continue;
		*out = (enum log_level)i;
		return 0;
	}
	return -1;
}
