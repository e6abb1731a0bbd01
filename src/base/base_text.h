/* SPDX-License-Identifier: Apache-2.0 */
/* Decoders of what clients send, and checks of names. All pure. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/base_arena.h"
#include "base/base_buf.h"
#include "base/base_bytes.h"
#include "base/base_err.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * Decode base64 as real clients send it (docs/api.md, "Base64 fields"): a
 * space is a '+' that form decoding ate, CR, LF and tab are skipped, '-' and
 * '_' are '+' and '/', padding is optional.  Anything else, a '=' inside, a
 * wrong length or non-zero trailing bits: -1, INVALID with ${field} as path.
 * ${out}: NUL-terminated, in ${arena}.
 */
int text_base64_decode(struct arena *arena, struct bytes in, const char *field,
	struct bytes *out, struct err *e);

/** Standard base64 with padding (RFC 4648, section 4). */
char *text_base64_encode(struct arena *arena, struct bytes in);

/** Append ${in} to ${out} as the content of an XML element (XML 1.0, 2.4): &, <
 * and > become entities, CR a character reference, so that it is read back
 * unchanged. ${in} is UTF-8 without other control characters than LF and tab.
 */
void text_xml_escape(struct buf *out, struct bytes in);

/** Lower-case hexadecimal. */
char *text_hex(struct arena *arena, struct bytes in);

/**
 * Percent-decode a path segment ('+' stays). %00, a bad escape or bytes that
 * are not UTF-8: -1 with INVALID.
 */
int text_percent_decode(
	struct arena *arena, struct bytes in, char **out, struct err *e);

struct text_pair {
	const char *name;   /* never NULL */
	struct bytes value; /* NUL-terminated behind len; may hold no NUL */
};

struct text_form {
	struct text_pair *pairs; /* in the order sent */
	size_t count;
};

#define TEXT_FORM_PAIRS_MAX 64U

/**
 * Parse application/x-www-form-urlencoded (WHATWG URL, section 5.1): split at
 * '&', first '=', '+' is a space, %XX. Empty pairs are skipped.  -1 with
 * INVALID: bad escape, %00 or NUL, more than TEXT_FORM_PAIRS_MAX pairs, a name
 * that is not UTF-8, the same name twice.
 */
int text_form_parse(struct arena *arena, struct bytes body,
	struct text_form *out, struct err *e);

/** DNS-1123 label of at most ${max} bytes ([a-z0-9]([-a-z0-9]*[a-z0-9])?). */
bool text_is_dns_label(const char *text, size_t max);

/** DNS-1123 subdomain: labels joined by dots, at most 253 bytes. */
bool text_is_dns_subdomain(const char *text);

bool text_is_utf8(struct bytes text);

/** Kubernetes quantity (apimachinery, resource.Quantity): plain, m, k..E,
 * Ki..Ei, e-notation; no sign. At most 32 bytes. */
bool text_is_quantity(const char *text);

/** An unsigned decimal number of at most ${max}: 0, else -1. No sign, no
 * blank, no leading zero but "0". */
int text_to_uint(const char *text, uint64_t max, uint64_t *out);

/** The candidate nearest to ${word} (edit distance <= 2, or a third of its
 * length), for "did you mean"; NULL if none is near. */
const char *text_nearest(
	const char *word, const char *const *candidates, size_t count);

/** FNV-1a, 64 bits: for names of keys, not for security. */
uint64_t text_fnv1a(struct bytes in);

#endif
