/* SPDX-License-Identifier: Apache-2.0 */
#include "live.h"

#include "base/base_buf.h"
#include "base/base_json.h"
#include "k8s/k8s_ready.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *word;
	enum k8s_verb verb;
} verbs[] = {
	{"get", K8S_GET},
	{"create", K8S_CREATE},
	{"apply", K8S_APPLY},
	{"merge", K8S_MERGE},
	{"delete", K8S_DELETE},
};

void
live_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

int
live_fail(const struct err *e)
{
	live_say("error %s %s", err_word(e->code), e->message);
	return 1;
}

static int
parse_verb(const char *word, enum k8s_verb *out)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (strcmp(verbs[i].word, word) == 0) {
			*out = verbs[i].verb;
			return 0;
		}
	}
	live_say("error usage %s", word);
	return -1;
}

static const char *
json_of(struct arena *arena, const struct doc_node *node)
{
	struct buf out;
	struct json j;

	buf_init(&out, arena);
	json_init(&j, &out);
	doc_write_json(node, &j);
	return buf_string(&out);
}

/* "STATUS" and the body, or "refused WORD MESSAGE". */
static int
print_answer(struct arena *arena, const struct k8s_request *request,
	const struct k8s_answer *answer)
{
	struct err e;

	if (answer->status >= 300) {
		k8s_refused(request, answer, &e);
		live_say("refused %s %s", err_word(e.code), e.message);
		return 1;
	}
	live_say("%d", answer->status);
	if (answer->body != NULL)
		live_say("%s", json_of(arena, answer->body));
	else
		live_say("text %.*s", (int)answer->text.len, answer->text.data);
	return 0;
}

/* VERB PATH [QUERY [BODY]]; the verb "metadata" is a GET of only that. */
int
live_send(const struct k8s_config *config, char **args)
{
	struct arena *arena = arena_new();
	struct k8s_client *client = k8s_client_new(config);
	struct k8s_request request = {.path = args[1], .query = args[2]};
	struct k8s_answer answer;
	struct err e;
	int rc = 2;

	request.is_metadata_only = strcmp(args[0], "metadata") == 0;
	if (!request.is_metadata_only &&
		parse_verb(args[0], &request.verb) != 0)
		goto out;
	if (args[2] != NULL && args[2][0] == '\0')
		request.query = NULL;
	if (args[2] != NULL && args[3] != NULL)
		request.body = (struct bytes){args[3], strlen(args[3])};
	if (k8s_send(client, arena, &request, &answer, &e) == 0)
		rc = print_answer(arena, &request, &answer);
	else
		rc = live_fail(&e);
out:
	k8s_client_free(client);
	arena_free(arena);
	return rc;
}

/* COUNT PATH: ask with one client, five times a second. */
int
live_repeat(const struct k8s_config *config, char **args)
{
	struct k8s_client *client = k8s_client_new(config);
	const struct k8s_request request = {.path = args[1]};

	for (long n = strtol(args[0], NULL, 10); n > 0; n--) {
		struct arena *arena = arena_new();
		struct k8s_answer answer;
		struct err e;

		if (k8s_send(client, arena, &request, &answer, &e) == 0)
			live_say("%d", answer.status);
		else
			live_fail(&e);
		arena_free(arena);
		usleep(200000);
	}
	k8s_client_free(client);
	return 0;
}

/* The status of an answer, -1 for none, 1 for astray. */
static int
ask(struct k8s_client *client, const struct k8s_request *request)
{
	struct arena *arena = arena_new();
	struct k8s_answer answer;
	struct err e;
	int rc = k8s_send(client, arena, request, &answer, &e);

	arena_free(arena);
	return rc == 0 ? answer.status : rc;
}

/* Whatever connection this process has is over. */
static void
cut_all(void)
{
	for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
		(void)shutdown(fd, SHUT_RDWR);
}

/* PATH BODY: a client that stays has its connection cut before it creates BODY
 * at PATH, twice; then it roams. Says what comes of PATH, of these and of PATH.
 */
