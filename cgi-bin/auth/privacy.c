/*
 * Customers' rights to their data: to export and to delete it. Both are SQL
 * functions in sql/functions/privacy.sql.
 */
#include "cgi-bin/auth/handlers.h"
#include "cgi-bin/auth/me.h"
#include "core/auth/rate_limit.h"
#include "core/http/response.h"
#include "queries.h"

/* GET /auth/me/export: a file. */
enum problem auth_me_export(struct context *cx)
{
	struct me_export_row row;
	enum problem p = rate_limit_check(cx, RATE_EXPORT, str_z(cx->caller.user_id), NULL);

	if (p)
		return p;
	p = query_me_export(cx, &row, .user = str_z(cx->caller.user_id));
	if (p)
		return p;
	cx->response->content_type = "application/json";
	response_header(cx->response, "Content-Disposition", STR("attachment; filename=\"my-data.json\""));
	buf_add(&cx->response->body, row.body);
	return PROBLEM_NONE;
}

static enum problem forget(struct context *cx)
{
	enum problem p = me_lock(cx, NULL);

	return p ? p : query_me_forget(cx, .request_id = cx->request->request_id);
}

/* DELETE /auth/me: 204; 409 for staff, and while an order is open. */
enum problem auth_me_forget(struct context *cx)
{
	enum problem p = context_begin(cx);

	if (!p)
		p = forget(cx);
	cx->response->status = 204;
	return context_end(cx, p);
}
