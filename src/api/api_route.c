/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_route.h"

#include "api/api_answer.h"
#include "api/api_routes.h"

#include <assert.h>

#define REQUIRED true
#define OPTIONAL false

/* clang-format off */
static const struct api_route routes[] = {
	{"POST", "/v1/login", API_PUBLIC | API_V1, AUTH_READ,
		{{"user", REQUIRED}, {"password", REQUIRED}},
		.start = api_login,
		.help = "A token of your own, good for `token_ttl` seconds"},
	{"POST", "/v1/users/create", API_V1, AUTH_CHANGE_USERS,
		{{"user", REQUIRED}, {"password", REQUIRED},
		 {"role", OPTIONAL}},
		.start = api_account_create,
		.help = "A new user; `role` is viewer, operator (if left out) "
			"or admin"},
	{"PUT", "/v1/users/update/password", API_V1, AUTH_OWN_PASSWORD,
		{{"user", REQUIRED}, {"password", REQUIRED},
		 {"old_password", OPTIONAL}},
		.start = api_account_password,
		.help = "A new password; all tokens of the user end. An admin "
			"sets anyone's, others their own with `old_password`"},
	{"GET", "/v1/users/list", API_V1 | API_READ, AUTH_LIST_USERS,
		.plan = api_account_list_plan,
		.answer = api_account_list_answer,
		.help = "All users with their roles"},
	{"DELETE", "/v1/users/delete", API_V1, AUTH_CHANGE_USERS,
		{{"user", REQUIRED}},
		.start = api_account_delete,
		.help = "Delete a user and their tokens; never the last admin"},
	{"POST", "/v1/{kind}/create", API_V1 | API_INTAKE, AUTH_CHANGE,
		{{"yaml", REQUIRED}, {"wait", OPTIONAL}},
		.start = api_component_put,
		.help = "Create a component, or update the one of that name"},
	{"GET", "/v1/{kind}/list", API_V1 | API_READ, AUTH_READ,
		.plan = api_list_plan,
		.answer = api_list_answer,
		.help = "All components of the kind"},
	{"DELETE", "/v1/{kind}/delete", API_V1, AUTH_CHANGE,
		{{"name", OPTIONAL}, {"namespace", OPTIONAL},
		 {"delete_data", OPTIONAL}, {"wait", OPTIONAL}},
		.start = api_component_delete,
		.help = "Delete all of the kind, or those that `name` and "
			"`namespace` say"},
	{"DELETE", "/v2/session", 0, AUTH_OWN_SESSION,
		.start = api_logout,
		.help = "End the token that is sent"},
	{"GET", "/v2/components", API_READ, AUTH_READ,
		{{"kind", OPTIONAL}, {"namespace", OPTIONAL},
		 {"limit", OPTIONAL}, {"cursor", OPTIONAL}},
		.plan = api_page_plan,
		.answer = api_page_answer,
		.help = "Components in pages of `limit` (1 to 500, else 50)"},
	{"GET", "/v2/components/{kind}", API_READ, AUTH_READ,
		{{"namespace", OPTIONAL}, {"limit", OPTIONAL},
		 {"cursor", OPTIONAL}},
		.plan = api_page_plan,
		.answer = api_page_answer,
		.help = "The same, of one kind"},
	{"GET", "/v2/components/{kind}/{namespace}", API_READ, AUTH_READ,
		{{"limit", OPTIONAL}, {"cursor", OPTIONAL}},
		.plan = api_page_plan,
		.answer = api_page_answer,
		.help = "The same, of one kind in one namespace"},
	{"GET", "/v2/components/{kind}/{namespace}/{name}", API_READ, AUTH_READ,
		.plan = api_component_get_plan,
		.answer = api_component_get_answer,
		.help = "State, why, endpoints, stages, children and last "
			"operation of one component"},
	{"GET", "/v2/operations/{id}", API_READ, AUTH_READ,
		.plan = api_operation_get_plan,
		.answer = api_operation_get_answer,
		.help = "What became of what was asked for"},
	{"GET", "/ping", API_PUBLIC | API_FREE | API_SAME, AUTH_READ,
		.start = api_ping,
		.help = "`pong`"},
	{"GET", "/livez", API_PUBLIC | API_FREE, AUTH_READ,
		.start = api_livez,
		.help = "The worker answers; asks nobody else"},
	{"GET", "/readyz", API_PUBLIC | API_FREE, AUTH_READ,
		.start = api_readyz,
		.help = "Database, schema and applier are there and the server "
			"is not stopping; `?verbose` lists the checks"},
	{"GET", "/healthz", API_PUBLIC | API_FREE, AUTH_READ,
		.start = api_readyz,
		.help = "Another name of `/readyz`"},
	{"GET", "/metrics", API_PUBLIC | API_FREE, AUTH_READ,
		.start = api_metrics,
		.help = "Prometheus' text format"},
	{"GET", "/version", API_PUBLIC | API_FREE, AUTH_READ,
		.start = api_version,
		.help = "The version of roasterd"},
	{"GET", "/openapi.json", API_PUBLIC | API_FREE | API_SAME, AUTH_READ,
		.start = api_openapi_get,
		.help = "These routes as OpenAPI 3.1, with an `ETag`"},
	{"GET", API_ERRORS_PATH, API_PUBLIC | API_FREE | API_SAME, AUTH_READ,
		.start = api_errors,
		.help = "What the `type` of a problem means, and what to do"},
};
/* clang-format on */

/* Number 0 is "no route". */
_Static_assert(COUNT_OF(routes) < API_METRICS_ROUTES, "each has a counter");

const struct api_route *
api_route_table(size_t *count)
{
	*count = COUNT_OF(routes);
	return routes;
}
