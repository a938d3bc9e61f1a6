/*
 * Actions on a payment: confirm, capture, cancel, mark as paid.
 */
#include "cgi-bin/payments/exchange.h"
#include "core/auth/order_access.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

/* No partial amount. */
static const struct str whole = STR_NULL;

/* 412 unless the client has read the current state: If-Match. payment_rank() decides about concurrent changes. */
static enum problem check_match(struct context *cx)
{
	struct rows row;
	enum problem problem;

	if (!cx->request->if_match.p)
		return PROBLEM_NONE;
	problem = order_find(cx, &named_payment_read.query, &row);
	return problem ? problem : context_check_match(cx, db_value(&row, 0, 0));
}

/* May the caller do this with the payment? `part`: of its amount, or empty. *done: it is so already, and answered. */
static enum problem ask_for(struct context *cx, const char *action, struct str part, struct exchange *x, bool *done)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem = check_match(cx);

	if (problem)
		return problem;
	order_bind_id(cx, &p);
	db_bind_z(&p, action);
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, part);
	db_bind(&p, cx->arena, cx->request->request_id);
	problem = db_change(cx->db, cx->arena, &named_payment_ask.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	*done = db_true(&row, 0, 1);
	if (*done)
		payment_answer(cx, 200, db_value(&row, 0, 2));
	return exchange_open(cx, db_value(&row, 0, 0), x);
}

enum problem payment_read_signed(struct context *cx, struct exchange *x)
{
	enum { GATEWAY_ID, TRANSACTION, SIGNATURE, FIELDS_N };
	const struct gateway *g = x->gateway;
	const struct body_field fields[] = {
		[GATEWAY_ID] = { .name = g->browser_fields.gateway_id,
				 .type = FIELD_TEXT,
				 .not_blank = true,
				 .chars_max = 255,
				 .nullable = true },
		[TRANSACTION] = { .name = g->browser_fields.transaction,
				  .type = FIELD_TEXT,
				  .required = true,
				  .chars_max = 255 },
		[SIGNATURE] = { .name = g->browser_fields.signature,
				.type = FIELD_TEXT,
				.required = true,
				.chars_max = 255 },
	};
	const struct body body = { fields, FIELDS_N, .foreign = true };
	struct body_value v[FIELDS_N];
	enum problem problem = context_read_body(cx, &body, v);

	if (problem)
		return problem;
	if ((v[GATEWAY_ID].state == BODY_GIVEN && !str_eq(v[GATEWAY_ID].text, x->payment.gateway_id)) ||
	    !g->browser_signature(cx->config, &x->payment, v[TRANSACTION].text, v[SIGNATURE].text))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_SIGNATURE, NULL);
	x->payment.transaction = v[TRANSACTION].text;
	return PROBLEM_NONE;
}

enum gateway_outcome payment_look(struct exchange *x, bool is_signed)
{
	enum gateway_outcome outcome = x->gateway->retrieve(&x->call, &x->payment, &x->reported);

	if (outcome == GATEWAY_DONE && x->reported.state == PAYMENT_AUTHORIZED && !x->payment.capture_by_hand) {
		struct provider_status reserved = x->reported;

		x->payment.transaction = reserved.transaction;
		if (x->gateway->capture(&x->call, &x->payment, &x->reported) != GATEWAY_DONE)
			x->reported = reserved; /* cron takes it */
	} else if (outcome == GATEWAY_UNKNOWN && is_signed && !x->is_cancelled) {
		x->reported =
			(struct provider_status){ .state = PAYMENT_AUTHORIZED, .transaction = x->payment.transaction };
		outcome = GATEWAY_DONE;
	}
	return outcome;
}

/* POST /payments/{id}/confirm: the browser has returned. A payment cancelled here may have been paid nevertheless. */
enum problem payment_confirm(struct context *cx)
{
	struct exchange x;
	static const struct body any = { .foreign = true };
	bool done, is_signed;
	enum gateway_outcome outcome;
	enum problem problem = ask_for(cx, "confirm", whole, &x, &done);

