/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"

#include "base/base_line.h"

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
	{"only dynamically provisioned pvc can be resized", HELM_REFUSED},
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
	struct bytes words = {"", 0};

	out->message[0] = '\0';
	out->outcome = HELM_OK;
	if (status == 0)
		return;
	if (is_timed_out || status > 128) {
		judge_killed(status, is_timed_out, out);
		return;
	}
	if (errors.len > 0)
		words = own_words(errors);
	out->outcome = outcome_of(words);
	text_line(words, masks, n_masks, out->message, sizeof(out->message));
	if (out->message[0] == '\0')
		(void)snprintf(out->message, sizeof(out->message), SILENCE);
}
