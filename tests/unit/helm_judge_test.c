/* SPDX-License-Identifier: Apache-2.0 */
#include "helm/helm.h"
#include "unit.h"

#include <stdio.h>

/* --- judgement --- */

static const struct judge_case {
	int status;
	bool is_timed_out;
	enum helm_outcome outcome;
	const char *errors;
	const char *message;
} judge_cases[] = {
	{0, false, HELM_OK, "level=WARN msg=\"something\"\n", ""},
	{0, true, HELM_OK, "", ""},
	{137, false, HELM_KILLED, "", "helm was ended by signal 9"},
	{143, true, HELM_KILLED, "", "helm did not end within its time limit"},
	{1, true, HELM_KILLED, "Error: UPGRADE FAILED: context canceled\n",
		"helm did not end within its time limit"},
	{1, false, HELM_RETRY, "", "helm failed and said nothing"},
	{1, false, HELM_RETRY, "\n\x01\n", "helm failed and said nothing"},
	{1, false, HELM_RETRY, "Error: \n", "helm failed and said nothing"},
	{1, false, HELM_BUSY,
		"Error: UPGRADE FAILED: another operation "
		"(install/upgrade/rollback) is in progress\n",
		"UPGRADE FAILED: another operation (install/upgrade/rollback) "
		"is in progress"},
	{1, false, HELM_BUSY,
		"Error: UPGRADE FAILED: release: already exists\n",
		"UPGRADE FAILED: release: already exists"},
	{1, false, HELM_BUSY,
		"Error: INSTALLATION FAILED: cannot re-use a name that is "
		"still in use\n",
		"INSTALLATION FAILED: cannot re-use a name that is still in "
		"use"},
	{1, false, HELM_BUSY,
		"Error: UPGRADE FAILED: \"x\" has no deployed releases\n",
		"UPGRADE FAILED: \"x\" has no deployed releases"},
	{1, false, HELM_RETRY,
		"level=ERROR msg=\"check failed: dial tcp\"\n"
		"Error: INSTALLATION FAILED: cluster reachability check "
		"failed: kubernetes cluster unreachable: Get "
		"\"http://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: "
		"connect: connection refused\n",
		"INSTALLATION FAILED: cluster reachability check failed: "
		"kubernetes cluster unreachable: Get "
		"\"http://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: "
		"connect: connection refused"},
	{1, false, HELM_RETRY, "Error: Get \"https://k/api\": EOF\n",
		"Get \"https://k/api\": EOF"},
	{1, false, HELM_RETRY,
		"Error: UPGRADE FAILED: Apply failed with 1 conflict: "
		"conflict with \"kubectl\": .spec.replicas is invalid:\n",
		"UPGRADE FAILED: Apply failed with 1 conflict: conflict with "
		"\"kubectl\": .spec.replicas is invalid:"},
	{1, false, HELM_RETRY,
		"Error: services \"x\" is forbidden: exceeded quota: q\n",
		"services \"x\" is forbidden: exceeded quota: q"},
	{1, false, HELM_RETRY,
		"Error: secrets is forbidden: User \"r\" cannot list\n",
		"secrets is forbidden: User \"r\" cannot list"},
	{1, false, HELM_REFUSED,
		"Error: persistentvolumeclaims \"x\" is forbidden: only "
		"dynamically provisioned pvc can be resized and the "
		"storageclass that provisions the pvc must support resize\n",
		"persistentvolumeclaims \"x\" is forbidden: only "
		"dynamically provisioned pvc can be resized and the "
		"storageclass that provisions the pvc must support resize"},
	{1, false, HELM_RETRY,
		"Error: failed calling webhook \"w\": denied the request\n",
		"failed calling webhook \"w\": denied the request"},
	{1, false, HELM_REFUSED,
		"Error: admission webhook \"w\" denied the request: forbidden "
		"image\n",
		"admission webhook \"w\" denied the request: forbidden "
		"image"},
	{1, false, HELM_REFUSED,
		"Error: Deployment.apps \"x\" is invalid: spec.selector: "
		"field is immutable\n",
		"Deployment.apps \"x\" is invalid: spec.selector: field is "
		"immutable"},
	{1, false, HELM_REFUSED,
		"Error: values don't meet the specifications of the "
		"schema(s) in the following chart(s):\ntrino:\n- at '/x': "
		"got string, want integer: EOF\n\n",
		"values don't meet the specifications of the schema(s) in the "
		"following chart(s): trino: - at '/x': got string, want "
		"integer: EOF"},
	{1, false, HELM_REFUSED,
		"Error: parse error at (a/templates/x.yaml:2): unexpected: "
		"EOF\n\nUse --debug flag to render out invalid YAML\n",
		"parse error at (a/templates/x.yaml:2): unexpected: EOF"},
	{1, false, HELM_REFUSED,
		"Error: f/templates/x.yaml:1:10\n  executing "
		"\"f/templates/x.yaml\" at <.Values.x>:\n    no\n",
		"f/templates/x.yaml:1:10 executing \"f/templates/x.yaml\" at "
		"<.Values.x>: no"},
	{1, false, HELM_RETRY, "Error: something quite new\n",
		"something quite new"},
	{2, false, HELM_RETRY, "panic: oops\nat line 1: Error: no\n",
		"panic: oops at line 1: Error: no"},
	{1, false, HELM_RETRY,
		"Error: \033[31mred\033[0m\t\x7f\xc2\x9b tab \r\n",
		"[31mred [0m tab"},
	{1, false, HELM_RETRY, "Error: caf\xc3\xa9 \xc2\xa9\n",
		"caf\xc3\xa9 \xc2\xa9"},
	{1, false, HELM_RETRY, "Error: \xc2", "\xc2"},
};

