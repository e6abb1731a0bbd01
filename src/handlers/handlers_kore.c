/* SPDX-License-Identifier: Apache-2.0 */
#include "handlers/handlers_kore.h"

#include "api/api.h"

#include <kore/kore.h>

#include <kore/http.h> /* needs the other */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define CONNECTIONS 1024U /* of a worker, besides those that wait */
#define FILES 512U        /* database, closing sockets, Kore's own */
#define SOFT_FILES_MAX 65536U
#define BODIES_MAX (128U << 20) /* bytes of all bodies that a worker holds */

/*
 * Each worker looks at all numbers below the soft limit when it starts; where
 * that is a billion it would be killed for being late. Workers set their own
 * limit afterwards, within the hard one.
 */
static unsigned
fit_files(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return wanted;
	if (limit.rlim_cur > SOFT_FILES_MAX) {
		limit.rlim_cur = SOFT_FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_max < wanted)
		return (unsigned)limit.rlim_max;
	return wanted;
}

static void
set_workers(const struct config *config)
{
	const unsigned files =
		fit_files(config->waiters_max + CONNECTIONS + FILES);

	worker_count = (u_int8_t)config->workers;
	worker_set_affinity = 0;
	worker_accept_threshold = 1; /* else one worker takes them all */
	worker_rlimit_nofiles = files;
	worker_max_connections = files > 2 * FILES ? files - FILES : FILES;
	skip_chroot = 1;
	skip_runas = 1;
	worker_privsep.root = kore_strdup("/");
	keymgr_privsep.root = kore_strdup("/");
	kore_foreground = 1;
	kore_pidfile = NULL;
	kore_quiet = 1; /* what goes wrong is said nevertheless */
}

static void
set_http(void)
{
	http_server_version("roaster");
	http_request_limit = worker_max_connections;
	http_request_ms = 1000; /* else those left over wait for a timer */
	http_body_max = API_BODY_MAX;
	http_body_held_max = BODIES_MAX;
	http_header_max = 16384;
	http_hsts_enable = 0;
	http_keepalive_time = 15; /* shorter than the next, or 408 to idlers */
	http_header_timeout = 20;
	http_body_timeout = 60;
}

/* One route takes it all: room api has its own table. */
static void
set_route(struct kore_domain *domain)
{
	struct kore_route *route;

	route = kore_route_create(domain, "^", HANDLER_TYPE_DYNAMIC);
	kore_route_callback(route, "handlers_dispatch");
	route->on_free = kore_runtime_getcall("handlers_request_free");
}

int
handlers_kore_configure(const struct config *config, struct err *e)
{
	struct kore_server *server;
	struct kore_domain *domain;
	char port[8];

	set_workers(config);
	set_http();
	server = kore_server_create("api");
	server->tls = config_has_tls(config);
	(void)snprintf(port, sizeof(port), "%u", config->port);
	if (!kore_server_bind(server, config->bind, port, NULL))
		return err_set(e, ERR_UNAVAILABLE, "bind",
			"cannot listen on %s port %s: %s", config->bind, port,
			strerror(errno));
	domain = kore_domain_new("*");
	(void)kore_domain_attach(domain, server);
	set_route(domain);
	if (server->tls) {
		domain->certfile = kore_strdup(config->tls_certificate);
		domain->certkey = kore_strdup(config->tls_key);
	}
	return 0;
}
