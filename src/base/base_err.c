/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_err.h"

#include "base/base_utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct code_row {
	int status;
	const char *word;
} rows[ERR_CODE_COUNT] = {
#define X(name, http, text) [ERR_##name] = {http, text},
	ERR_CODES(X)
#undef X
};

/* Users' text is part of messages: make it one line of whole characters. */
static void
tidy(char *text)
{
	size_t len = strlen(text), at = 0, step;
	uint32_t code;

	while (at < len) {
		step = utf8_next((struct bytes){text + at, len - at}, &code);
		if (step == 0 && len - at < 4) {
			text[at] = '\0'; /* cut in a character */
			return;
		}
		if (step == 0 || code < 0x20 || code == 0x7f) {
			text[at] = '?';
			step = 1;
		}
		at += step;
	}
}

static int __attribute__((format(printf, 4, 0))) fill(struct err *e,
	enum err_code code, const char *path, const char *format, va_list args)
{
	e->code = code;
	e->line = 0;
	e->column = 0;
	(void)snprintf(e->path, sizeof(e->path), "%s", path);
	(void)vsnprintf(e->message, sizeof(e->message), format, args);
	tidy(e->path);
	tidy(e->message);
	return -1;
}

int
err_set(struct err *e, enum err_code code, const char *path, const char *format,
	...)
{
	va_list args;

	va_start(args, format);
	(void)fill(e, code, path, format, args);
	va_end(args);
	return -1;
}

int
err_at(struct err *e, unsigned line, unsigned column, const char *path,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fill(e, ERR_INVALID, path, format, args);
	va_end(args);
	e->line = line;
	e->column = column;
	return -1;
}

int
err_status(enum err_code code)
{
	return rows[code].status;
}

const char *
err_word(enum err_code code)
{
	return rows[code].word;
}

void
err_list_init(struct err_list *list)
{
	list->count = 0;
	list->total = 0;
}

void
err_list_add(struct err_list *list, const struct err *e)
{
	if (list->count < ERR_LIST_MAX)
		list->items[list->count++] = *e;
	list->total++;
}