static void
exits_are_judged_by_status_and_words(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(judge_cases); i++) {
		const struct judge_case *c = &judge_cases[i];
		struct helm_judgement got;

		helm_judge(c->status, c->is_timed_out, unit_bytes(c->errors),
			NULL, 0, &got);
		assert_string_equal(got.message, c->message);
		if (got.outcome != c->outcome)
			fail_msg("outcome %d of: %s", got.outcome, c->errors);
	}
}

static void
secrets_are_masked_longest_first(void **cookie)
{
	const struct bytes masks[] = {
		unit_bytes("hunter"),
		unit_bytes("hunter2\nline"),
		unit_bytes("hunter2"),
		unit_bytes(""),
		unit_bytes("a mask that is longer than all of the text put "
			   "together, so that it cannot be in it; a mask that "
			   "is longer than all"),
	};
	struct helm_judgement got;

	(void)cookie;
	helm_judge(1, false,
		unit_bytes("Error: key hunter2\nline, hunter3, end hunter"),
		masks, COUNT_OF(masks), &got);
	assert_string_equal(got.message, "key ***, ***3, end ***");
}

static void
long_errors_are_cut_between_characters(void **cookie)
{
	char errors[1000] = "Error: ";
	struct helm_judgement got;

	(void)cookie;
	for (size_t i = 7; i + 2 < sizeof(errors); i += 2) {
		errors[i] = '\xc3';
		errors[i + 1] = '\xa9';
	}
	helm_judge(1, false, (struct bytes){errors, 900}, NULL, 0, &got);
	assert_int_equal(strlen(got.message), 318);
	memmove(errors + 8, errors + 7, 900);
	errors[7] = 'x';
	helm_judge(1, false, (struct bytes){errors, 900}, NULL, 0, &got);
	assert_int_equal(strlen(got.message), 317);
	memset(errors + 7, 'x', 990);
	helm_judge(1, false, (struct bytes){errors, 900}, NULL, 0, &got);
	assert_int_equal(strlen(got.message), 319);
}

/* --- advice --- */

/* Revisions as "number status digest", '-': not stamped; the digest of the
 * wanted spec is "want". */
struct advise_case {
	const char *revisions[4];
	bool is_deletion;
	enum helm_decision decision;
	unsigned about; /* number of the revision it is about; 0: none */
};

