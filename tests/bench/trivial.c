/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trivial PORT: the smallest server that Kore can be, two workers and one
 * route, with Kore's own settings. What roasterd's memory is measured beside.
 */
#include <kore/kore.h>

#include <kore/hooks.h>
#include <kore/http.h>

int trivial_answer(struct http_request *http);

static void
set_process(void)
{
	worker_count = 2;
	worker_set_affinity = 0;
	skip_chroot = 1;
	skip_runas = 1;
	worker_privsep.root = kore_strdup("/");
	kore_foreground = 1;
	kore_pidfile = NULL;
	kore_quiet = 1;
}

void
kore_parent_configure(int argc, char **argv)
{
	struct kore_server *server;
	struct kore_domain *domain;
	struct kore_route *route;

	if (argc != 2)
		fatal("usage: trivial PORT");
	set_process();
	server = kore_server_create("trivial");
	server->tls = 0;
	if (!kore_server_bind(server, "127.0.0.1", argv[1], NULL))
		fatal("cannot listen");
	domain = kore_domain_new("*");
	(void)kore_domain_attach(domain, server);
	route = kore_route_create(domain, "^", HANDLER_TYPE_DYNAMIC);
	kore_route_callback(route, "trivial_answer");
}

int
trivial_answer(struct http_request *http)
{
	http_response(http, HTTP_STATUS_OK, "pong", 4);
	return KORE_RESULT_OK;
}