int
live_stay(const struct k8s_config *config, char **args)
{
	struct k8s_client *client = k8s_client_new(config);
	const struct k8s_request look = {.path = args[0]};
	const struct k8s_request make = {.verb = K8S_CREATE,
		.path = args[0],
		.body = {args[1], strlen(args[1])}};
	int said[5] = {ask(client, &look)};

	k8s_client_stay(client, true);
	said[1] = ask(client, &look);
	cut_all();
	said[2] = ask(client, &make);
	said[3] = ask(client, &make);
	k8s_client_stay(client, false);
	said[4] = ask(client, &look);
	live_say("%d %d %d %d %d", said[0], said[1], said[2], said[3], said[4]);
	k8s_client_free(client);
	return 0;
}

const struct doc_node *
live_get(struct k8s_client *client, struct arena *arena, const char *path)
{
	const struct k8s_request request = {.path = path};
	struct k8s_answer answer;
	struct err e;

	if (k8s_send(client, arena, &request, &answer, &e) != 0) {
		live_fail(&e);
		return NULL;
	}
	if (answer.status != 200) {
		k8s_refused(&request, &answer, &e);
		live_fail(&e);
		return NULL;
	}
	return answer.body;
}

/* What is in namespace ${ns}, all of it taken for one release. */
static struct k8s_release_view
view_of(struct k8s_client *client, struct arena *arena, const char *ns)
{
	static const char apps[] = "/apis/apps/v1/namespaces/{}/{}";
	static const char core[] = "/api/v1/namespaces/{}/{}";
	static const char batch[] = "/apis/batch/v1/namespaces/{}/jobs";
	static const char scaling[] =
		"/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers";

	return (struct k8s_release_view){
		.deployments = live_get(client, arena,
			k8s_path(arena, apps, ns, "deployments")),
		.stateful_sets = live_get(client, arena,
			k8s_path(arena, apps, ns, "statefulsets")),
		.jobs = live_get(client, arena, k8s_path(arena, batch, ns)),
		.pods = live_get(
			client, arena, k8s_path(arena, core, ns, "pods")),
		.claims = live_get(client, arena,
			k8s_path(arena, core, ns, "persistentvolumeclaims")),
		.autoscalers =
			live_get(client, arena, k8s_path(arena, scaling, ns)),
		.now_ms = (int64_t)time(NULL) * 1000,
	};
}

/* NAMESPACE WANTED */
int
live_judge(const struct k8s_config *config, char **args)
{
	static const char *const words[] = {
		[K8S_ABSENT] = "absent",
		[K8S_WAITING] = "waiting",
		[K8S_PARTIAL] = "partial",
		[K8S_READY] = "ready",
		[K8S_FAILED] = "failed",
	};
	struct arena *arena = arena_new();
	struct k8s_client *client = k8s_client_new(config);
	struct k8s_release_view view = view_of(client, arena, args[0]);
	struct k8s_verdict verdict;

	view.controllers_wanted = (unsigned)strtoul(args[1], NULL, 10);
	k8s_judge(&view, &verdict);
	live_say("%s %u/%u %s", words[verdict.health], verdict.ready,
		verdict.wanted, verdict.why);
	k8s_client_free(client);
	arena_free(arena);
	return 0;
}

int
live_render(const struct k8s_config *config, char **args)
{
	struct arena *arena = arena_new();
	struct bytes out;
	struct err e;
	int rc = 0;

	(void)args;
	if (k8s_config_render(config, arena, &out, &e) == 0)
		live_say("%.*s", (int)out.len, out.data);
	else
		rc = live_fail(&e);
	arena_free(arena);
	return rc;
}

static const struct {
	const char *name;
	unsigned args; /* at least */
	int (*run)(const struct k8s_config *config, char **args);
} commands[] = {
	{"send", 2, live_send},
	{"repeat", 2, live_repeat},
	{"stay", 2, live_stay},
	{"judge", 2, live_judge},
	{"render", 0, live_render},
	{"watch", 3, live_watch},
	{"keep", 3, live_keep},
	{"churn", 2, live_churn},
};

static int
run(const char *name, unsigned n_args, char **args)
{
	struct k8s_config *config;
	struct err e;
	int rc = 2;

	if (k8s_config_load("", getenv("KUBECONFIG"), "/nonexistent", NULL,
		    &config, &e) != 0)
		return live_fail(&e);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(commands[i].name, name) == 0 &&
			n_args >= commands[i].args)
			rc = commands[i].run(config, args);
	}
	k8s_config_free(config);
	return rc;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "count") == 0 && argc == 4)
		return live_count(argv + 2);
	return run(argv[1], (unsigned)argc - 2, argv + 2);
}