static const struct advise_case advise_cases[] = {
	{{NULL}, false, HELM_DO_INSTALL, 0},
	{{NULL}, true, HELM_DO_NOTHING, 0},
	{{"1 deployed want"}, false, HELM_DO_NOTHING, 1},
	{{"1 deployed old"}, false, HELM_DO_UPGRADE, 1},
	{{"1 deployed want"}, true, HELM_DO_UNINSTALL, 1},
	{{"1 failed want"}, false, HELM_DO_UPGRADE, 1},
	{{"1 superseded want", "2 deployed old"}, false, HELM_DO_UPGRADE, 2},
	{{"1 deployed want", "2 failed old"}, false, HELM_DO_UPGRADE, 2},
	{{"10 deployed want", "9 superseded x"}, false, HELM_DO_NOTHING, 10},
	{{"1 deployed -"}, false, HELM_DO_REFUSE_FOREIGN, 1},
	{{"1 deployed -"}, true, HELM_DO_REFUSE_FOREIGN, 1},
	{{"1 pending-install -"}, false, HELM_DO_REFUSE_FOREIGN, 1},
	{{"1 deployed want", "2 deployed -"}, false, HELM_DO_REFUSE_FOREIGN, 2},
	{{"1 superseded -", "2 deployed want"}, false, HELM_DO_NOTHING, 2},
	{{"1 pending-install want"}, false, HELM_DO_DROP_PENDING, 1},
	{{"1 pending-install want"}, true, HELM_DO_UNINSTALL, 1},
	{{"1 deployed a", "2 superseded b", "3 pending-upgrade want"}, false,
		HELM_DO_ROLLBACK, 1},
	{{"3 pending-rollback want", "2 deployed b"}, false, HELM_DO_ROLLBACK,
		2},
	{{"1 failed a", "2 pending-upgrade want"}, false, HELM_DO_DROP_PENDING,
		2},
	{{"1 uninstalling want"}, false, HELM_DO_UNINSTALL, 1},
	{{"1 uninstalling want"}, true, HELM_DO_UNINSTALL, 1},
	{{"1 uninstalled want"}, false, HELM_DO_UPGRADE, 1},
	{{"1 deployed a", "3 deployed want", "2 superseded b"}, false,
		HELM_DO_DEMOTE, 1},
	{{"3 deployed a", "4 pending-upgrade b", "2 deployed c"}, false,
		HELM_DO_DEMOTE, 2},
};

static size_t
read_revisions(const char *const texts[4], char status[4][32],
	char digest[4][32], struct helm_revision out[4])
{
	size_t n = 0;

	for (; n < 4 && texts[n] != NULL; n++) {
		struct helm_revision *r = &out[n];

		memset(r, 0, sizeof(*r));
		assert_int_equal(sscanf(texts[n], "%u %31s %31s", &r->number,
					 status[n], digest[n]),
			3);
		r->status = status[n];
		if (strcmp(digest[n], "-") == 0)
			continue;
		r->operation = "0190";
		r->digest = digest[n];
	}
	return n;
}

static void
releases_are_repaired_by_the_table(void **cookie)
{
	(void)cookie;
	for (size_t i = 0; i < COUNT_OF(advise_cases); i++) {
		const struct advise_case *c = &advise_cases[i];
		struct helm_revision revisions[4];
		char status[4][32];
		char digest[4][32];
		size_t n =
			read_revisions(c->revisions, status, digest, revisions);
		struct helm_advice got;
		unsigned about;

		helm_advise(revisions, n, "want", c->is_deletion, &got);
		about = got.revision == NULL ? 0 : got.revision->number;
		if (got.decision != c->decision || about != c->about)
			fail_msg("case %zu: decision %d about %u", i,
				got.decision, about);
	}
}

static void
a_stamp_without_a_digest_is_never_up_to_date(void **cookie)
{
	const struct helm_revision revision = {
		.number = 1,
		.status = "deployed",
		.operation = "0190",
	};
	struct helm_advice got;

	(void)cookie;
	helm_advise(&revision, 1, "want", false, &got);
	assert_int_equal(got.decision, HELM_DO_UPGRADE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exits_are_judged_by_status_and_words),
		cmocka_unit_test(secrets_are_masked_longest_first),
		cmocka_unit_test(long_errors_are_cut_between_characters),
		cmocka_unit_test(releases_are_repaired_by_the_table),
		cmocka_unit_test(a_stamp_without_a_digest_is_never_up_to_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
