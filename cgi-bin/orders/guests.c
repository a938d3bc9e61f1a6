/*
 * Guests and accounts: to whom an order belongs. The SQL functions are those of
 * sql/functions/guest.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/order_access.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

static enum problem refuse_body(struct context *cx)
{
	return context_read_body(cx, &body_none, NULL);
}

/* POST /orders/{id}/adopt: a guest's order or cart moves to the account of the holder of its token. */
enum problem order_adopt(struct context *cx)
{
	struct order_adopt_row row;
	enum problem problem = refuse_body(cx);

	if (!problem)
		problem = query_order_adopt(cx, &row, .order = cx->request->segments[0], ORDER_VIEWER(cx),
					    .request_id = cx->request->request_id);
	if (!problem)
		context_answer(cx, row.body);
	return problem;
}

/* POST /orders/{id}/disown: 204; the caller no longer sees it. */
enum problem order_disown(struct context *cx)
{
	enum problem problem = refuse_body(cx);

	if (!problem)
		problem = query_order_disown(cx, .order = cx->request->segments[0], ORDER_VIEWER(cx),
					     .request_id = cx->request->request_id);
	cx->response->status = 204;
	return problem;
}
