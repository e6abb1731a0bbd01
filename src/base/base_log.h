/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON lines: {"at":…,"level":…,"process":…,"event":…,<fields>}. One event a
 * line, identifiers and not bodies; never a token, password, YAML or SQL.
 * Text is escaped by base_json, so a client cannot forge a line.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base_err.h"

#include <stdint.h>

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

/* Where lines go; made by the shell of each process. write is called with one
 * whole line incl. '\n'; it must be callable from any thread. */
struct log {
	const char *process; /* "api", "apply", "run" */
	enum log_level threshold;
	int64_t (*now_ms)(void); /* unix time */
	void (*write)(void *cookie, const char *line, unsigned len);
	void *cookie;
};

/* A field: text (value may be NULL: null) or, if is_number, number. */
struct log_field {
	const char *key;
	const char *value;
	int64_t number;
	int is_number;
};

#define LOG_TEXT(k, v) ((struct log_field){.key = (k), .value = (v)})
#define LOG_INT(k, n) \
	((struct log_field){.key = (k), .number = (n), .is_number = 1})

/** Write one event; ${event} is room_verb, "component_moved". At most 16
 * fields count, a value is cut at 1,024 bytes. NULL ${log}: nothing. */
void log_event(const struct log *log, enum log_level level, const char *event,
	const struct log_field *fields, unsigned count);

/** log_event with the fields as arguments. */
#define LOG_EVENT(log, level, event, ...)                                    \
	log_event((log), (level), (event),                                   \
		(const struct log_field[]){__VA_ARGS__},                     \
		(unsigned)(sizeof((const struct log_field[]){__VA_ARGS__}) / \
			   sizeof(struct log_field)))

/** The level of ${word} (debug, info, warn, error); -1 if there is none. */
int log_level_parse(const char *word, enum log_level *out);

#endif
