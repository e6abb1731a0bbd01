/* SPDX-License-Identifier: Apache-2.0 */
/* Errors are values, made once where the field is known. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* clang-format off */
/* name, HTTP status, stable word of the problem body (docs/api.md) */
#define ERR_CODES(X)                                          \
	X(NONE,            200, "none")                       \
	X(INVALID,         400, "invalid")                    \
	X(UNAUTHENTICATED, 401, "unauthenticated")            \
	X(FORBIDDEN,       403, "forbidden")                  \
	X(NOT_FOUND,       404, "not_found")                  \
	X(METHOD,          405, "method_not_allowed")         \
	X(CONFLICT,        409, "conflict")                   \
	X(LENGTH,          411, "length_required")            \
	X(STALE,           412, "stale")                      \
	X(TOO_LARGE,       413, "too_large")                  \
	X(URI_TOO_LONG,    414, "uri_too_long")               \
	X(MEDIA_TYPE,      415, "unsupported_media_type")     \
	X(MISMATCH,        422, "idempotency_mismatch")       \
	X(TOO_MANY,        429, "too_many_requests")          \
	X(HEADERS,         431, "headers_too_large")          \
	X(INTERNAL,        500, "internal")                   \
	X(NOT_IMPLEMENTED, 501, "not_implemented")            \
	X(UNAVAILABLE,     503, "unavailable")
/* clang-format on */

enum err_code {
#define X(name, status, word) ERR_##name,
	ERR_CODES(X)
#undef X
		ERR_CODE_COUNT
};

struct err {
	enum err_code code;
	unsigned line; /* in the posted text, from 1; 0: none */
	unsigned column;
	char path[128];    /* field, "spec.worker.replicas"; "" if none */
	char message[320]; /* one line, no full stop, safe to show a user */
};

/** Fill ${e} (line and column 0) and return -1; long text is cut. */
int err_set(struct err *e, enum err_code code, const char *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Like err_set, at ${line}:${column} of the posted text. */
int err_at(struct err *e, unsigned line, unsigned column, const char *path,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/** HTTP status of ${code}, 200..503. */
int err_status(enum err_code code);

/** The stable word of ${code}. */
const char *err_word(enum err_code code);

/* All that is wrong with one input, so that a user cures it in one round. */
#define ERR_LIST_MAX 20U

struct err_list {
	unsigned count; /* of items filled; at most ERR_LIST_MAX */
	unsigned total; /* found, also beyond ERR_LIST_MAX */
	struct err items[ERR_LIST_MAX];
};

/** Have it empty, without writing to all that it has room for. */
void err_list_init(struct err_list *list);

/** Add a copy of ${e}; beyond ERR_LIST_MAX it is only counted. */
void err_list_add(struct err_list *list, const struct err *e);

#endif
