/*
 * Guests and accounts: to whom an order belongs. The SQL functions are those of
 * sql/functions/guest.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/order_access.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

/* Run a query that takes the id of the path, the caller and the request id; there is no body. */
static enum problem run(struct context *cx, const struct query *q, struct rows *row)
{
	struct params p = { 0 };
	enum problem problem = body_parse_optional(cx->arena, cx->request->body, NULL, 0, NULL, &cx->error);

	if (problem)
		return problem;
	order_bind_id(cx, &p);
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	return db_change(cx->db, cx->arena, q, &p, row, &cx->error);
}

/* POST /orders/{id}/adopt: a guest's order or cart moves to the account of the holder of its token. */
enum problem order_adopt(struct context *cx)
{
	struct rows row;
	enum problem problem = run(cx, &named_order_adopt.query, &row);

	if (!problem)
		order_answer(cx, db_value(&row, 0, 0));
	return problem;
}

/* POST /orders/{id}/disown: 204; the caller no longer sees it. */
enum problem order_disown(struct context *cx)
{
	enum problem problem = run(cx, &named_order_disown.query, NULL);

	cx->response->status = 204;
	return problem;
}
