/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include <stdio.h>
#include <string.h>

#define SILENCE "helm failed and said nothing"

/*
 * Helm has one exit code for all failures, so its texts decide; the first row
 * that is found counts. Rows of one template's or schema's mistake come before
 * the network's, because such a mistake may quote anything. What no row knows
 * is tried again: waiting never destroys anything.
 */
/* clang-format off */
static const struct helm_text {
	const char *text;
	enum helm_outcome outcome;
} texts[] = {
	{"another operation (install/upgrade/rollback) is in progress",
		HELM_BUSY},
	{"release: already exists", HELM_BUSY},
	{"cannot re-use a name that is still in use", HELM_BUSY},
	{"has no deployed releases", HELM_BUSY}, /* it is being uninstalled */

	{"values don't meet the specifications of the schema", HELM_REFUSED},
	{"parse error at (", HELM_REFUSED},
	{"YAML parse error on", HELM_REFUSED},
	{"execution error at (", HELM_REFUSED},
	{"executing \"", HELM_REFUSED},
	{"chart requires kubeVersion", HELM_REFUSED},
	{"unknown flag:", HELM_REFUSED},

	{"Apply failed with", HELM_RETRY}, /* another owner of a field */
	{"failed calling webhook", HELM_RETRY},
	{"exceeded quota", HELM_RETRY},
	{"connection refused", HELM_RETRY},
	{"connection reset", HELM_RETRY},
	{"i/o timeout", HELM_RETRY},
	{"no such host", HELM_RETRY},
	{"TLS handshake", HELM_RETRY},
	{"tls: ", HELM_RETRY},
	{"x509: ", HELM_RETRY},
	{": EOF", HELM_RETRY},
	{"the server is currently unable", HELM_RETRY},
	{"etcdserver: ", HELM_RETRY},

	{"denied the request", HELM_REFUSED}, /* by an admission webhook */
	{"denied request", HELM_REFUSED}, /* by an admission policy */
	{"violates PodSecurity", HELM_REFUSED},
	{"forbidden", HELM_RETRY}, /* a new role binding needs a moment */
	{"is invalid:", HELM_REFUSED},
	{"unknown field", HELM_REFUSED},
	{"field not declared in schema", HELM_REFUSED},
	{"no matches for kind", HELM_REFUSED},
	{"invalid ownership metadata", HELM_REFUSED},
};
/* clang-format on */

static bool
holds(struct bytes in, const char *text)
{
	return memmem(in.data, in.len, text, strlen(text)) != NULL;
}

static enum helm_outcome
outcome_of(struct bytes errors)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (holds(errors, texts[i].text))
			return texts[i].outcome;
	}
	return HELM_RETRY;
}

/* ${in} from behind the first ${mark} on, or all of it. */
static struct bytes
behind(struct bytes in, const char *mark)
{
	const char *found = memmem(in.data, in.len, mark, strlen(mark));

	if (found == NULL)
		return in;
	found += strlen(mark);
	return (struct bytes){found, in.len - (size_t)(found - in.data)};
}

/* ${in} up to ${mark}, or all of it. */
static struct bytes
before(struct bytes in, const char *mark)
{
	const char *found = memmem(in.data, in.len, mark, strlen(mark));

	if (found != NULL)
		in.len = (size_t)(found - in.data);
	return in;
}

/* Helm's own words: what follows "Error: ", without its hint on --debug. */
static struct bytes
own_words(struct bytes errors)
{
	struct bytes words;

	if (errors.len >= strlen("Error: ") &&
		memcmp(errors.data, "Error: ", strlen("Error: ")) == 0)
		words = behind(errors, "Error: ");
	else
		words = behind(errors, "\nError: ");
	return before(words, "\n\nUse --debug flag");
}

/* How many bytes at the start of ${in} are one of the masks, the longest. */
static size_t
masked(struct bytes in, const struct bytes *masks, size_t n_masks)
{
	size_t longest = 0;

	for (size_t i = 0; i < n_masks; i++) {
		if (masks[i].len > longest && masks[i].len <= in.len &&
			memcmp(in.data, masks[i].data, masks[i].len) == 0)
			longest = masks[i].len;
	}
	return longest;
}

/* Bytes of the blank or control character at the start of ${in}; 0 if there is
 * none. U+0080..U+009F are control characters too: terminals obey them. */
static size_t
blank_size(struct bytes in)
{
	unsigned char c = (unsigned char)in.data[0];

	if (c <= ' ' || c == 0x7f)
		return 1;
	if (c == 0xc2 && in.len > 1 && (unsigned char)in.data[1] < 0xa0)
		return 2;
	return 0;
}

struct line {
	char *text;
	size_t size;
	size_t len;
};

static void
line_put(struct line *line, const char *data, size_t len)
{
	for (size_t i = 0; i < len && line->len < line->size - 1; i++)
		line->text[line->len++] = data[i];
	line->text[line->len] = '\0';
}

static void
line_blank(struct line *line)
{
	if (line->len > 0 && line->text[line->len - 1] != ' ')
		line_put(line, " ", 1);
}

/* A full line may end within a character: drop it; and a last blank. */
static void
line_end(struct line *line)
{
	size_t len = line->len;

	if (len == line->size - 1) {
		while (len > 0 && (line->text[len - 1] & 0xc0) == 0x80)
			len--;
		if (len > 0 && (line->text[len - 1] & 0x80) != 0)
			len--;
	}
	if (len > 0 && line->text[len - 1] == ' ')
		len--;
	line->text[len] = '\0';
}

/* One clean line of ${words}, as much of it as fits. */
static void
clean(struct bytes words, const struct bytes *masks, size_t n_masks,
	struct line *line)
{
	while (words.len > 0 && line->len < line->size - 1) {
		size_t n = masked(words, masks, n_masks);

		if (n > 0) {
			line_put(line, "***", 3);
		} else if ((n = blank_size(words)) > 0) {
			line_blank(line);
		} else {
			n = 1;
			line_put(line, words.data, n);
		}
		words.data += n;
		words.len -= n;
	}
	line_end(line);
}

static void
judge_killed(int status, bool is_timed_out, struct helm_judgement *out)
{
	out->outcome = HELM_KILLED;
	if (is_timed_out)
		(void)snprintf(out->message, sizeof(out->message),
			"helm did not end within its time limit");
	else
		(void)snprintf(out->message, sizeof(out->message),
			"helm was ended by signal %d", status - 128);
}

void
helm_judge(int status, bool is_timed_out, struct bytes errors,
	const struct bytes *masks, size_t n_masks, struct helm_judgement *out)
{
	const struct bytes silence = {SILENCE, strlen(SILENCE)};
	struct line line = {out->message, sizeof(out->message), 0};
	struct bytes words;

	out->message[0] = '\0';
	out->outcome = HELM_OK;
	if (status == 0)
		return;
	if (is_timed_out || status > 128) {
		judge_killed(status, is_timed_out, out);
		return;
	}
	words = own_words(errors.len == 0 ? silence : errors);
	out->outcome = outcome_of(words);
	clean(words, masks, n_masks, &line);
}
