/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON writer: commas, quoting and nesting are its business, so that no
 * caller pastes strings. Compact (RFC 8259). Text must be UTF-8; bytes that
 * are not are written as U+FFFD. Control characters (C1 too), quotes,
 * backslashes, U+2028/2029, U+FEFF, U+FFFE and U+FFFF are escaped, so that a
 * line of it is safe in any log and any YAML parser reads it as it is: helm
 * takes U+0085 for a space and refuses the rest.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/base_buf.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 80U /* doc's limit of 64 fits */

struct json {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool has_items[JSON_DEPTH_MAX];
	bool is_after_key;
};

/** Write to ${out}, which must outlive ${j}. */
void json_init(struct json *j, struct buf *out);

/* In an object each value comes after json_key, or use the json_member_x. */
void json_object_open(struct json *j);
void json_object_close(struct json *j);
void json_array_open(struct json *j);
void json_array_close(struct json *j);
void json_key(struct json *j, const char *key);

/** A string; NULL gives null. */
void json_text(struct json *j, const char *text);
void json_bytes(struct json *j, struct bytes text);
void json_int(struct json *j, int64_t value);
void json_bool(struct json *j, bool value);
void json_null(struct json *j);

/** Something that is JSON already, as it is. */
void json_raw(struct json *j, const char *value);

void json_member_text(struct json *j, const char *key, const char *text);
void json_member_int(struct json *j, const char *key, int64_t value);
void json_member_bool(struct json *j, const char *key, bool value);
void json_member_raw(struct json *j, const char *key, const char *value);

#endif
