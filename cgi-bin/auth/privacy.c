/*
 * Customers' rights to their data: to export and to delete it. Both are SQL
 * functions in sql/functions/privacy.sql.
 */
#include "cgi-bin/auth/handlers.h"
#include "cgi-bin/auth/me.h"
#include "core/auth/rate_limit.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "queries.h"

/* GET /auth/me/export: a file. */
enum problem auth_me_export(struct context *cx)
{
	struct params params = { .n = 0 };
	struct rows row;
	enum problem p = rate_limit_check(cx, RATE_EXPORT, str_z(cx->caller.user_id), NULL);

	if (p)
		return p;
	db_bind_z(&params, cx->caller.user_id);
	p = db_one(cx->db, cx->arena, &named_me_export.query, &params, &row, &cx->error);
	if (p)
		return p;
	cx->response->content_type = "application/json";
	response_header(cx->response, "Content-Disposition", STR("attachment; filename=\"my-data.json\""));
	buf_add(&cx->response->body, db_value(&row, 0, 0));
	return PROBLEM_NONE;
}

static enum problem forget(struct context *cx)
{
	struct params params = { .n = 0 };
	enum problem p = me_lock(cx, NULL);

	if (p)
		return p;
	db_bind(&params, cx->arena, cx->request->request_id);
	return db_run(cx->db, cx->arena, &named_me_forget.query, &params, NULL, &cx->error);
}

/* DELETE /auth/me: 204; 409 for staff, and while an order is open. */
enum problem auth_me_forget(struct context *cx)
{
	enum problem p = db_begin(cx->db, cx->arena, &cx->caller, cx->request->request_id, &cx->error);

	if (!p)
		p = forget(cx);
	if (!p)
		p = db_commit(cx->db, cx->arena, &cx->error);
	else
		db_rollback(cx->db);
	cx->response->status = 204;
	return p;
}
