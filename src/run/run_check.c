/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_check.h"

#include "base/base_json.h"
#include "db/db_link.h"
#include "run/run_cluster.h"
#include "tls/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What roaster-base grants, for a cluster-wide subject (conf/kubernetes). */
static const struct right {
	const char *verb, *group, *resource;
} rights[] = {
	{"get", "", "namespaces"},
	{"list", "", "namespaces"},
	{"create", "", "namespaces"},
	{"create", "rbac.authorization.k8s.io", "rolebindings"},
	{"list", "storage.k8s.io", "storageclasses"},
};

static bool
say(const char *what, const struct err *e, const char *detail)
{
	if (e == NULL)
		printf("ok       %-12s %s\n", what, detail);
	else
		printf("MISSING  %-12s %s\n", what, e->message);
	return e == NULL;
}

static bool
check_database(const struct run_shell *shell)
{
	const struct db_link_config config = {.conninfo = shell->paths.owner,
		.app_name = "roaster-check",
		.lane = DB_OWNER,
		.statement_ms = 5000,
		.connect_ms = 5000};
	struct db_link *link = db_link_new(&config);
	struct err e;
	int rc = db_link_ensure(link, &e);

	db_link_free(link);
	return say("database", rc == 0 ? NULL : &e,
		shell->paths.is_embedded ? "embedded" : "external");
}

static bool
check_certificate(const struct run_shell *shell)
{
	const struct config *config = &shell->config;
	struct err e;
	int rc;

	if (!config_has_tls(config))
		return say("certificate", NULL, "none, plain HTTP");
	rc = tls_check(
		config->tls_certificate, config->tls_key, time(NULL), &e);
	return say("certificate", rc == 0 ? NULL : &e, config->tls_certificate);
}

static bool
check_helm(const struct run_shell *shell)
{
	const char *path = "", *version = "";
	struct err e;
	int rc = run_helm_find(shell, &path, &version, &e);

	return say("helm", rc == 0 ? NULL : &e,
		arena_format(shell->arena, "%s %s", path, version));
}

static int
ask_right(struct arena *arena, struct k8s_client *client,
	const struct right *right, struct err *e)
{
	struct k8s_request request = {.verb = K8S_CREATE,
		.path = "/apis/authorization.k8s.io/v1/"
			"selfsubjectaccessreviews"};
	struct k8s_answer answer;
	struct buf body;
	struct json j;

	buf_init(&body, arena);
	json_init(&j, &body);
	json_object_open(&j);
	json_member_text(&j, "apiVersion", "authorization.k8s.io/v1");
	json_member_text(&j, "kind", "SelfSubjectAccessReview");
	json_key(&j, "spec");
	json_object_open(&j);
	json_key(&j, "resourceAttributes");
	json_object_open(&j);
	json_member_text(&j, "verb", right->verb);
	json_member_text(&j, "group", right->group);
	json_member_text(&j, "resource", right->resource);
	json_object_close(&j);
	json_object_close(&j);
	json_object_close(&j);
	request.body = buf_bytes(&body);
	if (k8s_send(client, arena, &request, &answer, e) == -1)
		return -1;
	if (answer.status != 201)
		return k8s_refused(&request, &answer, e);
	if (strcmp(doc_text(answer.body, "status.allowed", ""), "true") == 0)
		return 0;
	return err_set(e, ERR_FORBIDDEN, "",
		"no right to %s %s; apply conf/kubernetes/rbac.yaml",
		right->verb, right->resource);
}

static bool
check_rights(const struct run_shell *shell, const struct k8s_config *config)
{
	struct k8s_client *client = k8s_client_new(config);
	struct err e;
	int rc = 0;

	for (size_t i = 0; i < COUNT_OF(rights) && rc == 0; i++)
		rc = ask_right(shell->arena, client, &rights[i], &e);
	k8s_client_free(client);
	return say("rights", rc == 0 ? NULL : &e, "as roaster-base");
}

static bool
check_cluster(const struct run_shell *shell)
{
	struct k8s_config *config = NULL;
	struct err e;
	bool is_good;

	if (run_cluster_open(shell, &config, &e) == -1)
		return say("kubernetes", &e, "");
	say("kubernetes", NULL, k8s_config_server(config));
	is_good = check_rights(shell, config);
	k8s_config_free(config);
	return is_good;
}

int
run_check(struct run_shell *shell)
{
	bool is_good = say("state", NULL, shell->paths.state);

	is_good = check_certificate(shell) && is_good;
	is_good = check_database(shell) && is_good;
	is_good = check_helm(shell) && is_good;
	is_good = check_cluster(shell) && is_good;
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
