/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that the route table names; see struct api_route. */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "api/api_task.h"

/* api_login.c */
api_step api_login;
api_step api_logout;

/* api_account.c, api_account_password.c */
api_step api_account_create;
api_step api_account_delete;
api_step api_account_password;
int api_account_list_plan(struct api_task *task, struct err *e);
api_on_rows api_account_list_answer;

/* api_component_put.c, api_component_delete.c */
api_step api_component_put;
api_step api_component_delete;

/* api_list.c: of one kind, as v1 shows it; pages of v2 */
int api_list_plan(struct api_task *task, struct err *e);
api_on_rows api_list_answer;
int api_page_plan(struct api_task *task, struct err *e);
api_on_rows api_page_answer;

/* api_component_get.c, api_operation_get.c */
int api_component_get_plan(struct api_task *task, struct err *e);
api_on_rows api_component_get_answer;
int api_operation_get_plan(struct api_task *task, struct err *e);
api_on_rows api_operation_get_answer;

/* api_health.c, api_metrics.c, api_errors.c, api_openapi.c */
api_step api_ping;
api_step api_livez;
api_step api_readyz;
api_step api_version;
api_step api_metrics;
api_step api_errors;
api_step api_openapi_get;

#endif
