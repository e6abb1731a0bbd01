/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config_internal.h"

#include "base/base_log.h"
#include "base/base_text.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct loader {
	struct arena *arena;
	struct config *out;
	struct err *e;
	unsigned set_at[CONFIG_COUNT]; /* line of the file; 0: not set */
};

/* Where a value stands, for errors. */
struct source {
	const char *name; /* file or variable */
	unsigned line;    /* 0: the environment */
};

static int __attribute__((format(printf, 4, 5))) refuse(struct loader *l,
	const struct source *at, const char *key, const char *format, ...)
{
	char cause[256];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(cause, sizeof(cause), format, args);
	va_end(args);
	if (at->line == 0)
		return err_set(
			l->e, ERR_INVALID, key, "%s: %s", at->name, cause);
	return err_at(l->e, at->line, 1, key, "%s, line %u: %s", at->name,
		at->line, cause);
}

static int
set_uint(struct loader *l, const struct config_row *row,
	const struct source *at, const char *value, unsigned *out)
{
	uint64_t number;

	if (text_to_uint(value, row->max, &number) != 0 || number < row->min)
		return refuse(l, at, row->key,
			"\"%.40s\" is not a whole number of %llu..%llu", value,
			(unsigned long long)row->min,
			(unsigned long long)row->max);
	*out = (unsigned)number;
	return 0;
}

static int
set_bool(struct loader *l, const struct config_row *row,
	const struct source *at, const char *value, bool *out)
{
	*out = strcmp(value, "yes") == 0;
	if (*out || strcmp(value, "no") == 0)
		return 0;
	return refuse(l, at, row->key, "\"%.40s\" is not yes or no", value);
}

static int
set_level(struct loader *l, const struct config_row *row,
	const struct source *at, const char *value, enum log_level *out)
{
	if (log_level_parse(value, out) == 0)
		return 0;
	return refuse(l, at, row->key,
		"\"%.40s\" is not debug, info, warn or error", value);
}

static int
set_value(struct loader *l, const struct config_row *row,
	const struct source *at, const char *value)
{
	void *to = (char *)l->out + row->offset;

	switch (row->type) {
	case CONFIG_UINT:
		return set_uint(l, row, at, value, to);
	case CONFIG_BOOL:
		return set_bool(l, row, at, value, to);
	case CONFIG_LEVEL:
		return set_level(l, row, at, value, to);
	case CONFIG_TEXT:
		*(const char **)to = value;
		break;
	}
	return 0;
}

static int
set_defaults(struct loader *l)
{
	const struct source at = {"default", 0};
	int rc = 0;

	for (size_t i = 0; i < CONFIG_COUNT; i++)
		rc |= set_value(
			l, &config_rows[i], &at, config_rows[i].otherwise);
	return rc;
}

static int
refuse_unknown(struct loader *l, const struct source *at, const char *key)
{
	const char *names[CONFIG_COUNT], *nearest;

	for (size_t i = 0; i < CONFIG_COUNT; i++)
		names[i] = config_rows[i].key;
	nearest = text_nearest(key, names, CONFIG_COUNT);
	if (nearest == NULL)
		return refuse(l, at, key, "unknown key \"%.60s\"", key);
	return refuse(l, at, key, "unknown key \"%.60s\"; did you mean \"%s\"?",
		key, nearest);
}

static int
set_key(struct loader *l, const struct source *at, const char *key,
	const char *value)
{
	for (size_t i = 0; i < CONFIG_COUNT; i++) {
		if (strcmp(config_rows[i].key, key) != 0)
			continue;
		if (l->set_at[i] != 0)
			return refuse(l, at, key,
				"\"%s\" was set before, in line %u", key,
				l->set_at[i]);
		l->set_at[i] = at->line;
		return set_value(l, &config_rows[i], at, value);
	}
	return refuse_unknown(l, at, key);
}

/* A copy of ${text} without blanks around it. */
static const char *
trimmed(struct arena *arena, const char *text, size_t len)
{
	static const char blanks[] = " \t\r";

	while (len > 0 && strchr(blanks, text[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(blanks, *text) != NULL) {
		text++;
		len--;
	}
	return arena_copy(arena, text, len);
}

/* The length of a line without its comment: '#' at its start or behind a
 * blank, so that a password may have one inside. */
static size_t
without_comment(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (line[i] == '#' &&
			(i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
			return i;
	return len;
}

static int
load_line(
	struct loader *l, const struct source *at, const char *line, size_t len)
{
	const char *equals;
	size_t key_len;

	len = without_comment(line, len);
	if (*trimmed(l->arena, line, len) == '\0')
		return 0;
	equals = memchr(line, '=', len);
	if (equals == NULL)
		return refuse(l, at, "", "this is not \"key = value\"");
	key_len = (size_t)(equals - line);
	return set_key(l, at, trimmed(l->arena, line, key_len),
		trimmed(l->arena, equals + 1, len - key_len - 1));
}

static int
load_file(struct loader *l, const char *file, const char *text)
{
	struct source at = {file, 0};
	size_t len;

	while (*text != '\0') {
		at.line++;
		len = strcspn(text, "\n");
		if (load_line(l, &at, text, len) != 0)
			return -1;
		text += len + (text[len] == '\n');
	}
	return 0;
}

static int
load_variable(struct loader *l, const struct config_row *row, char *const *env)
{
	const struct source at = {config_variable(l->arena, row), 0};
	size_t len = strlen(at.name);

	for (; *env != NULL; env++)
		if (strncmp(*env, at.name, len) == 0 && (*env)[len] == '=')
			return set_value(l, row, &at,
				arena_text(l->arena, *env + len + 1));
	return 0;
}

static bool
is_loopback(const char *address)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, address, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcmp(address, "localhost") == 0;
}

bool
config_has_tls(const struct config *config)
{
	return config->tls_certificate[0] != '\0';
}

static int
check_tls(const struct config *c, struct err *e)
{
	if (!config_has_tls(c) && c->tls_key[0] == '\0')
		return 0;
	if (c->tls_key[0] != '/')
		return err_set(e, ERR_INVALID, "tls_key",
			"tls_key = %.60s: it has to be the absolute path of "
			"the certificate's key",
			c->tls_key);
	if (c->tls_certificate[0] != '/')
		return err_set(e, ERR_INVALID, "tls_certificate",
			"tls_certificate = %.60s: it has to be the absolute "
			"path of the key's certificate",
			c->tls_certificate);
	return 0;
}

/* What is right alone and wrong together. */
static int
check(const struct config *c, struct err *e)
{
	if (check_tls(c, e) != 0)
		return -1;
	if (!is_loopback(c->bind) && !config_has_tls(c) && !c->insecure_http)
		return err_set(e, ERR_INVALID, "bind",
			"bind = %.60s would send tokens in clear over the "
			"network: set tls_certificate and tls_key, or bind a "
			"loopback address (127.0.0.1) behind a TLS proxy, or "
			"set insecure_http = yes",
			c->bind);
	return 0;
}

int
config_load(struct arena *arena, const char *file, const char *text,
	char *const *environ, struct config *out, struct err *e)
{
	struct loader l = {.arena = arena, .out = out, .e = e};

	if (set_defaults(&l) != 0 ||
		(text != NULL && load_file(&l, file, text) != 0))
		return -1;
	for (size_t i = 0; i < CONFIG_COUNT; i++)
		if (load_variable(&l, &config_rows[i], environ) != 0)
			return -1;
	return check(out, e);
}
