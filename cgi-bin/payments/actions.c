/*
 * Actions on a payment: confirm, capture, cancel, mark as paid.
 */
#include "cgi-bin/payments/handlers.h"
#include "core/auth/order_access.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

/* No partial amount. */
static const struct str whole = STR_NULL;

/* 412 unless the client has read the current state: If-Match. payment_rank() decides about concurrent changes. */
static enum problem check_match(struct context *cx)
{
	struct str body;
	enum problem problem;

	if (!cx->request->if_match.p)
		return PROBLEM_NONE;
	problem = payment_read(cx, &body);
	return problem ? problem : context_check_match(cx, body);
}

/*
 * May the caller do this with the payment? `part`: of its amount, or empty. *done: it is in the requested state
 * already, and the response is filled.
 */
static enum problem prepare(struct context *cx, const char *action, struct str part, struct payment_session *s,
			    bool *done)
{
	struct payment_prepare_row row;
	enum problem problem = check_match(cx);

	if (!problem)
		problem = query_payment_prepare(cx, &row, .payment = cx->request->segments[0], .action = str_z(action),
						ORDER_VIEWER(cx), .part = part, .request_id = cx->request->request_id);
	if (problem)
		return problem;
	*done = row.done;
	if (*done)
		payment_answer(cx, 200, row.body);
	return payment_start(cx, row.payment, s);
}

enum problem payment_read_signed(struct context *cx, struct payment_session *s)
{
	enum { GATEWAY_ID, TRANSACTION, SIGNATURE, FIELDS_N };
	const struct gateway *g = s->gateway;
	const struct body_field fields[] = {
		[GATEWAY_ID] = { MEMBER(g->browser_fields.gateway_id, FIELD_TEXT), .not_blank = true, .chars_max = 255,
				 .nullable = true },
		[TRANSACTION] = { MEMBER(g->browser_fields.transaction, FIELD_TEXT), .required = true,
				  .chars_max = 255 },
		[SIGNATURE] = { MEMBER(g->browser_fields.signature, FIELD_TEXT), .required = true, .chars_max = 255 },
	};
	const struct body body = { fields, FIELDS_N, .foreign = true };
	struct body_value v[FIELDS_N];
	enum problem problem = context_read_body(cx, &body, v);

	if (problem)
		return problem;
	if ((v[GATEWAY_ID].state == BODY_GIVEN && !str_eq(v[GATEWAY_ID].text, s->payment.gateway_id)) ||
	    !g->browser_signature(cx->config, &s->payment, v[TRANSACTION].text, v[SIGNATURE].text))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_SIGNATURE, NULL);
	s->payment.transaction = v[TRANSACTION].text;
	return PROBLEM_NONE;
}

/* POST /payments/{id}/confirm: the browser has returned. A payment cancelled here may have been paid nevertheless. */
enum problem post_confirm(struct context *cx)
{
	static const struct body any = { .foreign = true };
	struct payment_session s;
	bool done, is_signed;
	enum problem problem = prepare(cx, "confirm", whole, &s, &done);

	if (problem || done)
		return problem;
	is_signed = s.gateway->browser_signature != NULL;
	if (is_signed)
		problem = payment_read_signed(cx, &s);
	else if (cx->request->has_body)
		problem = context_read_body(cx, &any, NULL);
	if (problem)
		return problem;
	problem = payment_answer_session(cx, &s, payment_confirm(&s, is_signed));
	if (!problem && str_is(s.status, payment_state_name(PAYMENT_CANCELLED)) && s.reported.state != PAYMENT_CAPTURED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "The payment is cancelled.");
	return problem;
}

static const struct body_field capture_fields[] = {
	{ MEMBER("amount", FIELD_DECIMAL), .digits = PAYMENT_AMOUNT_DIGITS, .decimals = PAYMENT_AMOUNT_DECIMALS,
	  .nullable = true, .doc = "Null: all that is reserved." },
};
const struct body payment_capture_body = { capture_fields, ARRAY_LEN(capture_fields), .optional = true };

/* POST /payments/{id}/capture: capture the reserved money, or a part, which is then the whole payment. */
enum problem post_capture(struct context *cx)
{
	struct body_value amount;
	struct payment_session s;
	bool done = false;
	enum problem problem = context_read_body(cx, &payment_capture_body, &amount);

	if (problem != PROBLEM_BAD_JSON) {
		payment_check_amount(cx, STR("/amount"), amount.text);
		problem = cx->error.problem;
	}
	if (!problem)
		problem = prepare(cx, "capture", amount.text, &s, &done);
	if (problem || done)
		return problem;
	return payment_answer_session(cx, &s, payment_capture(&s));
}

/* POST /payments/{id}/accept: accept what the provider holds, though another amount was requested. */
enum problem post_accept(struct context *cx)
{
	struct payment_accept_row row;
	enum problem problem = context_read_body(cx, &body_none, NULL);

	if (!problem)
		problem = query_payment_accept(cx, &row, .payment = cx->request->segments[0], ORDER_VIEWER(cx),
					       .request_id = cx->request->request_id);
	if (problem)
		return problem;
	cx->wake_sender = row.wake;
	payment_answer(cx, 200, row.body);
	return PROBLEM_NONE;
}

/* POST /payments/{id}/cancel. A payment that turns out to be paid stays paid: 409. */
enum problem post_cancel(struct context *cx)
{
	struct payment_session s;
	bool done = false;
	enum problem problem = context_read_body(cx, &body_none, NULL);

	if (!problem)
		problem = prepare(cx, "cancel", whole, &s, &done);
	if (problem || done)
		return problem;
	if (!s.gateway->online)
		s.reported.state = PAYMENT_CANCELLED;
	problem = payment_answer_session(cx, &s, s.gateway->online ? payment_cancel(&s) : payment_record(&s));
	if (!problem && s.reported.state != PAYMENT_CANCELLED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "%s",
				    s.reported.state == PAYMENT_CAPTURED
					    ? "The payment is captured: refund it instead."
					    : "The payment is in progress and cannot be cancelled now.");
	return problem;
}

static const struct body_field mark_paid_fields[] = {
	{ MEMBER("reference", FIELD_TEXT), .not_blank = true, .chars_max = 255, .doc = "Of the transfer or receipt." },
};
const struct body payment_mark_paid_body = { mark_paid_fields, ARRAY_LEN(mark_paid_fields), .optional = true };

/* POST /payments/{id}/mark-paid: cash on delivery and bank transfers. */
enum problem post_mark_paid(struct context *cx)
{
	struct body_value reference;
	struct payment_session s;
	bool done = false;
	enum problem problem = context_read_body(cx, &payment_mark_paid_body, &reference);

	if (!problem)
		problem = prepare(cx, "mark-paid", whole, &s, &done);
	if (problem || done)
		return problem;
	s.reported = (struct provider_status){ .state = PAYMENT_CAPTURED, .transaction = reference.text };
	return payment_answer_session(cx, &s, payment_record(&s));
}
