/*
 * Transitions that the buyer and the store request: order_move() in
 * sql/functions/order.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/order_access.h"
#include "core/json/body.h"
#include "queries.h"

enum { NOTE, TRACKING, CARRIER, FORCE, MOVE_FIELDS_N };

static const struct body_field move_fields[] = {
	[NOTE] = { MEMBER("note", FIELD_LONG_TEXT), .chars_max = 1000, .doc = "Kept with the event." },
	[TRACKING] = { MEMBER("tracking", FIELD_TEXT), .not_blank = true, .chars_max = 100,
		       .doc = "The tracking number." },
	[CARRIER] = { MEMBER("carrier", FIELD_TEXT), .not_blank = true, .chars_max = 100,
		      .doc = "The carrier's name." },
	[FORCE] = { MEMBER("force", FIELD_BOOL), .doc = "Ship although a payment is disputed." },
};
const struct body order_move_body = { move_fields, TRACKING, .optional = true };
const struct body order_ship_body = { move_fields, MOVE_FIELDS_N, .optional = true };

enum { REASON, RESTOCK, RETURN_FIELDS_N };

static const struct body_field return_fields[] = {
	[REASON] = { MEMBER("reason", FIELD_LONG_TEXT), .required = true, .chars_max = 1000,
		     .doc = "Why it was not delivered; kept with the event." },
	[RESTOCK] = { MEMBER("restock", FIELD_BOOL), .doc = "The goods return to stock; true by default." },
};
const struct body order_return_body = { return_fields, RETURN_FIELDS_N };

/* What is recorded with a transition. */
struct move {
	struct str note, tracking, carrier;
	bool force, keeps_stock;
};

static enum problem run_move(struct context *cx, const char *target, const struct move *m)
{
	struct order_move_row row;
	enum problem problem = order_begin_change(cx);

	if (problem)
		return problem;
	problem =
		query_order_move(cx, &row, .order = cx->request->segments[0], .status = str_z(target), ORDER_VIEWER(cx),
				 .request_id = cx->request->request_id, .note = m->note, .tracking = m->tracking,
				 .carrier = m->carrier, .force = m->force, .restock = !m->keeps_stock);
	problem = order_end_change(cx, problem);
	if (problem)
		return problem;
	context_answer(cx, row.body);
	cx->wake_sender = row.wake;
	return PROBLEM_NONE;
}

static enum problem move(struct context *cx, const char *target)
{
	struct body_value v[MOVE_FIELDS_N] = { 0 }; /* only for ship are all of them read */
	enum problem problem =
		context_read_body(cx, strcmp(target, "shipped") == 0 ? &order_ship_body : &order_move_body, v);

	if (problem)
		return problem;
	return run_move(cx, target,
			&(struct move){ .note = v[NOTE].text,
					.tracking = v[TRACKING].text,
					.carrier = v[CARRIER].text,
					.force = v[FORCE].boolean });
}

enum problem order_cancel(struct context *cx)
{
	return move(cx, "cancelled");
}

enum problem order_ship(struct context *cx)
{
	return move(cx, "shipped");
}

enum problem order_complete(struct context *cx)
{
	return move(cx, "completed");
}

/* POST /orders/{id}/return: the parcel came back undelivered. */
enum problem order_return(struct context *cx)
{
	struct body_value v[RETURN_FIELDS_N];
	enum problem problem = context_read_body(cx, &order_return_body, v);

	if (problem)
		return problem;
	return run_move(cx, "returned",
			&(struct move){ .note = v[REASON].text,
					.keeps_stock = v[RESTOCK].state == BODY_GIVEN && !v[RESTOCK].boolean });
}
