/*
 * Notes of the staff in the history of an order.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

static const struct body_field note_fields[] = {
	{ MEMBER("note", FIELD_LONG_TEXT), .required = true, .chars_max = 1000, .doc = "Only the staff see it." },
};
const struct body order_note_body = { note_fields, ARRAY_LEN(note_fields) };

static enum problem write_note(struct context *cx, void *of)
{
	const struct body_value *note = of;
	struct order_write_note_row row;
	enum problem problem = query_order_write_note(cx, &row, .order = cx->request->segments[0], ORDER_VIEWER(cx),
						      .request_id = cx->request->request_id, .note = note->text);

	if (problem)
		return problem;
	context_answer(cx, row.body);
	cx->response->status = 201;
	return PROBLEM_NONE;
}

/* POST /orders/{id}/notes: 201 with the order. */
enum problem order_note(struct context *cx)
{
	struct body_value note;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = context_read_body(cx, &order_note_body, &note);
	return problem ? problem : idempotency_once(cx, write_note, &note);
}