	if (problem || done)
		return problem;
	is_signed = x.gateway->browser_signature != NULL;
	if (is_signed)
		problem = payment_read_signed(cx, &x);
	else if (cx->request->has_body)
		problem = context_read_body(cx, &any, NULL);
	if (problem)
		return problem;
	outcome = payment_look(&x, is_signed);
	problem = exchange_settle(cx, &x, outcome);
	if (!problem && x.is_cancelled && x.reported.state != PAYMENT_CAPTURED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "The payment is cancelled.");
	return problem;
}

static const struct body_field capture_fields[] = { { .name = "amount",
						      .type = FIELD_DECIMAL,
						      .digits = PAYMENT_AMOUNT_DIGITS,
						      .decimals = PAYMENT_AMOUNT_DECIMALS,
						      .nullable = true } };
const struct body payment_capture_body = { capture_fields, ARRAY_LEN(capture_fields), .optional = true };

/* POST /payments/{id}/capture: capture the reserved money, or a part, which is then the whole payment. */
enum problem payment_capture(struct context *cx)
{
	enum gateway_outcome outcome;
	struct body_value amount;
	struct exchange x;
	bool done = false;
	enum problem problem = context_read_body(cx, &payment_capture_body, &amount);

	if (problem != PROBLEM_BAD_JSON) {
		payment_check_amount(cx, amount.text);
		problem = cx->error.problem;
	}
	if (!problem)
		problem = ask_for(cx, "capture", amount.text, &x, &done);
	if (problem || done)
		return problem;
	outcome = x.gateway->capture(&x.call, &x.payment, &x.reported);
	if (outcome == GATEWAY_REFUSED && x.payment.capture.n)
		exchange_let_go(cx, &named_payment_part_refused.query, x.payment.id);
	return exchange_settle(cx, &x, outcome);
}

/* POST /payments/{id}/accept: accept what the provider holds, though another amount was requested. */
enum problem payment_accept(struct context *cx)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem = context_read_body(cx, &body_none, NULL);

	if (problem)
		return problem;
	order_bind_id(cx, &p);
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	problem = db_change(cx->db, cx->arena, &named_payment_accept.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender = db_true(&row, 0, 1);
	payment_answer(cx, 200, db_value(&row, 0, 0));
	return PROBLEM_NONE;
}

/* POST /payments/{id}/cancel. A payment that turns out to be paid stays paid: 409. */
enum problem payment_cancel(struct context *cx)
{
	struct exchange x;
	bool done = false;
	enum problem problem = context_read_body(cx, &body_none, NULL);

	if (!problem)
		problem = ask_for(cx, "cancel", whole, &x, &done);
	if (problem || done)
		return problem;
	if (!x.gateway->online)
		x.reported.state = PAYMENT_CANCELLED;
	problem = exchange_settle(cx, &x, x.gateway->online ? exchange_cancel(&x) : GATEWAY_DONE);
	if (!problem && x.reported.state != PAYMENT_CANCELLED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "%s",
				    x.reported.state == PAYMENT_CAPTURED
					    ? "The payment is captured: refund it instead."
					    : "The payment is in progress and cannot be cancelled now.");
	return problem;
}

static const struct body_field mark_paid_fields[] = {
	{ .name = "reference", .type = FIELD_TEXT, .not_blank = true, .chars_max = 255 }
};
const struct body payment_mark_paid_body = { mark_paid_fields, ARRAY_LEN(mark_paid_fields), .optional = true };

/* POST /payments/{id}/mark-paid: cash on delivery and bank transfers. */
enum problem payment_mark_paid(struct context *cx)
{
	struct body_value reference;
	struct exchange x;
	bool done = false;
	enum problem problem = context_read_body(cx, &payment_mark_paid_body, &reference);

	if (!problem)
		problem = ask_for(cx, "mark-paid", whole, &x, &done);
	if (problem || done)
		return problem;
	x.reported = (struct provider_status){ .state = PAYMENT_CAPTURED, .transaction = reference.text };
	return exchange_settle(cx, &x, GATEWAY_DONE);
}
