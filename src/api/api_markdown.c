/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_answer.h"

static void
put_fields(struct buf *out, const struct api_route *route)
{
	for (unsigned i = 0; i < API_FIELDS_MAX; i++) {
		const struct api_field *field = &route->fields[i];

		if (field->name == NULL)
			break;
		buf_format(out, field->is_required ? "%s`%s`" : "%s[`%s`]",
			i == 0 ? "" : ", ", field->name);
	}
	if ((route->flags & API_INTAKE) != 0)
		buf_text(out, ", the kind's own");
}

/* Roles are ordered. */
const char *
api_route_role(const struct api_route *route)
{
	unsigned role = AUTH_VIEWER;

	if ((route->flags & API_PUBLIC) != 0)
		return "";
	while (!auth_may((enum auth_role)role, route->action))
		role++;
	return auth_role_text((enum auth_role)role);
}

static void
put_routes(struct buf *out)
{
	size_t count;
	const struct api_route *table = api_route_table(&count);

	buf_text(out, "| route | role | fields | what |\n"
		      "|---|---|---|---|\n");
	for (const struct api_route *r = table; r < table + count; r++) {
		buf_format(out, "| `%s %s` | %s | ", r->method, r->template,
			api_route_role(r));
		put_fields(out, r);
		buf_format(out, " | %s |\n", r->help);
	}
}

void
api_markdown(struct buf *out)
{
	put_routes(out);
	buf_text(out, "\n");
	api_errors_table(out);
}
